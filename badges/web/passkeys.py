"""Passkeys: a person's own list, adding one, and coming in with one from `/carte`.

Two plain forms around what only a browser can do: the first asks us for a challenge, the second brings the device's
answer, which `passkey.js` has put into it. Without a script nothing here is offered.
"""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from badges.services import next_steps, passkeys
from badges.services.errors import Invalid, Refused
from badges.web import current
from badges.web.access import ANYONE, PERSON, requires
from badges.web.problems import errors, sentence
from badges.web.sign_in import let_in, local_path

blueprint = Blueprint("passkeys", __name__)
Page = str | Response | tuple[str, int]


@blueprint.get("/moi/cles")
@requires(PERSON)
def mine() -> str:
    """The person's passkeys by the day they were added, and how to add one."""
    return _mine()


@blueprint.post("/moi/cles")
@requires(PERSON)
def begin() -> Page:
    """With the PIN: the page on which the device makes its key."""
    try:
        options = passkeys.begin_adding(
            current.db(),
            current.installation(),
            current.actor(),
            pin=request.form.get("pin", ""),
            now=current.now(),
        )
    except Refused as refused:
        current.db().commit()
        return _mine(refused), refused.status
    current.db().commit()
    return render_template("passkeys/device.html", options=options, adding=True, next="")


@blueprint.post("/moi/cles/ajouter")
@requires(PERSON)
def add() -> Page:
    """Keep the key that the device has made."""
    try:
        passkeys.add(
            current.db(),
            current.installation(),
            current.actor(),
            answer=request.form.get("answer", ""),
            now=current.now(),
        )
    except Invalid as refused:
        current.db().commit()
        return _mine(refused), refused.status
    current.db().commit()
    flash(gettext("C’est fait : ce téléphone ouvre votre page, sans carte ni code."), "success")
    return redirect(url_for(".mine"), 303)


@blueprint.post("/moi/cles/<int:passkey_id>/retirer")
@requires(PERSON)
def remove(passkey_id: int) -> Page:
    """Take one away."""
    passkeys.remove(current.db(), current.actor(), passkey_id, current.now())
    current.db().commit()
    flash(gettext("La clé d’accès est retirée."), "success")
    return redirect(url_for(".mine"), 303)


@blueprint.post("/carte/telephone")
@requires(ANYONE)
def ask() -> Page:
    """The page on which the device says who holds it."""
    try:
        options = passkeys.begin_entering(
            current.db(), current.installation(), address=request.remote_addr or "", now=current.now()
        )
    except Refused as refused:
        current.db().commit()
        return _door(refused)
    current.db().commit()
    return render_template("passkeys/device.html", options=options, adding=False, next=_next())


@blueprint.post("/carte/telephone/entrer")
@requires(ANYONE)
def enter() -> Page:
    """Sign in whoever's passkey answered."""
    try:
        person = passkeys.enter(
            current.db(), current.installation(), answer=request.form.get("answer", ""), now=current.now()
        )
    except Invalid as refused:
        current.db().commit()
        return _door(refused)
    return let_in(_next() or url_for("people.mine"), person=person)


def _door(refused: Refused) -> tuple[str, int]:
    said = {"card": sentence(refused)}
    page = render_template("sign_in/person.html", card="", known=None, scanned=False, next=_next(), errors=said)
    return page, refused.status


def _mine(refused: Refused | None = None) -> str:
    return render_template(
        "passkeys/mine.html",
        passkeys=passkeys.of_person(current.db(), current.actor()),
        most=passkeys.MOST,
        tu=next_steps.says_tu(current.db(), current.actor()),
        errors=errors(refused),
    )


def _next() -> str:
    return local_path(request.form.get("next", ""))
