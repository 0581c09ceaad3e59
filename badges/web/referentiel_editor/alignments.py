"""The alignments of a competence: its neighbours in someone else's framework, each with its source."""

from functools import partial

from flask import Response, url_for
from werkzeug.wrappers import Response as BaseResponse

from badges.services.errors import N_
from badges.web.access import requires
from badges.web.referentiel_editor.sheets import (
    EDITOR,
    NO_NAME,
    Form,
    Refusal,
    Step,
    blueprint,
    missing,
    open_sheet,
    save,
    saved_and_back,
    show,
    text_of,
)
from referentiels import editing
from referentiels.model import Referentiel, UnknownCodeError

FIELDS = ("name", "code", "url", "source", "note")
USUAL_NOTE = "proposé, non validé par l’organisme cité"
NO_SOURCE = N_("Nommez la source : ce nom est signé dans les badges.")
ONE = "/<slug>/brouillon/competences/<code>/alignements/<int(max=99):index>"


@blueprint.get("/<slug>/brouillon/competences/<code>/alignements/nouveau")
@requires(EDITOR)
def new_alignment(slug: str, code: str) -> Response:
    """The form that adds an alignment."""
    return _page(slug, code, None)


@blueprint.post("/<slug>/brouillon/competences/<code>/alignements/nouveau")
@requires(EDITOR)
def add_alignment(slug: str, code: str) -> BaseResponse:
    """Add an alignment, last."""
    typed = text_of(*FIELDS)
    step = Step(lambda text: editing.add_alignment(text, code, **typed))
    refusal = save(slug, typed, [step], _blanks(typed))
    return _page(slug, code, None, refusal) if refusal else _back(slug, code)


@blueprint.get(ONE)
@requires(EDITOR)
def alignment(slug: str, code: str, index: int) -> Response:
    """The words of one alignment."""
    return _page(slug, code, index)


@blueprint.post(ONE)
@requires(EDITOR)
def save_alignment(slug: str, code: str, index: int) -> BaseResponse:
    """Save the words of one alignment."""
    typed = text_of(*FIELDS)
    step = Step(lambda text: editing.change_alignment(text, code, index, **typed))
    refusal = save(slug, typed, [step], _blanks(typed))
    return _page(slug, code, index, refusal) if refusal else _back(slug, code)


@blueprint.post(f"{ONE}/retirer")
@requires(EDITOR)
def remove_alignment(slug: str, code: str, index: int) -> BaseResponse:
    """Remove one alignment: the button stands on its own page, beside what it removes."""
    refusal = save(slug, {}, [Step(partial(editing.remove_alignment, competence=code, index=index))])
    return _page(slug, code, index, refusal) if refusal else _back(slug, code)


def _blanks(typed: Form) -> dict[str, str]:
    return missing(typed, {"name": NO_NAME, "source": NO_SOURCE})


def _back(slug: str, code: str) -> BaseResponse:
    return saved_and_back(url_for("editor.competence", slug=slug, code=code, _anchor="alignements"))


def _page(slug: str, code: str, index: int | None, refusal: Refusal | None = None) -> Response:
    def saved(text: Referentiel) -> Form:
        alignments = text.competence(code).alignments
        if index is None:
            return dict.fromkeys(FIELDS, "") | {"note": USUAL_NOTE}
        if index >= len(alignments):
            raise UnknownCodeError(index)
        return {name: getattr(alignments[index], name) for name in FIELDS}

    sheet = open_sheet(slug, saved, refusal)
    return show("alignment.html", sheet, competence=sheet.draft.competence(code), index=index)
