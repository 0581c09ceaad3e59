"""« Ma phrase »: the person's own pages, one competence a screen."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from badges.services import next_steps, phrases
from badges.services.errors import Invalid
from badges.web import current
from badges.web.access import PERSON, requires
from badges.web.problems import errors
from badges.web.words import document_of

blueprint = Blueprint("phrases", __name__)
Page = str | Response | tuple[str, int]
ADDRESS = "/moi/phrases/<int:referentiel_id>/<code>"


@blueprint.get("/moi/phrases")
@requires(PERSON)
def index() -> str:
    """Every competence of the person's rounds; those with a phrase show it."""
    found = phrases.places(current.db(), current.actor(), read=document_of)
    tu = next_steps.says_tu(current.db(), current.actor())
    return render_template("phrases/index.html", places=found, tu=tu)


@blueprint.get(ADDRESS)
@requires(PERSON)
def show(referentiel_id: int, code: str) -> str:
    """One phrase, to write or change."""
    return _page(referentiel_id, code)


@blueprint.post(ADDRESS)
@requires(PERSON)
def save(referentiel_id: int, code: str) -> Page:
    """Keep the words; without any, there is no phrase."""
    try:
        kept = phrases.write(
            current.db(),
            current.actor(),
            referentiel_id=referentiel_id,
            competence_code=code,
            words=request.form.get("words", ""),
            coach_may_read="coach" in request.form,
            now=current.now(),
        )
    except Invalid as refused:
        return _page(referentiel_id, code, refused), refused.status
    current.db().commit()
    flash(gettext("C’est gardé.") if kept else gettext("La phrase est effacée."), "success")
    return redirect(url_for(".index", _anchor=code), 303)


def _page(referentiel_id: int, code: str, refused: Invalid | None = None) -> str:
    place = phrases.place(current.db(), current.actor(), referentiel_id, code, read=document_of)
    posted = request.method == "POST"
    return render_template(
        "phrases/show.html",
        place=place,
        words=request.form.get("words", "") if posted else place.phrase.words if place.phrase else "",
        coach="coach" in request.form if posted else place.phrase is not None and place.phrase.coach_may_read,
        longest=phrases.LONGEST,
        tu=next_steps.says_tu(current.db(), current.actor()),
        errors=errors(refused),
    )
