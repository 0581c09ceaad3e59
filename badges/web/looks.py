"""Writes down who looks, after the answer has left, and shows it to the person.

Every page of staff whose address names a person, or a part of their file, counts as opening it: a new page is counted
without anybody having to remember, and so is one that a form brings back. What cannot be written at once is given up,
never waited for.
"""

import contextlib
from collections.abc import Callable

from flask import Blueprint, Flask, Response, render_template, request
from flask_babel import gettext
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

from badges.models.people import PersonRecord, Role
from badges.services import looks
from badges.services.errors import N_
from badges.services.installation import Installation
from badges.web import current
from badges.web.access import PERSON, requires

blueprint = Blueprint("looks", __name__)

ROLES = {
    Role.COACH: N_("Un coach"),
    Role.ISSUER: N_("Une personne qui accorde les badges"),
    Role.ADMINISTRATOR: N_("L’administration, pour vérifier une demande"),
}
OK = 200
SHOWN = frozenset({OK, 409, 422})
"""What a page of somebody's file is answered with: as asked for, or again after a form that could not be kept."""


def install(app: Flask) -> None:
    """Write down every look from now on."""
    app.after_request(_written_down)


@blueprint.get("/moi/regards")
@requires(PERSON)
def mine() -> str:
    """Who opened the person's file, and how often their pages were looked at."""
    session = current.db()
    person = session.get_one(PersonRecord, current.actor().person_id)
    return render_template(
        "looks/mine.html",
        files=[
            (row.day, gettext(ROLES.get(row.role, ROLES[Role.COACH])), row.organisation.name)
            for row in looks.files(session, person.id)
        ],
        shares=looks.shares(session, person.id),
    )


def count_share(response: BaseResponse, code: str) -> BaseResponse:
    """The response of a public page, whose look is counted once it has left; not for machines, nor for its person."""
    asked = request.method == "GET" and response.status_code == OK and response.mimetype == "text/html"
    if not asked or looks.is_machine(request.headers.get("User-Agent", "")) or "Sec-Purpose" in request.headers:
        return response
    if not looks.is_own(current.db(), current.actor_or_none(), code):
        day = current.today()
        _afterwards(response, lambda session: looks.record(session, code, day))
    return response


def _written_down(response: Response) -> Response:
    actor = current.actor_or_none()
    asked = request.method in {"GET", "POST"} and response.status_code in SHOWN
    if actor is None or actor.kind != "staff" or not asked:
        return response
    opened = looks.opened_by(current.db(), actor, request.view_args or {})
    day = current.today()
    if opened is not None and not looks.is_written(current.db(), actor, opened, day):
        _afterwards(response, lambda session: looks.write(session, actor, opened, day))
    return response


def _afterwards(response: BaseResponse, act: Callable[[Session], None]) -> None:
    response.call_on_close(_writer(current.installation(), act))


def _writer(installation: Installation, act: Callable[[Session], None]) -> Callable[[], None]:
    def write() -> None:
        with contextlib.suppress(OperationalError), installation.database.writing_if_free() as session:
            act(session)
            session.commit()

    return write
