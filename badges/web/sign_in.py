"""Signing in and out: staff by e-mail and password, people by card code and PIN, one-time links.

Whoever signs in gets a fresh session and leaves the one this browser had. Nothing here tells whether an e-mail or a
card exists.
"""

import logging
from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlsplit

from flask import Blueprint, Response, flash, g, redirect, render_template, request, url_for
from flask import session as browser
from flask_babel import gettext
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response as BaseResponse

from badges.models.people import PersonRecord, StaffRecord
from badges.services import access, cards, codes, mail, organisations, passwords
from badges.services.errors import N_, Invalid, Refused
from badges.services.installation import Installation
from badges.services.mail import Letter, MailFailed
from badges.web import current, language, letters, navigation
from badges.web.access import ANYONE, STAFF, STAFF_DOOR, requires, signed_in_response, signed_out_response
from badges.web.problems import errors

blueprint = Blueprint("sign_in", __name__)
LOG = logging.getLogger("jalon")
Page = str | BaseResponse | tuple[str, int]

WRONG_PASSWORD = N_("Cette adresse et ce mot de passe ne vont pas ensemble. Vérifiez les deux, majuscules comprises.")
NO_PIN_TO_CHOOSE = N_(
    "Avec cette carte, on ne peut pas choisir de code secret maintenant. Vérifiez le numéro, tapez votre code secret "
    "si vous en avez un, ou demandez à votre coach."
)
MISTYPED = N_("Une lettre ou un chiffre ne va pas dans ce numéro de carte. Relisez-le, lettre après lettre.")


@blueprint.after_request
def _never_kept(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/connexion")
@requires(STAFF_DOOR)
def staff() -> str:
    """E-mail and password."""
    return _staff_page()


@blueprint.post("/connexion")
@requires(STAFF_DOOR)
def staff_enter() -> Page:
    """Sign a member of staff in."""
    try:
        member = _member()
    except Refused as refused:
        current.db().commit()
        return _staff_page(refused), refused.status
    return let_in(_next(), staff=member)


@blueprint.get("/carte")
@blueprint.get("/carte/<code>")
@requires(ANYONE)
def person(code: str = "") -> str:
    """Card code and PIN on one page; the card's QR fills the code in."""
    return _person_page(codes.read_code(code) or "", scanned=bool(code))


@blueprint.post("/carte")
@blueprint.post("/carte/<code>")
@requires(ANYONE)
def person_enter(code: str = "") -> Page:
    """Sign a person in, or lead them to choose their PIN where the card alone may do that today."""
    card, pin = request.form.get("card", code), request.form.get("pin", "")
    choosing = "first" in request.form or not pin.strip()
    try:
        holder = _holder_choosing(card) if choosing else _holder(card, pin)
    except Refused as refused:
        current.db().commit()
        return _person_page(card, refused, scanned=bool(code)), refused.status
    if choosing:
        current.db().commit()
        return _choose_page(card)
    return let_in(_next(), person=holder)


@blueprint.post("/carte/code-secret")
@requires(ANYONE)
def choose() -> Page:
    """Keep the PIN a person chose, and sign them in."""
    card = request.form.get("card", "")
    try:
        holder = cards.choose_pin(
            current.db(),
            card=card,
            pin=request.form.get("pin", ""),
            again=request.form.get("again", ""),
            address=_address(),
            secret=current.installation().secret,
            now=current.now(),
        )
    except Invalid as refused:
        current.db().commit()
        return _choose_page(card, refused), refused.status
    except Refused as refused:
        current.db().commit()
        return _person_page(card, refused), refused.status
    return let_in(url_for("people.mine"), person=holder)


@blueprint.post("/deconnexion")
@requires(ANYONE)
def out() -> Response:
    """Sign this browser out; harmless where nobody is signed in."""
    actor = current.actor_or_none()
    if actor is not None:
        access.end_session(current.db(), actor)
        current.db().commit()
    browser.clear()
    if actor is not None and actor.kind == "person":
        flash(gettext("C’est fermé. Sur ce téléphone, plus rien de vous ne se voit."), "success")
    return signed_out_response(redirect(url_for("public.home"), 303))


@blueprint.get("/carte/perdue")
@requires(ANYONE)
def lost() -> str:
    """Whom to call about a lost card or a forgotten PIN."""
    return render_template("sign_in/lost.html", structures=organisations.to_call(current.db()))


@blueprint.get("/lien/<token>")
@requires(STAFF_DOOR)
def link(token: str) -> str:
    """Choose a password with a one-time link; looking does not use it up."""
    _link, owner = access.link_owner(current.db(), token, current.now())
    return render_template("sign_in/link.html", owner=owner, errors={})


@blueprint.post("/lien/<token>")
@requires(STAFF_DOOR)
def link_used(token: str) -> Page:
    """Keep the password, use the link up, and sign its owner in."""
    try:
        owner = passwords.set_password(
            current.db(),
            token,
            password=request.form.get("password", ""),
            again=request.form.get("again", ""),
            now=current.now(),
        )
    except Invalid as refused:
        _link, owner = access.link_owner(current.db(), token, current.now())
        return render_template("sign_in/link.html", owner=owner, errors=errors(refused)), refused.status
    return let_in("", staff=owner)


@blueprint.get("/mot-de-passe")
@requires(STAFF)
def password() -> str:
    """Change one's own password."""
    return render_template("sign_in/password.html", errors={})


@blueprint.post("/mot-de-passe")
@requires(STAFF)
def password_change() -> Page:
    """Keep the new password; every other browser is signed out."""
    try:
        member = passwords.change_password(
            current.db(),
            current.actor(),
            current=request.form.get("current", ""),
            password=request.form.get("password", ""),
            again=request.form.get("again", ""),
            secret=current.installation().secret,
            now=current.now(),
        )
    except Refused as refused:
        current.db().commit()
        return render_template("sign_in/password.html", errors=errors(refused)), refused.status
    return let_in("", staff=member)


@blueprint.get("/mot-de-passe-oublie")
@requires(STAFF_DOOR)
def forgotten() -> str:
    """Who to ask for a new password; a link by mail where the installation sends mail."""
    return _forgotten_page()


@blueprint.post("/mot-de-passe-oublie")
@requires(STAFF_DOOR)
def forgotten_asked() -> Page:
    """The same answer whoever asks; the account is only looked for once it has left."""
    installation, now, email = current.installation(), current.now(), request.form.get("email", "")
    if not mail.can_send(installation.settings):
        return _forgotten_page()
    try:
        access.count_guess(current.db(), "link", _address(), installation.secret, now)
    except Refused as refused:
        return _forgotten_page(refused), refused.status
    current.db().commit()
    response = Response(_forgotten_page(asked=True), mimetype="text/html")
    response.call_on_close(_link_sender(installation, letters.reset("", letters.TOKEN), email, now))
    return response


def _link_sender(installation: Installation, letter: Letter, email: str, now: datetime) -> Callable[[], None]:
    """What is done once the answer has left, so that its time tells nothing about the e-mail."""

    def send() -> None:
        try:
            with installation.database.writing() as session:
                asked = passwords.ask_for_link(session, email, now)
                session.commit()
            if asked is not None:
                member, token = asked
                text = letter.text.replace(letters.TOKEN, token)
                mail.send(installation.settings, installation.base_url, Letter(member.email, letter.subject, text))
        except (MailFailed, SQLAlchemyError) as error:
            # Only the type: the error's own text may quote the address.
            LOG.error("a link could not be sent: %s", type(error).__name__)  # noqa: TRY400

    return send


def _member() -> StaffRecord:
    member = passwords.sign_in(
        current.db(),
        email=request.form.get("email", ""),
        password=request.form.get("password", ""),
        address=_address(),
        secret=current.installation().secret,
        now=current.now(),
    )
    if member is None:
        raise Invalid(WRONG_PASSWORD, field="password")
    return member


def _holder(card: str, pin: str) -> PersonRecord:
    if codes.read_code(card) is None:
        raise Invalid(MISTYPED, field="card")
    secret = current.installation().secret
    holder = cards.sign_in(current.db(), card=card, pin=pin, address=_address(), secret=secret, now=current.now())
    if holder is None:
        raise Invalid(cards.WRONG_PIN, field="pin")
    return holder


def _holder_choosing(card: str) -> PersonRecord:
    if codes.read_code(card) is None:
        raise Invalid(MISTYPED, field="card")
    secret = current.installation().secret
    holder = cards.card_holder(current.db(), card=card, address=_address(), secret=secret, now=current.now())
    if holder is None or not cards.may_choose_pin(holder, current.now()):
        raise Invalid(NO_PIN_TO_CHOOSE, field="card")
    return holder


def let_in(url: str, *, staff: StaffRecord | None = None, person: PersonRecord | None = None) -> Response:
    """A fresh session, and the way to `url` or else to the actor's first page."""
    former = current.actor_or_none()
    if former is not None:
        access.end_session(current.db(), former)
    token = access.open_session(current.db(), now=current.now(), staff=staff, person=person)
    actor = access.actor_of(current.db(), token, current.now(), current.today())
    current.db().commit()
    browser.clear()
    if person is not None and language.COOKIE not in request.cookies and person.language in language.LANGUAGES:
        g.language_to_keep = person.language
    return signed_in_response(redirect(url or navigation.of(actor)[0].url, 303), token, by_card=person is not None)


def local_path(text: str) -> str:
    """The path where it leads somewhere on this site; empty for any other address."""
    if not text.startswith("/") or text.startswith("//") or "\\" in text or not text.isprintable():
        return ""
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    return "" if parts.scheme or parts.netloc else text


def _next() -> str:
    return local_path(request.values.get("next", ""))


def _address() -> str:
    return request.remote_addr or ""


def _staff_page(refused: Refused | None = None) -> str:
    return render_template(
        "sign_in/staff.html", email=request.form.get("email", ""), next=_next(), errors=errors(refused)
    )


def _person_page(card: str, refused: Refused | None = None, *, scanned: bool = False) -> str:
    known = codes.read_code(card)
    shown = codes.show_code(known) if known else card[: codes.LONGEST_TYPED]
    scanned = scanned and known is not None
    return render_template(
        "sign_in/person.html", card=shown, known=known, scanned=scanned, next=_next(), errors=errors(refused)
    )


def _choose_page(card: str, refused: Refused | None = None) -> str:
    return render_template("sign_in/choose_pin.html", card=card, errors=errors(refused))


def _forgotten_page(refused: Refused | None = None, *, asked: bool = False) -> str:
    by_mail = mail.can_send(current.installation().settings)
    return render_template("sign_in/forgotten.html", by_mail=by_mail, asked=asked, errors=errors(refused))
