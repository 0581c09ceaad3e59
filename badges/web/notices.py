"""The notices: for the people who are followed, for the team, for guests; and what an organisation writes in them.

Public and without a name, so that they can be read before anything is asked, in every language, aloud and on paper.
"""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from badges.models.people import OrganisationRecord, Role
from badges.services import notices, organisations
from badges.services.errors import Invalid, Refused
from badges.web import current
from badges.web.access import ANYONE, requires, role
from badges.web.problems import errors

blueprint = Blueprint("notices", __name__)
Page = str | Response | tuple[str, int]

DATA = "/organisations/<slug>/donnees"


@blueprint.get("/notice")
@blueprint.get("/notice/<slug>")
@requires(ANYONE)
def person(slug: str = "") -> str:
    """For the people a structure follows."""
    return render_template("notices/person.html", notice=notices.of(current.db(), _organisation(slug)), slug=slug)


@blueprint.get("/notice-equipe")
@blueprint.get("/notice-equipe/<slug>")
@requires(ANYONE)
def team(slug: str = "") -> str:
    """For the members of a team."""
    return render_template("notices/team.html", notice=notices.of(current.db(), _organisation(slug)), slug=slug)


@blueprint.get("/notice-tiers")
@blueprint.get("/notice-tiers/<slug>")
@requires(ANYONE)
def guests(slug: str = "") -> str:
    """For tutors, host companies and peers."""
    return render_template("notices/guests.html", notice=notices.of(current.db(), _organisation(slug)), slug=slug)


@blueprint.get(DATA)
@requires(role(Role.ADMINISTRATOR))
def settings(slug: str) -> str:
    """Whom to write to, and how long answers and looks are kept."""
    return _settings_page(slug)


@blueprint.post(DATA)
@requires(role(Role.ADMINISTRATOR))
def changed(slug: str) -> Page:
    """Keep them."""
    try:
        notices.change(
            current.db(),
            current.actor(),
            slug,
            controller=request.form.get("controller", ""),
            officer=request.form.get("officer", ""),
            ratings_months=request.form.get("ratings_months", 0, type=int),
            logs_months=request.form.get("logs_months", 0, type=int),
            employees="employees" in request.form,
            now=current.now(),
        )
    except Invalid as refused:
        current.db().rollback()
        return _settings_page(slug, refused), refused.status
    current.db().commit()
    flash(gettext("Les réglages sont gardés. La notice le dit dès maintenant."), "success")
    return redirect(url_for("organisations.show", slug=slug), 303)


def _organisation(slug: str) -> OrganisationRecord | None:
    return organisations.organisation_by_slug(current.db(), slug) if slug else None


def _settings_page(slug: str, refused: Refused | None = None) -> str:
    organisation = organisations.administered_by_slug(current.db(), current.actor(), slug)
    kept = notices.of(current.db(), organisation)
    fields = ("controller", "officer", "ratings_months", "logs_months")
    shown = {field: request.form.get(field, getattr(kept, field)) for field in fields}
    shown["employees"] = "employees" in request.form if refused else kept.employees
    return render_template("notices/settings.html", organisation=organisation, form=shown, errors=errors(refused))
