"""People, and the memberships by which a structure follows them.

A person is reached by a coach only through an open membership in a structure of that coach; whatever lies outside
answers "no such person". No e-mail, address or birth date is asked or kept. A PIN is never stored in clear: the one
drawn for a paper strip is returned once, to be printed, and forgotten.
"""

import re
import secrets
import unicodedata
import uuid
from datetime import date, datetime, timedelta, tzinfo
from typing import Literal

from sqlalchemy import ColumnElement, and_, delete, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload, selectinload

from badges.models.passkeys import PasskeyRecord
from badges.models.people import AgeBand, MembershipRecord, PersonRecord, Role, RoleRecord, StaffRecord
from badges.models.rights import ErasureRecord
from badges.services import access, codes, journal
from badges.services.access import Actor
from badges.services.errors import N_, Forbidden, Gone, Invalid, NotFound
from badges.services.names import clean_name

FIRST_USE = timedelta(days=7)
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}|@[a-z]{2,8})?")
UNKNOWN = N_("Cette personne n’existe pas, ou n’est pas suivie par votre structure.")
ERASED = N_("Cette personne a demandé l’effacement de ses données. Il ne reste rien d’elle ici.")

PinChoice = Literal["first_use", "strip"]


def create_person(
    session: Session,
    actor: Actor,
    *,
    organisation_id: int,
    name: str,
    pin_choice: PinChoice,
    now: datetime,
    language: str = "fr",
    age_band: str = AgeBand.ADULT,
    coach_id: int | None = None,
    person_id: uuid.UUID | None = None,
    today: date | None = None,
) -> tuple[PersonRecord, str | None]:
    """A new person followed by the structure, and the PIN of their strip where one was asked for.

    `coach_id` is the actor unless another coach of the structure is named. `person_id`, drawn when the form was
    shown, makes the act safe to repeat: a second time returns the same person, without a PIN. `today` is the local
    day on which the following starts.

    Raises:
        Forbidden: the actor is not a coach of the structure.
        Invalid: the name, the language, the age band or the coach cannot be used.
    """
    if not actor.has(Role.COACH, organisation_id):
        raise Forbidden(N_("Seuls les coachs de cette structure y inscrivent des personnes."))
    if person_id is not None and session.get(PersonRecord, person_id) is not None:
        return person_for(session, actor, person_id), None
    person = PersonRecord(
        id=person_id or uuid.uuid4(),
        name=clean_name(name),
        card_code=_fresh_card_code(session),
        language=_known_language(language),
        age_band=known_age_band(age_band),
        created_at=now,
    )
    coach = _coach_of(session, organisation_id, coach_id or actor.staff_id)
    pin = _open_card(person, pin_choice, now)
    person.memberships.append(
        MembershipRecord(organisation_id=organisation_id, coach_id=coach.id, joined_on=today or now.date())
    )
    try:
        with session.begin_nested():
            session.add(person)
    except IntegrityError:  # the same form, sent twice at the same moment
        return person_for(session, actor, person.id), None
    _note(session, actor, "person.created", person.id, organisation_id, now, pin=pin_choice)
    return person, pin


def person_for(session: Session, actor: Actor, person_id: uuid.UUID) -> PersonRecord:
    """The person with their memberships: for themselves, or for a coach of a structure that follows them today.

    Raises:
        NotFound: no such person, or none that this actor may know of.
    """
    if actor.person_id != person_id:
        open_membership(session, actor, person_id)
    person = session.get(
        PersonRecord,
        person_id,
        options=[
            selectinload(PersonRecord.memberships).joinedload(MembershipRecord.organisation),
            selectinload(PersonRecord.memberships).joinedload(MembershipRecord.coach),
        ],
    )
    if person is None:
        raise NotFound(UNKNOWN)
    return person


def open_membership(
    session: Session, actor: Actor, person_id: uuid.UUID, *, organisation_id: int | None = None, lock: bool = False
) -> MembershipRecord:
    """The membership by which a structure of this coach follows the person today.

    Any coach of the structure may stand in for an absent colleague. `lock` keeps it for the end of the transaction.

    Raises:
        NotFound: no such person, or no structure of this coach follows them. Gone: the person was erased.
    """
    places = actor.organisations(Role.COACH)
    query = (
        select(MembershipRecord)
        .where(
            MembershipRecord.person_id == person_id,
            MembershipRecord.left_on.is_(None),
            MembershipRecord.organisation_id.in_(places if organisation_id is None else places & {organisation_id}),
        )
        .options(
            joinedload(MembershipRecord.person),
            joinedload(MembershipRecord.organisation),
            joinedload(MembershipRecord.coach),
        )
        .order_by(MembershipRecord.id)
        .limit(1)
    )
    membership = session.scalar(query.with_for_update(of=MembershipRecord) if lock else query)
    if membership is None:
        if session.scalar(select(ErasureRecord.id).where(ErasureRecord.person_id == person_id)) is not None:
            raise Gone(ERASED)
        raise NotFound(UNKNOWN)
    return membership


def follows(session: Session, person_id: uuid.UUID, organisation_id: int) -> bool:
    """Whether the structure follows the person today."""
    open_one = select(MembershipRecord.id).where(
        MembershipRecord.person_id == person_id,
        MembershipRecord.organisation_id == organisation_id,
        MembershipRecord.left_on.is_(None),
    )
    return session.scalar(open_one.limit(1)) is not None


def followed_by(actor: Actor) -> ColumnElement[bool]:
    """Memberships by which this coach follows somebody today: their own, or those of a colleague they stand in for.

    Where they coach no longer they follow nobody, whoever still stands under their name.
    """
    return or_(
        and_(
            MembershipRecord.coach_id == actor.staff_id,
            MembershipRecord.organisation_id.in_(actor.organisations(Role.COACH)),
        ),
        *(
            and_(MembershipRecord.organisation_id == organisation_id, MembershipRecord.coach_id == coach_id)
            for organisation_id, coach_id in sorted(actor.stands_in_for)
        ),
    )


def coaches_of(session: Session, organisation_id: int) -> list[StaffRecord]:
    """The active coaches of a structure, by name."""
    return list(
        session.scalars(
            select(StaffRecord)
            .join(RoleRecord)
            .where(
                RoleRecord.organisation_id == organisation_id,
                RoleRecord.role == Role.COACH,
                StaffRecord.deactivated_at.is_(None),
            )
            .order_by(StaffRecord.name)
        )
    )


def hand_over(
    session: Session, actor: Actor, person_id: uuid.UUID, *, coach_id: int, now: datetime, everyone: bool = False
) -> int:
    """Give the person to a colleague of the same structure; returns how many people changed coach.

    `everyone` gives all the people that the same coach follows in this structure: for when a colleague leaves.

    Raises:
        NotFound: the person is not followed by a structure of this coach.
        Invalid: the colleague is not an active coach of the structure.
    """
    membership = open_membership(session, actor, person_id, lock=True)
    coach = _coach_of(session, membership.organisation_id, coach_id)
    given = [membership]
    if everyone:
        given = list(
            session.scalars(
                select(MembershipRecord)
                .where(
                    MembershipRecord.organisation_id == membership.organisation_id,
                    MembershipRecord.coach_id == membership.coach_id,
                    MembershipRecord.left_on.is_(None),
                )
                .order_by(MembershipRecord.id)
                .with_for_update()
            )
        )
    changed = [one for one in given if one.coach_id != coach.id]
    for one in changed:
        moved = {"from_staff": one.coach_id, "to_staff": coach.id}
        _note(session, actor, "person.handed_over", one.person_id, one.organisation_id, now, **moved)
        one.coach_id = coach.id
    session.flush()
    return len(changed)


def leave(session: Session, actor: Actor, person_id: uuid.UUID, *, on: date, now: datetime) -> None:
    """End the following today: the structure sees the person no more; card, PIN and badges stay theirs.

    Raises:
        NotFound: the person is not followed by a structure of this coach, or no longer.
    """
    membership = open_membership(session, actor, person_id, lock=True)
    membership.left_on = on
    _note(session, actor, "person.left", person_id, membership.organisation_id, now)


def reset_pin(
    session: Session,
    actor: Actor,
    person_id: uuid.UUID,
    *,
    pin_choice: PinChoice,
    secret: bytes,
    now: datetime,
    new_card: bool = False,
) -> str | None:
    """Let the person in again: a new strip (its PIN is returned, once) or seven days to choose a PIN themselves.

    The act is dated and signed on the person's page, and blocks claiming that day. `new_card` also changes the card
    code, so that a lost card stops. Ends the person's sessions.

    Raises:
        NotFound: the person is not followed by a structure of this coach.
    """
    membership = open_membership(session, actor, person_id)
    person = session.get_one(PersonRecord, person_id, with_for_update=True, populate_existing=True)
    pin = open_again(session, person, pin_choice, by=actor, secret=secret, now=now, new_card=new_card)
    action = "person.card_replaced" if new_card else "person.pin_reset"
    _note(session, actor, action, person.id, membership.organisation_id, now, pin=pin_choice)
    return pin


def open_again(
    session: Session,
    person: PersonRecord,
    pin_choice: PinChoice,
    *,
    by: Actor,
    secret: bytes,
    now: datetime,
    new_card: bool = True,
) -> str | None:
    """Let a person in again, whoever made sure that it is them; the PIN of their strip, where one was asked for.

    With a new card the old one stops. Their sessions end, their passkeys go (somebody else may have added one), and
    nothing can be claimed that day.
    """
    pin = _open_card(person, pin_choice, now)
    person.pin_reset_at, person.pin_reset_by = now, by.staff_id
    if new_card:
        person.card_code = _fresh_card_code(session)
    access.end_all_sessions(session, person_id=person.id)
    access.forget_guesses(session, "pin", str(person.id), secret)
    session.execute(delete(PasskeyRecord).where(PasskeyRecord.person_id == person.id))
    return pin


def may_claim_today(person: PersonRecord, today: date, zone: tzinfo) -> bool:
    """Whether the person may claim a badge: not on the local day on which a coach reset their PIN."""
    return person.pin_reset_at is None or person.pin_reset_at.astimezone(zone).date() != today


def confirm_pin(session: Session, person: PersonRecord, pin: str, secret: bytes, now: datetime) -> bool:
    """Whether this is the person's PIN; the caller commits either way, so that a wrong one stays counted.

    Raises:
        TooMany: too many wrong ones for this person in the last minutes.
    """
    access.count_guess(session, "pin", str(person.id), secret, now)
    if not access.secret_matches(person.pin_hash, read_pin(pin)):
        return False
    access.forget_guesses(session, "pin", str(person.id), secret)
    return True


def read_pin(typed: str) -> str:
    """The PIN from what somebody typed: without spaces, and with the digits of any script as 0 to 9."""
    kept = "".join(typed.split())[: access.LONGEST_PASSWORD]
    return "".join(str(unicodedata.decimal(character, character)) for character in kept)


def _open_card(person: PersonRecord, pin_choice: PinChoice, now: datetime) -> str | None:
    if pin_choice == "strip":
        pin = _strip_pin()
        person.pin_hash, person.pin_open_until = access.hash_secret(pin), None
        return pin
    person.pin_hash, person.pin_open_until = None, now + FIRST_USE
    return None


def _strip_pin() -> str:
    while True:
        pin = f"{secrets.randbelow(1_000_000):06}"
        try:
            access.check_new_pin(pin)
        except Invalid:
            continue
        return pin


def _fresh_card_code(session: Session) -> str:
    while True:
        code = codes.new_code(codes.CARD_BITS)
        if session.scalar(select(PersonRecord.id).where(PersonRecord.card_code == code)) is None:
            return code


def _known_language(language: str) -> str:
    if not LANGUAGE.fullmatch(language):
        raise Invalid(N_("Choisissez une langue dans la liste."), field="language")
    return language


def known_age_band(age_band: str) -> AgeBand:
    """The age band a form named.

    Raises:
        Invalid: there is no such band.
    """
    try:
        return AgeBand(age_band)
    except ValueError:
        raise Invalid(N_("Choisissez une tranche d’âge dans la liste."), field="age_band") from None


def _coach_of(session: Session, organisation_id: int, staff_id: int | None) -> StaffRecord:
    for coach in coaches_of(session, organisation_id):
        if coach.id == staff_id:
            return coach
    raise Invalid(N_("Choisissez un coach de cette structure."), field="coach")


def _note(  # noqa: PLR0917 - who, what, about whom, where and when: always all of them, always in this order
    session: Session,
    actor: Actor,
    action: str,
    person_id: uuid.UUID,
    organisation_id: int,
    now: datetime,
    **details: object,
) -> None:
    journal.record(
        session,
        actor=actor.label,
        action=action,
        object=f"person:{person_id}",
        now=now,
        organisation_id=organisation_id,
        **details,
    )
