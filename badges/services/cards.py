"""Coming in with a card: its code and a PIN, or the card alone while a PIN may be chosen.

A card that does not exist and a PIN that is wrong get one and the same answer, after the same time. Wrong PINs are
counted by person, unknown cards by the client's address.
"""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from badges.models.people import MembershipRecord, PersonRecord, Role
from badges.services import access, codes, journal, people
from badges.services.access import Actor
from badges.services.errors import N_, Conflict, Forbidden, Invalid, NotFound

WRONG_PIN = N_("Ce numéro de carte et ce code secret ne vont pas ensemble. Vérifiez les deux.")


def sign_in(
    session: Session, *, card: str, pin: str, address: str, secret: bytes, now: datetime
) -> PersonRecord | None:
    """The person of this card code and PIN, or None; takes as long for a card that does not exist.

    The caller commits either way. `address` is the client's: guesses of card codes are counted by it.

    Raises:
        TooMany: too many wrong PINs for this person, or wrong cards from this address.
    """
    person = card_holder(session, card=card, address=address, secret=secret, now=now)
    if person is None:
        access.secret_matches(None, people.read_pin(pin))
        return None
    return person if people.confirm_pin(session, person, pin, secret, now) else None


def card_holder(
    session: Session, *, card: str, address: str, secret: bytes, now: datetime, lock: bool = False
) -> PersonRecord | None:
    """The person a card belongs to, or None. The caller commits either way.

    Raises:
        TooMany: too many unknown cards from this address.
    """
    access.count_guess(session, "card", address, secret, now)
    code = codes.read_code(card)
    query = select(PersonRecord).where(PersonRecord.card_code == (code or ""))
    person = session.scalar(query.with_for_update() if lock else query)
    if person is not None:
        access.take_back_guess(session, "card", address, secret)
    return person


def may_choose_pin(person: PersonRecord, now: datetime) -> bool:
    """Whether the card alone opens the page on which the person chooses their PIN."""
    return person.pin_open_until is not None and now < person.pin_open_until


def choose_pin(
    session: Session, *, card: str, pin: str, again: str, address: str, secret: bytes, now: datetime
) -> PersonRecord:
    """The person, with the PIN they chose at first use or after a reset.

    Raises:
        NotFound: no such card. TooMany: too many unknown cards from this address.
        Conflict: a PIN was chosen already, or the seven days are over.
        Invalid: the two differ, or the PIN is too easy.
    """
    person = card_holder(session, card=card, address=address, secret=secret, now=now, lock=True)
    if person is None:
        raise NotFound(N_("Ce numéro de carte n’existe pas. Vérifiez les lettres et les chiffres."))
    if not may_choose_pin(person, now):
        raise Conflict(
            N_(
                "Avec cette carte, on ne peut plus choisir de code secret : il est déjà choisi, ou le délai est passé. "
                "Demandez à votre coach."
            )
        )
    _set_pin(person, pin, again)
    access.end_all_sessions(session, person_id=person.id)
    _note(session, person, "person.pin_chosen", now)
    return person


def change_pin(
    session: Session, actor: Actor, *, current: str, pin: str, again: str, secret: bytes, now: datetime
) -> PersonRecord:
    """The signed-in person, with a new PIN; every session of theirs is over, this one too.

    The caller commits even where it is refused, so that a wrong present PIN stays counted.

    Raises:
        Invalid: the present PIN is wrong, the two new ones differ, or it is too easy.
        TooMany: too many wrong ones.
    """
    person = session.get_one(PersonRecord, actor.person_id, with_for_update=True, populate_existing=True)
    if not people.confirm_pin(session, person, current, secret, now):
        raise Invalid(N_("Ce n’est pas votre code secret actuel."), field="current")
    _set_pin(person, pin, again)
    access.end_all_sessions(session, person_id=person.id)
    _note(session, person, "person.pin_changed", now)
    return person


def join(
    session: Session,
    actor: Actor,
    *,
    organisation_id: int,
    card: str,
    pin: str,
    address: str,
    secret: bytes,
    now: datetime,
    today: date,
) -> PersonRecord:
    """The person, followed from today by the coach's structure.

    The PIN, typed by the person beside the coach, is their consent: for somebody who comes from another structure or
    comes back. What other structures did with them stays unseen. Harmless where they are followed already. The caller
    commits even where it is refused, so that a wrong PIN stays counted.

    Raises:
        Forbidden: the actor is not a coach of the structure.
        Invalid: card and PIN do not go together.
        TooMany: too many wrong PINs for this person, or unknown cards from this address.
    """
    if not actor.has(Role.COACH, organisation_id):
        raise Forbidden(N_("Seuls les coachs de cette structure y accueillent des personnes."))
    person = sign_in(session, card=card, pin=pin, address=address, secret=secret, now=now)
    if person is None:
        raise Invalid(WRONG_PIN, field="pin")
    membership = MembershipRecord(
        person_id=person.id, organisation_id=organisation_id, coach_id=actor.staff_id, joined_on=today
    )
    try:
        with session.begin_nested():
            session.add(membership)
    except IntegrityError:  # followed by the structure already
        return person
    journal.record(
        session,
        actor=actor.label,
        action="person.joined",
        object=f"person:{person.id}",
        now=now,
        organisation_id=organisation_id,
    )
    return person


def _set_pin(person: PersonRecord, pin: str, again: str) -> None:
    chosen = people.read_pin(pin)
    access.check_new_pin(chosen)
    if people.read_pin(again) != chosen:
        raise Invalid(N_("Les deux codes ne sont pas les mêmes. Tapez le même code deux fois."), field="again")
    person.pin_hash, person.pin_open_until = access.hash_secret(chosen), None


def _note(session: Session, person: PersonRecord, action: str, now: datetime) -> None:
    name = f"person:{person.id}"
    journal.record(session, actor=name, action=action, object=name, now=now)
