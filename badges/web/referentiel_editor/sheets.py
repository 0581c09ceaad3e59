"""What every page of a draft shares: what is saved, what was typed, what was refused, and on which revision.

A change is a list of steps, each named after the field it comes from, so that every fault finds its field and all of
them are told at once. Nothing is saved unless all of it is.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import Any

from flask import Blueprint, Response, abort, flash, g, make_response, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from badges.models.people import Role
from badges.models.referentiels import ReferentielRecord
from badges.services import referentiels
from badges.services.errors import N_
from badges.services.referentiels import Change, Stale
from badges.web import current, errors
from badges.web.access import role
from badges.web.referentiel_editor.pictogram_labels import labels
from referentiels.model import Referentiel, UnknownCodeError
from referentiels.reading import CODE, MAX_BYTES
from referentiels.sentences import DocumentErrors, Fault

EDITOR = role(Role.EDITOR)
SAVED = N_("C’est enregistré dans le brouillon.")
NO_NAME = N_("Donnez un nom.")
_LAST_MEMBER = re.compile(r"([a-z_]+)(\[\d+\])*$")

Values = Mapping[str, Any]
Form = dict[str, Any]

blueprint = Blueprint("editor", __name__, url_prefix="/referentiels")


@dataclass(frozen=True, slots=True)
class Step:
    """One change of a form; its faults belong to `field`, or to the member of the document they name."""

    change: Change
    field: str = ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """What was typed and not saved, and why: a sentence for each field at fault."""

    typed: Values
    errors: Mapping[str, str] = field(default_factory=dict)
    stale: bool = False

    @property
    def status(self) -> int:
        """409 where somebody saved meanwhile, 422 where something typed is wrong."""
        return 409 if self.stale else 422


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page of a draft: the draft as it is saved, and the values to show in its form."""

    row: ReferentielRecord
    draft: Referentiel
    saved: Values
    refusal: Refusal | None = None

    @property
    def revision(self) -> int:
        """The revision the form is posted back with."""
        return self.row.revision

    @property
    def values(self) -> Values:
        """What the form shows: what was typed, otherwise what is saved."""
        return {**self.saved, **self.refusal.typed} if self.refusal else self.saved

    @property
    def errors(self) -> Mapping[str, str]:
        """A sentence for each field at fault."""
        return self.refusal.errors if self.refusal else {}

    @property
    def stale(self) -> bool:
        """Whether somebody saved since the page was read."""
        return self.refusal is not None and self.refusal.stale

    @property
    def unplaced(self) -> list[str]:
        """Texts typed into fields that the saved draft no longer has."""
        typed = self.refusal.typed if self.refusal else {}
        return [value for name, value in typed.items() if name not in self.saved and value and isinstance(value, str)]

    def saved_otherwise(self, name: str) -> Any:
        """What is saved in a field, where it is not what was typed on an older revision; otherwise None."""
        saved = self.saved.get(name)
        return saved if self.stale and saved and saved != self.values[name] else None


@blueprint.url_value_preprocessor
def _refuse_what_is_no_code(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    if values and not all(CODE.fullmatch(values.get(name, "x")) for name in ("slug", "code")):
        abort(404)


@blueprint.context_processor
def _pictograms() -> dict[str, Any]:
    return {"pictogram_labels": labels()}


@blueprint.errorhandler(UnknownCodeError)
def _gone(_error: UnknownCodeError) -> Response:
    """What was being edited is not in the draft: what was typed is shown if it was removed meanwhile."""
    if not g.get("stale_revision", False):
        return errors.answer(404, gettext(errors.SENTENCES[404]))
    typed = [text for name, text in request.form.items() if name not in {"csrf_token", "revision"} and text.strip()]
    return make_response(render_template("referentiels/editor/lost.html", typed=typed), 409)


def open_sheet(slug: str, read: Callable[[Referentiel], Values], refusal: Refusal | None = None) -> Sheet:
    """The sheet of a draft the actor edits; `read` picks the form's values from it."""
    row = referentiels.for_editor(current.db(), current.actor(), slug, lock=False)
    draft = referentiels.draft_of(row)
    return Sheet(row, draft, read(draft), refusal)


def nothing(_draft: Referentiel) -> Values:
    """The values of a page without a form of its own."""
    return {}


def show(template: str, sheet: Sheet, **context: Any) -> Response:
    """The page, with the status of what was refused."""
    page = render_template(f"referentiels/editor/{template}", sheet=sheet, row=sheet.row, draft=sheet.draft, **context)
    return make_response(page, sheet.refusal.status if sheet.refusal else 200)


def save(
    slug: str, typed: Values, steps: Sequence[Step], errors_found: Mapping[str, str] | None = None
) -> Refusal | None:
    """None once all the steps are saved and committed; otherwise why nothing was.

    `errors_found` are the faults already seen in what was typed, an untranslated sentence a field: with one of them,
    nothing is saved.
    """
    session = current.db()
    try:
        referentiels.change_draft(
            session,
            current.actor(),
            slug=slug,
            revision=posted_revision(),
            change=lambda draft: _all_steps(draft, steps, errors_found or {}),
            now=current.now(),
        )
    except Stale:
        g.stale_revision = True
        return Refusal(typed, stale=True)
    except DocumentErrors as refused:
        return Refusal(typed, {fault.path: fault.translated(gettext) for fault in reversed(refused.faults)})
    session.commit()
    return None


def posted_revision() -> int:
    """The revision the form was read at; one that never existed where it says none."""
    text = request.form.get("revision", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1  # noqa: PLR2004 - fits the column


def posted_file() -> bytes | None:
    """The bytes of the file in the form, one more than is allowed at most; None where none was chosen."""
    file = request.files.get("file")
    if file is None:
        return None
    with closing(file):
        return file.stream.read(MAX_BYTES + 1) or None


def _all_steps(draft: Referentiel, steps: Sequence[Step], errors_found: Mapping[str, str]) -> Referentiel:
    """The draft after every step.

    Raises:
        DocumentErrors: the faults of all the steps, each with its field as path.
    """
    faults = [Fault(name, sentence) for name, sentence in errors_found.items()]
    for step in steps:
        try:
            draft = step.change(draft)
        except DocumentErrors as refused:
            faults += [replace(fault, path=step.field or _member(fault.path)) for fault in refused.faults]
    if faults:
        raise DocumentErrors(faults)
    return draft


def _member(path: str) -> str:
    """The last named member of a path: `name` for `competences[3].name`."""
    found = _LAST_MEMBER.search(path)
    return found.group(1) if found else ""


def missing(typed: Values, sentences: Mapping[str, str]) -> dict[str, str]:
    """The sentence (untranslated) of each field that is left blank."""
    return {name: sentence for name, sentence in sentences.items() if not str(typed[name]).strip()}


def text_of(*names: str) -> Form:
    """What was typed in these fields, as typed."""
    return {name: request.form.get(name, "").replace("\r\n", "\n") for name in names}


def number(text: str) -> Any:
    """The whole number typed, None for nothing; anything else as typed, for the document to refuse in its words."""
    text = text.strip()
    if not text:
        return None
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 6 else text  # noqa: PLR2004 - six digits


def saved_and_back(url: str) -> BaseResponse:
    """The answer after a change: a word, and the page to go on with."""
    flash(gettext(SAVED), "success")
    return redirect(url, 303)
