"""A person's data in their own hands: where their rights are, a copy of everything, erasing everything.

A copy and an erasure ask for the PIN again: a phone that was left signed in gives away neither.
"""

import uuid
from collections.abc import Iterable, Iterator
from datetime import datetime

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from badges.services import erasure, next_steps, person_rows, personal_export
from badges.services.erasure import Planned
from badges.services.errors import N_, Invalid, Refused
from badges.services.installation import Installation
from badges.web import booklet, current
from badges.web.access import ANYONE, PERSON, requires, signed_out_response
from badges.web.problems import errors
from badges.web.round_forms import one_of
from issuer import paper

blueprint = Blueprint("my_data", __name__)
Page = str | BaseResponse | tuple[str, int]

PDF, PAGE = "tout-sur-moi.pdf", "tout-sur-moi.html"
"""What is there to be read in the zip: the same words twice."""

WRONG_PIN = N_("Ce n’est pas votre code secret. Réessayez.")


@blueprint.get("/moi/droits")
@requires(PERSON)
def rights() -> str:
    """Everything a person may do with what is known of them."""
    found = next_steps.own_file(current.db(), current.actor())
    return render_template(
        "my_data/rights.html",
        slug=found.membership.organisation.slug if found.membership else "",
        tu=next_steps.says_tu(current.db(), current.actor()),
        pending=erasure.pending(current.db(), current.actor()),
    )


@blueprint.get("/moi/copie")
@requires(PERSON)
def copy() -> str:
    """What the copy holds, and the PIN."""
    return _copy_page()


@blueprint.post("/moi/copie")
@requires(PERSON)
def copied() -> Page:
    """The zip, streamed."""
    session, installation, actor, now = current.db(), current.installation(), current.actor(), current.now()
    try:
        right = personal_export.allow(session, installation, actor, request.form.get("pin", ""), now)
        if not right:
            raise Invalid(WRONG_PIN, field="pin")
    except Refused as refused:
        session.commit()  # the guess stays counted
        return _copy_page(refused), refused.status
    session.commit()
    if actor.person_id is None:
        raise LookupError("a person without an id asked for their data")
    with installation.database.reading() as reading:
        found = personal_export.personal(reading, actor.person_id)
        told = booklet.of(reading, found, now)
    page = render_template("my_data/booklet.html", booklet=told).encode()
    read = [(PDF, paper.booklet(told)), (PAGE, page)]
    response = Response(_zip(installation, actor.person_id, found, read, now), mimetype="application/zip")
    response.headers["Content-Disposition"] = 'attachment; filename="mes-donnees-jalon.zip"'
    return response


@blueprint.get("/moi/effacement")
@requires(PERSON)
def erase() -> str:
    """What goes, what stays, what may be chosen."""
    return _erase_page()


@blueprint.post("/moi/effacement")
@requires(PERSON)
def erased() -> Page:
    """Erase at once and lead to the account, or in seven days."""
    session = current.db()
    try:
        done = erasure.ask(
            session,
            current.installation(),
            current.actor(),
            pin=request.form.get("pin", ""),
            stop_copies=one_of("copies", ("keep", "stop")) == "stop",
            at_once=one_of("when", ("later", "now")) == "now",
            today=current.today(),
            now=current.now(),
        )
    except Refused as refused:
        session.commit()  # the guess stays counted
        return _erase_page(refused), refused.status
    session.commit()
    if isinstance(done, Planned):
        return _planned_page(done)
    current.installation().database.overwrite_deleted([table.name for table in person_rows.tables()])
    return signed_out_response(redirect(url_for("my_data.account", token=done.token), 303))


@blueprint.post("/moi/effacement/annuler")
@requires(PERSON)
def cancelled() -> BaseResponse:
    """The person changed their mind."""
    erasure.cancel(current.db(), current.actor(), current.now())
    current.db().commit()
    flash(gettext("C’est noté : rien ne sera effacé."), "success")
    return redirect(url_for("my_data.rights"), 303)


@blueprint.get("/effacement/<token>")
@requires(ANYONE)
def account(token: str) -> Response:
    """What was erased and what stayed, without a name: for whoever has the address."""
    row = erasure.account(current.db(), token)
    return _private(render_template("my_data/account.html", erasure=row, account=row.account, token=token))


@blueprint.get("/effacement/<token>.txt")
@requires(ANYONE)
def account_file(token: str) -> Response:
    """The same, to keep."""
    row = erasure.account(current.db(), token)
    response = _private(render_template("my_data/account.txt", erasure=row, account=row.account), "text/plain")
    response.headers["Content-Disposition"] = 'attachment; filename="effacement.txt"'
    return response


def _planned_page(planned: Planned) -> BaseResponse:
    """The day of the erasure and the address of its account, shown this once."""
    address = current.installation().base_url + url_for("my_data.account", token=planned.token)
    tu = next_steps.says_tu(current.db(), current.actor())
    return _private(render_template("my_data/planned.html", planned=planned, address=address, tu=tu))


def _private(text: str, media: str = "text/html") -> Response:
    response = Response(text, mimetype=media)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _zip(
    installation: Installation,
    person_id: uuid.UUID,
    found: personal_export.Personal,
    read: Iterable[tuple[str, bytes]],
    now: datetime,
) -> Iterator[bytes]:
    """The zip on a session of its own, which lasts as long as somebody reads."""
    with installation.database.reading() as session:
        yield from personal_export.stream(session, person_id, found, read, now)


def _copy_page(refused: Refused | None = None) -> str:
    tu = next_steps.says_tu(current.db(), current.actor())
    return render_template("my_data/copy.html", tu=tu, errors=errors(refused))


def _erase_page(refused: Refused | None = None) -> str:
    return render_template(
        "my_data/erase.html",
        tu=next_steps.says_tu(current.db(), current.actor()),
        form=request.form,
        pending=erasure.pending(current.db(), current.actor()),
        days=erasure.DAYS_TO_THINK,
        errors=errors(refused),
    )
