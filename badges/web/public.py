"""Pages for everybody: the front page, the service's own state, what the law asks to publish."""

from datetime import date

from flask import Blueprint, Response, render_template
from sqlalchemy import select

from badges.models.people import OrganisationRecord
from badges.services import legal
from badges.web import current
from badges.web.access import ANYONE, requires

blueprint = Blueprint("public", __name__)


@blueprint.get("/")
@requires(ANYONE)
def home() -> str:
    """What Jalon is, and the three ways in: verify a badge, my card, staff."""
    return render_template("public/home.html")


@blueprint.get("/a-propos")
@requires(ANYONE)
def about() -> str:
    """What a badge says, how it is made, why it can be trusted."""
    return render_template("public/about.html")


@blueprint.get("/accessibilite")
@requires(ANYONE)
def accessibility() -> str:
    """The declaration of accessibility: not conforming until audited."""
    written = legal.fields(current.db(), legal.ACCESSIBILITY)
    audited = date.fromisoformat(written["audited_on"]) if written["audited_on"] else None
    return render_template("public/accessibility.html", written=written, audited_on=audited)


@blueprint.get("/confidentialite")
@requires(ANYONE)
def privacy() -> str:
    """What is kept, why and for how long; a person's rights."""
    return render_template("public/privacy.html", written=legal.fields(current.db(), legal.PRIVACY))


@blueprint.get("/healthz")
@requires(ANYONE)
def healthz() -> Response:
    """200 once the service listens and its database answers; a demo is loaded before the service listens."""
    current.db().execute(select(OrganisationRecord.id).limit(1))
    return Response("ok\n", mimetype="text/plain")
