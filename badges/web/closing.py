"""Closing a structure for good: what that does is said first, and its name is typed to be sure."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from badges.models.people import Role
from badges.services import closing, organisations
from badges.services.errors import Invalid, Refused
from badges.web import current
from badges.web.access import requires, role
from badges.web.problems import errors

blueprint = Blueprint("closing", __name__)
Page = str | Response | tuple[str, int]
CLOSING = "/organisations/<slug>/fermeture"


@blueprint.get(CLOSING)
@requires(role(Role.ADMINISTRATOR))
def ask(slug: str) -> str:
    """What closing does, and the name to type."""
    return _page(slug)


@blueprint.post(CLOSING)
@requires(role(Role.ADMINISTRATOR))
def closed(slug: str) -> Page:
    """Close it."""
    try:
        closing.close(
            current.db(),
            current.actor(),
            slug,
            typed_name=request.form.get("name", ""),
            today=current.today(),
            now=current.now(),
        )
    except Invalid as refused:
        current.db().rollback()
        return _page(slug, refused), refused.status
    current.db().commit()
    flash(gettext("L’organisation est fermée. Ce que les personnes ont leur reste."), "success")
    return redirect(url_for("organisations.index"), 303)


def _page(slug: str, refused: Refused | None = None) -> str:
    return render_template(
        "organisations/close.html",
        organisation=organisations.administered_by_slug(current.db(), current.actor(), slug),
        days=closing.DAYS_TO_CLAIM,
        form=request.form,
        errors=errors(refused),
    )
