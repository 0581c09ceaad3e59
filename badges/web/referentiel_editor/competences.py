"""The competences of a draft: listed by family, each with its two wordings and what is seen at every level."""

import re
from functools import partial

from flask import Response, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from badges.services import referentiels
from badges.services.errors import N_
from badges.web import current
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
from referentiels.model import Competence, Referentiel, position

NO_FAMILY = N_("Choisissez une famille.")
WORDS = ("name", "family", "for_person", "for_recruiter", "pictogram")
_BEHAVIOUR = re.compile(r"behaviour-([0-9]{1,2})")


@blueprint.get("/<slug>/brouillon/competences")
@requires(EDITOR)
def competences(slug: str) -> Response:
    """The competences by family, and the form that adds one."""
    return _list_page(slug)


@blueprint.post("/<slug>/brouillon/competences")
@requires(EDITOR)
def add_competence(slug: str) -> BaseResponse:
    """Add a competence, last in its family, and go on to its page."""
    typed = text_of("name", "family")
    step = Step(partial(editing.add_competence, **typed))
    refusal = save(slug, typed, [step], missing(typed, {"name": NO_NAME, "family": NO_FAMILY}))
    if refusal:
        return _list_page(slug, refusal)
    row = referentiels.for_editor(current.db(), current.actor(), slug, lock=False)
    added = referentiels.draft_of(row).competences[-1]
    return saved_and_back(url_for("editor.competence", slug=slug, code=added.code))


def _list_page(slug: str, refusal: Refusal | None = None) -> Response:
    def blank(text: Referentiel) -> Form:
        asked = request.args.get("famille", "")
        known = [family.code for family in text.families]
        return {"name": "", "family": asked if asked in known or len(known) != 1 else known[0]}

    return show("competences.html", open_sheet(slug, blank, refusal))


@blueprint.get("/<slug>/brouillon/competences/<code>")
@requires(EDITOR)
def competence(slug: str, code: str) -> Response:
    """The words, the pictogram and the behaviours of one competence."""
    return _page(slug, code)


@blueprint.post("/<slug>/brouillon/competences/<code>")
@requires(EDITOR)
def save_competence(slug: str, code: str) -> BaseResponse:
    """Save one competence, then go to the next, to a new alignment, or back to the list."""
    behaviours = [name for name in request.form if _BEHAVIOUR.fullmatch(name)]
    typed = text_of(*WORDS, *behaviours)
    words = {name: typed[name] for name in WORDS}
    steps = [Step(lambda text: editing.change_competence(text, code, **words))]
    for name in behaviours:
        level = int(name.removeprefix("behaviour-"))
        steps.append(Step(partial(editing.set_behaviour, competence=code, level=level, text=typed[name]), name))
    refusal = save(slug, typed, steps, missing(typed, {"name": NO_NAME, "family": NO_FAMILY}))
    if refusal:
        return _page(slug, code, refusal)
    return saved_and_back(_where_to(slug, code, request.form.get("then", "")))


def _page(slug: str, code: str, refusal: Refusal | None = None) -> Response:
    def saved(text: Referentiel) -> Form:
        one = text.competence(code)
        words: Form = {name: getattr(one, name) for name in WORDS}
        return words | {f"behaviour-{level}": one.behaviour(level) for level in text.levels}

    sheet = open_sheet(slug, saved, refusal)
    return show("competence.html", sheet, competence=sheet.draft.competence(code), following=_next(sheet.draft, code))


def _next(draft: Referentiel, code: str) -> Competence | None:
    """The competence that follows in the list."""
    after = draft.competences[position(draft.competences, code) + 1 :]
    return after[0] if after else None


def _where_to(slug: str, code: str, then: str) -> str:
    row = referentiels.for_editor(current.db(), current.actor(), slug, lock=False)
    following = _next(referentiels.draft_of(row), code)
    if then == "alignment":
        return url_for("editor.new_alignment", slug=slug, code=code)
    if then == "next" and following:
        return url_for("editor.competence", slug=slug, code=following.code)
    return url_for("editor.competences", slug=slug, _anchor=code)
