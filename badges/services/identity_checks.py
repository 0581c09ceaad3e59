"""What is done at somebody's request from outside the service: checked by two people, each in their own words.

A person whose structure left them or closed, and who lost their card, asks the owner of a référentiel on which they
were assessed: a région or a branch. Two of its administrators check who they are; then a new card is made, the old one
stops, and nothing is taken from them. A person who asks in writing to be erased is checked in the same way by their
structure, or by that owner. Papers are looked at, never copied: what is written down is what was looked at.
"""

import unicodedata
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload, selectinload

from badges.models.assessments import RoundRecord
from badges.models.awards import ShareRecord
from badges.models.people import MembershipRecord, OrganisationRecord, PersonRecord, Role
from badges.models.referentiels import ReferentielRecord, VersionRecord
from badges.models.rights import ErasureRequestRecord, IdentityCheckRecord, IdentityRequestRecord, Origin, RequestKind
from badges.services import access, codes, erasure, journal, looks, people
from badges.services.access import Actor
from badges.services.erasure import Planned
from badges.services.errors import N_, Conflict, Forbidden, Invalid, NotFound
from badges.services.installation import Installation
from badges.services.looks import Opened
from badges.services.people import PinChoice

LONGEST_WORDS = 500
UNKNOWN = N_("Cette demande n’existe pas, ou n’est pas de votre organisation.")
NOBODY = N_(
    "Personne ne correspond parmi celles que vos référentiels concernent et que plus aucune structure ne suit. "
    "Vérifiez le code, ou le nom entier et la structure."
)


@dataclass(frozen=True, slots=True)
class Sought:
    """Somebody a région may let in again: their name, and where they were followed."""

    person_id: uuid.UUID
    name: str
    structures: tuple[str, ...]


def owners(session: Session, actor: Actor) -> list[OrganisationRecord]:
    """The organisations the actor administers that own a référentiel."""
    return list(
        session.scalars(
            select(OrganisationRecord)
            .where(
                OrganisationRecord.id.in_(actor.organisations(Role.ADMINISTRATOR)),
                select(ReferentielRecord.id).where(ReferentielRecord.owner_id == OrganisationRecord.id).exists(),
            )
            .order_by(OrganisationRecord.name)
        )
    )


def seek(
    session: Session,
    installation: Installation,
    actor: Actor,
    *,
    organisation_id: int,
    code: str = "",
    name: str = "",
    structure: str = "",
    now: datetime,
) -> Sought:
    """The one person of a card's or a badge's code, or of a whole name and a structure; the caller commits either way.

    Who is found is told that somebody looked, whatever comes of it.

    Raises:
        Forbidden: the actor does not administer the organisation. TooMany: too many searches.
        NotFound: nobody, several, or somebody this organisation's référentiels do not concern.
        Conflict: a structure follows them: it lets them in itself.
    """
    _require_owner(session, actor, organisation_id)
    access.count_guess(session, "seek", str(actor.staff_id), installation.secret, now)
    journal.record(
        session,
        actor=actor.label,
        action="person.sought",
        object=f"organisation:{organisation_id}",
        now=now,
        organisation_id=organisation_id,
        by="code" if code.strip() else "name",
    )
    found = _by_code(session, code) if code.strip() else _by_name(session, name, structure)
    if len(found) != 1 or not _concerned(session, organisation_id, found[0].id):
        raise NotFound(NOBODY)
    looks.write(session, actor, Opened(found[0].id, organisation_id, Role.ADMINISTRATOR), now.date())
    return _free(session, found[0])


def found_before(session: Session, actor: Actor, organisation_id: int, person_id: uuid.UUID) -> Sought:
    """Somebody the actor found a moment ago.

    Raises:
        Forbidden, NotFound, Conflict: as `seek`.
    """
    _require_owner(session, actor, organisation_id)
    person = session.get(PersonRecord, person_id)
    if person is None or not _concerned(session, organisation_id, person_id):
        raise NotFound(NOBODY)
    return _free(session, person)


def ask(
    session: Session,
    actor: Actor,
    *,
    kind: RequestKind,
    organisation_id: int,
    person_id: uuid.UUID,
    words: str,
    stop_copies: bool = False,
    now: datetime,
) -> IdentityRequestRecord:
    """The request, with what the first of the two looked at.

    Raises:
        Forbidden, NotFound: the actor may not ask this for this person. Conflict: it was asked already.
        Invalid: nothing says what was looked at.
    """
    _require_may_check(session, actor, kind, organisation_id, person_id)
    session.get_one(PersonRecord, person_id, with_for_update=True)
    if open_for(session, person_id, kind) is not None:
        raise Conflict(N_("Cette demande est déjà ouverte. Une deuxième personne peut la vérifier."))
    row = IdentityRequestRecord(
        kind=kind, person_id=person_id, organisation_id=organisation_id, stop_copies=stop_copies, opened_at=now
    )
    row.checks.append(IdentityCheckRecord(staff_id=actor.staff_id, words=_checked_words(words), at=now))
    session.add(row)
    session.flush()
    _note(session, actor, row, "request.opened", now)
    _looked(session, actor, row, now)
    return row


def waiting(session: Session, actor: Actor) -> list[IdentityRequestRecord]:
    """The open requests of the organisations the actor administers, the oldest first."""
    return list(
        session.scalars(
            _requests()
            .where(
                IdentityRequestRecord.closed_at.is_(None),
                IdentityRequestRecord.organisation_id.in_(actor.organisations(Role.ADMINISTRATOR)),
            )
            .order_by(IdentityRequestRecord.id)
        )
    )


def open_for(session: Session, person_id: uuid.UUID, kind: RequestKind) -> IdentityRequestRecord | None:
    """The open request of this kind for a person, or None; the caller has made sure that the reader may know."""
    return session.scalar(
        _requests().where(
            IdentityRequestRecord.person_id == person_id,
            IdentityRequestRecord.kind == kind,
            IdentityRequestRecord.closed_at.is_(None),
        )
    )


def restore_access(
    session: Session,
    installation: Installation,
    actor: Actor,
    request_id: int,
    *,
    words: str,
    pin_choice: PinChoice,
    now: datetime,
) -> tuple[PersonRecord, str | None]:
    """The person, let in again by the second of two checks: a new card, and the PIN of its strip where one is made.

    The old card stops at once; badges, shares and answers stay as they are. Nothing can be claimed that day.

    Raises:
        NotFound: no such open request of an organisation of the actor. Forbidden: the first check was theirs.
        Invalid: nothing says what was looked at. Conflict: a structure follows the person again.
    """
    row = _second(session, actor, request_id, kind=RequestKind.ACCESS, words=words, now=now)
    person = session.get_one(PersonRecord, row.person_id, with_for_update=True, populate_existing=True)
    _free(session, person)
    pin = people.open_again(session, person, pin_choice, by=actor, secret=installation.secret, now=now)
    row.closed_at = now
    session.flush()
    _note(session, actor, row, "person.access_restored", now)
    return person, pin


def plan_erasure(session: Session, actor: Actor, request_id: int, *, words: str, today: date, now: datetime) -> Planned:
    """The erasure of a person, seven days after the second of two checks of their written request.

    Until then their page says so, and they may renounce: nobody can make them disappear behind their back.

    Raises:
        NotFound: no such open request of an organisation of the actor. Forbidden: the first check was theirs.
        Invalid: nothing says what was looked at. Conflict: the person asked on their page already, and chose how.
    """
    row = _second(session, actor, request_id, kind=RequestKind.ERASURE, words=words, now=now)
    session.get_one(PersonRecord, row.person_id, with_for_update=True)
    if session.get(ErasureRequestRecord, row.person_id, populate_existing=True) is not None:
        raise Conflict(N_("L’effacement est déjà prévu. Il n’y a rien d’autre à faire."))
    row.closed_at = now
    return erasure.plan(
        session,
        row.person_id,
        origin=Origin.STRUCTURE,
        stop_copies=row.stop_copies,
        actor=actor.label,
        today=today,
        now=now,
    )


def cancel(session: Session, actor: Actor, request_id: int, now: datetime) -> None:
    """Close a request without doing anything.

    Raises:
        NotFound: no such open request of an organisation of the actor.
    """
    row = _open_request(session, actor, request_id)
    row.closed_at = now
    session.flush()
    _note(session, actor, row, "request.cancelled", now)


def _second(
    session: Session, actor: Actor, request_id: int, *, kind: RequestKind, words: str, now: datetime
) -> IdentityRequestRecord:
    row = _open_request(session, actor, request_id)
    if row.kind is not kind:
        raise NotFound(UNKNOWN)
    if any(check.staff_id == actor.staff_id for check in row.checks):
        raise Forbidden(N_("Vous avez fait la première vérification : une autre personne doit faire la deuxième."))
    row.checks.append(IdentityCheckRecord(staff_id=actor.staff_id, words=_checked_words(words), at=now))
    session.flush()
    _note(session, actor, row, "request.checked", now)
    _looked(session, actor, row, now)
    return row


def _open_request(session: Session, actor: Actor, request_id: int) -> IdentityRequestRecord:
    row = session.scalar(
        _requests()
        .where(IdentityRequestRecord.id == request_id, IdentityRequestRecord.closed_at.is_(None))
        .with_for_update(of=IdentityRequestRecord)
    )
    if row is None:
        raise NotFound(UNKNOWN)
    try:
        _require_may_check(session, actor, row.kind, row.organisation_id, row.person_id)
    except Forbidden:
        raise NotFound(UNKNOWN) from None
    return row


def _require_may_check(
    session: Session, actor: Actor, kind: RequestKind, organisation_id: int, person_id: uuid.UUID
) -> None:
    """An owner's administrators check for people nobody follows; a structure's coaches and administrators, erasures."""
    if people.follows(session, person_id, organisation_id):
        if kind is RequestKind.ERASURE and (
            actor.has(Role.COACH, organisation_id) or actor.has(Role.ADMINISTRATOR, organisation_id)
        ):
            return
        raise NotFound(people.UNKNOWN)
    found_before(session, actor, organisation_id, person_id)


def _require_owner(session: Session, actor: Actor, organisation_id: int) -> None:
    if organisation_id not in {row.id for row in owners(session, actor)}:
        raise Forbidden(N_("Seule l’administration d’une organisation qui tient un référentiel rend un accès."))


def _concerned(session: Session, organisation_id: int, person_id: uuid.UUID) -> bool:
    """Whether the person was assessed on a référentiel of the organisation."""
    found = (
        select(RoundRecord.id)
        .join(VersionRecord, VersionRecord.id == RoundRecord.version_id)
        .join(ReferentielRecord, ReferentielRecord.id == VersionRecord.referentiel_id)
        .where(RoundRecord.person_id == person_id, ReferentielRecord.owner_id == organisation_id)
        .limit(1)
    )
    return session.scalar(found) is not None


def _free(session: Session, person: PersonRecord) -> Sought:
    """The person, whom no open structure follows.

    Raises:
        Conflict: one does.
    """
    rows = session.execute(
        select(MembershipRecord.left_on, OrganisationRecord.name, OrganisationRecord.closed_at)
        .join(OrganisationRecord, OrganisationRecord.id == MembershipRecord.organisation_id)
        .where(MembershipRecord.person_id == person.id)
        .order_by(MembershipRecord.id)
    ).all()
    if any(row.left_on is None and row.closed_at is None for row in rows):
        raise Conflict(N_("Une structure suit cette personne aujourd’hui : c’est elle qui refait son accès."))
    return Sought(person.id, person.name, tuple(dict.fromkeys(row.name for row in rows)))


def _by_code(session: Session, typed: str) -> Sequence[PersonRecord]:
    code = codes.read_code(typed) or ""
    shared = select(ShareRecord.person_id).where(ShareRecord.code == code)
    return session.scalars(
        select(PersonRecord).where((PersonRecord.card_code == code) | PersonRecord.id.in_(shared))
    ).all()


def _by_name(session: Session, name: str, structure: str) -> Sequence[PersonRecord]:
    """Whoever bears exactly this name and was followed by exactly this structure, whatever the capitals and spaces."""
    wanted, place = _plain(name), _plain(structure)
    if not wanted or not place:
        raise Invalid(N_("Tapez un code, ou le nom entier et la structure."), field="code")
    there = [
        row.id
        for row in session.execute(select(OrganisationRecord.id, OrganisationRecord.name))
        if _plain(row.name) == place
    ]
    followed = session.scalars(
        select(PersonRecord)
        .join(MembershipRecord, MembershipRecord.person_id == PersonRecord.id)
        .where(MembershipRecord.organisation_id.in_(there))
        .distinct()
    )
    return [person for person in followed if _plain(person.name) == wanted]


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def _checked_words(words: str) -> str:
    text = " ".join(words.split())[:LONGEST_WORDS]
    if not text:
        raise Invalid(
            N_("Écrivez ce que vous avez vérifié, sans recopier de numéro ni garder de copie."), field="words"
        )
    return text


def _requests() -> Select[IdentityRequestRecord]:
    return select(IdentityRequestRecord).options(
        joinedload(IdentityRequestRecord.person),
        joinedload(IdentityRequestRecord.organisation),
        selectinload(IdentityRequestRecord.checks).joinedload(IdentityCheckRecord.staff),
    )


def _looked(session: Session, actor: Actor, row: IdentityRequestRecord, now: datetime) -> None:
    """Whoever checks has seen who the person is: they are told."""
    role = Role.COACH if actor.has(Role.COACH, row.organisation_id) else Role.ADMINISTRATOR
    looks.write(session, actor, Opened(row.person_id, row.organisation_id, role), now.date())


def _note(session: Session, actor: Actor, row: IdentityRequestRecord, action: str, now: datetime) -> None:
    journal.record(
        session,
        actor=actor.label,
        action=action,
        object=f"person:{row.person_id}",
        now=now,
        organisation_id=row.organisation_id,
        request=row.id,
        kind=row.kind.value,
    )
