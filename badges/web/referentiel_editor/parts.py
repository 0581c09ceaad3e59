"""What families, levels, competences and badges share: their place in a list, and their removal.

Removal is asked on a page of its own, which says what goes with the thing, or what keeps it.
"""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Response, abort, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from badges.services.errors import N_
from badges.web.access import requires
from badges.web.referentiel_editor.sheets import (
    EDITOR,
    Refusal,
    Step,
    blueprint,
    nothing,
    open_sheet,
    save,
    saved_and_back,
    show,
)
from referentiels import editing
from referentiels.model import Referentiel
from referentiels.sentences import DocumentErrors

Key = str | int


@dataclass(frozen=True, slots=True)
class Part:
    """One kind of thing a draft is made of; `key` is its code, or a level's number."""

    page: str
    name_of: Callable[[Referentiel, Key], str]
    move: Callable[[Referentiel, Key, int], Referentiel]
    remove: Callable[[Referentiel, Key], Referentiel]
    question: str
    consequence: str


PARTS = {
    "familles": Part(
        "editor.families",
        lambda text, key: text.family(str(key)).name,
        lambda text, key, by: editing.move_family(text, str(key), by=by),
        lambda text, key: editing.remove_family(text, str(key)),
        N_("Retirer la famille « %(name)s » ?"),
        N_("Son code ne pourra plus servir dans ce référentiel."),
    ),
    "niveaux": Part(
        "editor.scale",
        lambda text, key: text.level(int(key)).name,
        lambda text, key, by: editing.move_level(text, int(key), by=by),
        lambda text, key: editing.remove_level(text, int(key)),
        N_("Retirer le niveau « %(name)s » ?"),
        N_("Les comportements écrits à ce niveau, dans toutes les compétences, partent avec lui."),
    ),
    "competences": Part(
        "editor.competences",
        lambda text, key: text.competence(str(key)).name,
        lambda text, key, by: editing.move_competence(text, str(key), by=by),
        lambda text, key: editing.remove_competence(text, str(key)),
        N_("Retirer la compétence « %(name)s » ?"),
        N_("Ses mots, ses comportements et ses alignements partent avec elle. Son code ne pourra plus servir."),
    ),
    "badges": Part(
        "editor.badges",
        lambda text, key: text.badge(str(key)).name,
        lambda text, key, by: editing.move_badge(text, str(key), by=by),
        lambda text, key: editing.remove_badge(text, str(key)),
        N_("Retirer le badge « %(name)s » ?"),
        N_(
            "Les badges déjà délivrés restent valables : ils renvoient à leur version. "
            "Le code de ce badge ne pourra plus servir."
        ),
    ),
}
WHICH = "<any(familles,niveaux,competences,badges):part>"


@blueprint.post(f"/<slug>/brouillon/{WHICH}/<code>/place")
@requires(EDITOR)
def move(slug: str, part: str, code: str) -> BaseResponse:
    """Move one thing up (`by` -1) or down (1) in its list."""
    kind, key = PARTS[part], _key(part, code)
    by = {"-1": -1, "1": 1}.get(request.form.get("by", ""))
    if by is None:
        abort(400)
    refusal = save(slug, {}, [Step(lambda text: kind.move(text, key, by))])
    if refusal:
        return show("stale.html", open_sheet(slug, nothing, refusal), page=kind.page)
    return redirect(url_for(kind.page, slug=slug, _anchor=code), 303)


@blueprint.get(f"/<slug>/brouillon/{WHICH}/<code>/retirer")
@requires(EDITOR)
def removal(slug: str, part: str, code: str) -> Response:
    """What goes with a thing, and what keeps it from being removed."""
    return _removal_page(slug, part, code)


@blueprint.post(f"/<slug>/brouillon/{WHICH}/<code>/retirer")
@requires(EDITOR)
def remove(slug: str, part: str, code: str) -> BaseResponse:
    """Remove a thing from the draft."""
    kind, key = PARTS[part], _key(part, code)
    refusal = save(slug, {}, [Step(lambda text: kind.remove(text, key))])
    return _removal_page(slug, part, code, refusal) if refusal else saved_and_back(url_for(kind.page, slug=slug))


def _removal_page(slug: str, part: str, code: str, refusal: Refusal | None = None) -> Response:
    kind, key = PARTS[part], _key(part, code)
    sheet = open_sheet(slug, nothing, refusal)
    name = kind.name_of(sheet.draft, key)
    return show(
        "remove.html",
        sheet,
        page=kind.page,
        question=gettext(kind.question) % {"name": name or code},
        consequence=gettext(kind.consequence),
        obstacles=_obstacles(sheet.draft, kind, key),
    )


def _obstacles(draft: Referentiel, kind: Part, key: Key) -> list[str]:
    """Why it cannot be removed, in sentences; empty where it can."""
    try:
        kind.remove(draft, key)
    except DocumentErrors as refused:
        return [fault.translated(gettext) for fault in refused.faults]
    return []


def _key(part: str, code: str) -> Key:
    if part != "niveaux":
        return code
    if not (code.isascii() and code.isdigit()):
        abort(404)
    return int(code)
