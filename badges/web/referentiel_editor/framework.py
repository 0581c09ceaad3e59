"""The draft as a whole: where it stands, what it says of itself, its families and its scale."""

from functools import partial

from flask import Response, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from badges.services import referentiels
from badges.services.errors import N_
from badges.web.access import requires
from badges.web.referentiel_editor.places import by_section
from badges.web.referentiel_editor.sheets import (
    EDITOR,
    NO_NAME,
    Form,
    Refusal,
    Step,
    blueprint,
    missing,
    nothing,
    number,
    open_sheet,
    save,
    saved_and_back,
    show,
    text_of,
)
from referentiels import editing, publishing
from referentiels.model import Family, Level, Referentiel

LANGUAGES = ("fr", "en", "de", "es", "it", "pt", "nl", "pl", "ro", "uk", "ar", "tr", "br", "oc", "eu", "co", "ca")
NO_NUMBER = N_("Écrivez un nombre entier, par exemple 3.")


@blueprint.get("/<slug>/brouillon")
@requires(EDITOR)
def draft(slug: str) -> Response:
    """The draft: its parts, what is still to write in each, and what can be done with it."""
    sheet = open_sheet(slug, nothing)
    latest = referentiels.latest_version(sheet.row)
    faults = publishing.faults(sheet.draft, referentiels.document_of(latest) if latest else None)
    return show("draft.html", sheet, left=by_section(faults), latest=latest, differs=referentiels.differs(sheet.row))


@blueprint.get("/<slug>/brouillon/presentation")
@requires(EDITOR)
def details(slug: str) -> Response:
    """What the référentiel says of itself."""
    return _details_page(slug)


@blueprint.post("/<slug>/brouillon/presentation")
@requires(EDITOR)
def save_details(slug: str) -> BaseResponse:
    """Save what the référentiel says of itself."""
    typed: Form = {
        **text_of("title", "description", "language", "scope", "co_authors"),
        "owner_as_issuer": "owner_as_issuer" in request.form,
    }
    words = dict(typed)
    words["co_authors"] = tuple(line.strip() for line in typed["co_authors"].split("\n") if line.strip())
    blank = missing(typed, {"title": N_("Donnez un titre.")})
    refusal = save(slug, typed, [Step(partial(editing.set_details, **words))], blank)
    return _details_page(slug, refusal) if refusal else saved_and_back(url_for("editor.draft", slug=slug))


def _details_page(slug: str, refusal: Refusal | None = None) -> Response:
    sheet = open_sheet(slug, _details_of, refusal)
    languages = LANGUAGES if sheet.draft.language in {*LANGUAGES, ""} else (*LANGUAGES, sheet.draft.language)
    return show("details.html", sheet, language_choices=languages)


def _details_of(text: Referentiel) -> Form:
    return {
        "title": text.title,
        "description": text.description,
        "language": text.language,
        "scope": text.scope,
        "co_authors": "\n".join(text.co_authors),
        "owner_as_issuer": text.owner_as_issuer,
    }


@blueprint.get("/<slug>/brouillon/familles")
@requires(EDITOR)
def families(slug: str) -> Response:
    """The families, and the form that adds one."""
    return show("families.html", open_sheet(slug, lambda _draft: _family_words(None)))


@blueprint.post("/<slug>/brouillon/familles")
@requires(EDITOR)
def add_family(slug: str) -> BaseResponse:
    """Add a family, last."""
    typed = text_of("name", "description")
    refusal = save(slug, typed, [Step(partial(editing.add_family, **typed))], missing(typed, {"name": NO_NAME}))
    if refusal:
        return show("families.html", open_sheet(slug, lambda _draft: _family_words(None), refusal))
    return saved_and_back(url_for("editor.families", slug=slug))


@blueprint.get("/<slug>/brouillon/familles/<code>")
@requires(EDITOR)
def family(slug: str, code: str) -> Response:
    """The words of one family."""
    return _family_page(slug, code)


@blueprint.post("/<slug>/brouillon/familles/<code>")
@requires(EDITOR)
def save_family(slug: str, code: str) -> BaseResponse:
    """Save the words of one family."""
    typed = text_of("name", "description")
    step = Step(lambda text: editing.change_family(text, code, **typed))
    refusal = save(slug, typed, [step], missing(typed, {"name": NO_NAME}))
    return _family_page(slug, code, refusal) if refusal else saved_and_back(url_for("editor.families", slug=slug))


def _family_page(slug: str, code: str, refusal: Refusal | None = None) -> Response:
    sheet = open_sheet(slug, lambda text: _family_words(text.family(code)), refusal)
    return show("family.html", sheet, family=sheet.draft.family(code))


def _family_words(one: Family | None) -> Form:
    return {"name": one.name if one else "", "description": one.description if one else ""}


@blueprint.get("/<slug>/brouillon/niveaux")
@requires(EDITOR)
def scale(slug: str) -> Response:
    """The scale, and the form that adds a level."""
    return show("scale.html", open_sheet(slug, _next_level))


@blueprint.post("/<slug>/brouillon/niveaux")
@requires(EDITOR)
def add_level(slug: str) -> BaseResponse:
    """Add a level at its place."""
    typed = text_of("level", "name", "meaning")
    steps, faults = _level_change(typed)
    change = [Step(partial(editing.add_level, **steps))] if steps else []
    refusal = save(slug, typed, change, faults)
    if refusal:
        return show("scale.html", open_sheet(slug, _next_level, refusal))
    return saved_and_back(url_for("editor.scale", slug=slug))


@blueprint.get("/<slug>/brouillon/niveaux/<int(max=99):level>")
@requires(EDITOR)
def level(slug: str, level: int) -> Response:
    """The number and the words of one level."""
    return _level_page(slug, level)


@blueprint.post("/<slug>/brouillon/niveaux/<int(max=99):level>")
@requires(EDITOR)
def save_level(slug: str, level: int) -> BaseResponse:
    """Save the number and the words of one level."""
    typed = text_of("level", "name", "meaning")
    words, faults = _level_change(typed)
    change = [Step(lambda text: editing.change_level(text, level, **words))] if words else []
    refusal = save(slug, typed, change, faults)
    return _level_page(slug, level, refusal) if refusal else saved_and_back(url_for("editor.scale", slug=slug))


def _level_page(slug: str, number_of_level: int, refusal: Refusal | None = None) -> Response:
    sheet = open_sheet(slug, lambda text: _level_words(text.level(number_of_level)), refusal)
    return show("level.html", sheet, level=sheet.draft.level(number_of_level))


def _level_change(typed: Form) -> tuple[Form, dict[str, str]]:
    """The members of a level, none where its number is not one, and the faults of what was typed."""
    faults = missing(typed, {"name": NO_NAME})
    wanted = number(typed["level"])
    if not isinstance(wanted, int):
        return {}, {"level": NO_NUMBER} | faults
    return {**typed, "level": wanted}, faults


def _level_words(one: Level) -> Form:
    return {"level": str(one.level), "name": one.name, "meaning": one.meaning}


def _next_level(text: Referentiel) -> Form:
    return {"level": str(max(text.levels) + 1 if text.levels else 1), "name": "", "meaning": ""}
