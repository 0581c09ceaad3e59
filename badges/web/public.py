"""Pages for everybody: the front page, the service's own state, what the law asks to publish."""

from flask import Blueprint, Response, render_template
from sqlalchemy import select

from badges.models.people import OrganisationRecord
from badges.services import installation as installations
from badges.web import current
from badges.web.access import ANYONE, requires

blueprint = Blueprint("public", __name__)


@blueprint.get("/")
@requires(ANYONE)
def home() -> str:
    """What Jalon is, and the three ways in: verify a badge, my card, staff."""
    return render_template("public/home.html")


@blueprint.get("/healthz")
@requires(ANYONE)
def healthz() -> Response:
    """200 once the database answers and whatever is being loaded at first start is loaded; 503 before.

    A half-loaded demo is `loading`; an installation without a demo never says so.
    """
    session = current.db()
    session.execute(select(OrganisationRecord.id).limit(1))
    ready = installations.fact(session, installations.DEMO) != installations.LOADING
    return Response("ok\n" if ready else "loading\n", status=200 if ready else 503, mimetype="text/plain")
