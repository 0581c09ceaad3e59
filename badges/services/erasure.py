"""Erasing a person: every row about them goes; what proof needs stays, and names nobody.

What stays of a badge is its digest and its place in a status list, so that a copy the person gave still gets its true
answer and the place is never given to another. The person chooses whether copies go on verifying or are paused for
good.
The journal, which is only added to, holds no name, rating, phrase or secret. The account of all this is kept without a
name, at an address that the person alone is given.

Source: RGPD, article 17; docs/adr/0016.
"""

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from badges.models.access import SessionRecord
from badges.models.awards import AwardRecord, CredentialRecord, ShareRecord
from badges.models.journal import JournalRecord
from badges.models.people import PersonRecord
from badges.models.rights import ErasedCredentialRecord, ErasureRecord, ErasureRequestRecord, FarewellRecord, Origin
from badges.models.voices import PeerWordRecord
from badges.services import awards, codes, inventory, journal, people, person_rows, status
from badges.services.access import Actor
from badges.services.errors import N_, Conflict, Invalid, NotFound
from badges.services.installation import Installation
from badges.services.inventory import Erasure

DAYS_TO_THINK = 7
WRONG_PIN = N_("Ce n’est pas votre code secret. Rien n’a été effacé. Réessayez.")
ERASED_BADGE = N_("La personne a effacé ses données : ce badge n’est plus montré ici.")
ERASED_SELF = N_("Vos données sont effacées. Il ne reste rien à votre nom sur ce service.")
NO_ACCOUNT = N_("Aucun compte rendu n’est à cette adresse. Vérifiez qu’elle est complète.")
NOT_YET = N_("Rien n’est encore effacé. Le compte rendu sera à cette adresse le jour prévu.")


class WrongPin(Invalid):
    """The PIN was wrong; the caller commits all the same, so that the guess stays counted."""


@dataclass(frozen=True, slots=True)
class Erased:
    """A person was erased: the secret part of the address of the account, and what it tells."""

    token: str
    account: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Planned:
    """A person will be erased: the secret part of the address where the account will be from that day on."""

    token: str
    due_on: date


def pending(session: Session, actor: Actor) -> ErasureRequestRecord | None:
    """The person's own request that is still to be carried out, or None."""
    return session.get(ErasureRequestRecord, actor.person_id) if actor.person_id else None


def ask(
    session: Session,
    installation: Installation,
    actor: Actor,
    *,
    pin: str,
    stop_copies: bool,
    at_once: bool,
    today: date,
    now: datetime,
) -> Erased | Planned:
    """The person asks to be erased: at once, or in seven days, during which they may change their mind.

    Raises:
        WrongPin: commit all the same. TooMany: too many wrong PINs. NotFound: the actor is no person.
        Conflict: a coach reset the PIN today: whoever has the card could otherwise erase everything.
    """
    person = _locked(session, actor.person_id)
    if not people.may_claim_today(person, today, ZoneInfo(installation.settings.timezone)):
        raise Conflict(
            N_(
                "Votre code secret a été refait aujourd’hui par quelqu’un d’autre. Pour que personne n’efface à votre "
                "place, revenez demain."
            )
        )
    if not people.confirm_pin(session, person, pin, installation.secret, now):
        raise WrongPin(WRONG_PIN, field="pin")
    if at_once:
        return erase(
            session, installation, person.id, origin=Origin.PERSON, stop_copies=stop_copies, actor=actor.label, now=now
        )
    return plan(
        session, person.id, origin=Origin.PERSON, stop_copies=stop_copies, actor=actor.label, today=today, now=now
    )


def plan(
    session: Session,
    person_id: uuid.UUID,
    *,
    origin: Origin,
    stop_copies: bool,
    actor: str,
    today: date,
    now: datetime,
) -> Planned:
    """Have the person erased in seven days, instead of what was planned before; until then they may renounce."""
    token, due_on = codes.new_token(), today + timedelta(days=DAYS_TO_THINK)
    session.merge(
        ErasureRequestRecord(
            person_id=person_id,
            asked_at=now,
            due_on=due_on,
            stop_copies=stop_copies,
            origin=origin,
            token_digest=codes.digest(token),
        )
    )
    journal.record(
        session, actor=actor, action="erasure.asked", object=f"person:{person_id}", now=now, origin=origin.value
    )
    return Planned(token, due_on)


def planned_in_writing(session: Session, person_id: uuid.UUID) -> ErasureRequestRecord | None:
    """The request of a person who asked in writing, that is still to be carried out, or None; the caller may know."""
    row = session.get(ErasureRequestRecord, person_id)
    return row if row is not None and row.origin is Origin.STRUCTURE else None


def cancel(session: Session, actor: Actor, now: datetime) -> None:
    """The person changed their mind: nothing is erased.

    Raises:
        NotFound: there was no request.
    """
    _locked(session, actor.person_id)
    row = pending(session, actor)
    if row is None:
        raise NotFound(N_("Aucun effacement n’est prévu."))
    session.delete(row)
    journal.record(session, actor=actor.label, action="erasure.cancelled", object=f"person:{row.person_id}", now=now)


def due(session: Session, today: date) -> list[ErasureRequestRecord]:
    """The requests whose days to think are over."""
    return list(
        session.scalars(
            select(ErasureRequestRecord)
            .where(ErasureRequestRecord.due_on <= today)
            .order_by(ErasureRequestRecord.due_on, ErasureRequestRecord.person_id)
        )
    )


def erase(
    session: Session,
    installation: Installation,
    person_id: uuid.UUID,
    *,
    origin: Origin,
    stop_copies: bool,
    actor: str,
    now: datetime,
) -> Erased:
    """Delete every row about the person; the caller commits, then has the database overwrite what it deleted.

    `actor` is how the journal names whoever did it.

    Raises:
        NotFound: there is no such person.
    """
    token = codes.new_token()
    told = _erase(
        session,
        installation,
        _locked(session, person_id),
        origin=origin,
        stop_copies=stop_copies,
        address=codes.digest(token),
        actor=actor,
        now=now,
    )
    return Erased(token, told)


def carry_out(session: Session, installation: Installation, person_id: uuid.UUID, today: date, now: datetime) -> bool:
    """Erase a person whose days to think are over; whether they have not renounced meanwhile.

    The account is at the address that was given when it was planned.
    """
    person = _locked(session, person_id)
    request = session.get(ErasureRequestRecord, person_id, populate_existing=True)
    if request is None or request.due_on > today:
        return False
    _erase(
        session,
        installation,
        person,
        origin=request.origin,
        stop_copies=request.stop_copies,
        address=request.token_digest or codes.digest(codes.new_token()),
        actor=f"person:{person_id}" if request.origin is Origin.PERSON else "command",
        now=now,
    )
    return True


def _erase(
    session: Session,
    installation: Installation,
    person: PersonRecord,
    *,
    origin: Origin,
    stop_copies: bool,
    address: str,
    actor: str,
    now: datetime,
) -> dict[str, Any]:
    person_id = person.id
    row = ErasureRecord(person_id=person_id, origin=origin, erased_at=now, account={}, token_digest=address)
    session.add(row)
    session.flush()
    badges, paused = _keep_what_proof_needs(session, installation, row, stop_copies=stop_copies, now=now)
    _say_farewell(session, row)
    _take_words_back(session, person_id)
    deleted = _delete_rows(session, person_id)
    told: dict[str, Any] = {
        "deleted": deleted,
        "badges": badges,
        "paused": paused,
        "stopped": stop_copies,
        "journal": _journal_entries(session, person_id),
    }
    row.account = told
    session.flush()
    session.expunge(person)  # whose row is gone, so that nothing finds it in the session either
    journal.record(
        session,
        actor=actor,
        action="person.erased",
        object=f"person:{person_id}",
        now=now,
        origin=origin.value,
        badges=badges,
        rows=sum(deleted.values()),
    )
    return told


def account(session: Session, token: str) -> ErasureRecord:
    """What was erased and what stayed, for whoever has the address.

    Raises:
        NotFound: no such account, or not yet.
    """
    address = codes.digest(token)
    row = session.scalar(select(ErasureRecord).where(ErasureRecord.token_digest == address))
    if row is None:
        planned = select(ErasureRequestRecord.due_on).where(ErasureRequestRecord.token_digest == address)
        raise NotFound(NO_ACCOUNT if session.scalar(planned) is None else NOT_YET)
    return row


def led_to_somebody(session: Session, digest: str) -> bool:
    """Whether a public code or a session of this digest led to somebody who is erased."""
    return session.get(FarewellRecord, digest) is not None


def _locked(session: Session, person_id: uuid.UUID | None) -> PersonRecord:
    person = None
    if person_id is not None:
        person = session.get(PersonRecord, person_id, with_for_update=True, populate_existing=True)
    if person is None:
        raise NotFound(people.UNKNOWN)
    return person


def _keep_what_proof_needs(
    session: Session, installation: Installation, erasure: ErasureRecord, *, stop_copies: bool, now: datetime
) -> tuple[int, int]:
    """How many badges leave something behind, and how many of them stay paused."""
    found = session.scalars(
        select(CredentialRecord)
        .join(AwardRecord, AwardRecord.id == CredentialRecord.award_id)
        .where(AwardRecord.person_id == erasure.person_id)
        .order_by(CredentialRecord.status_list_id, CredentialRecord.id)
        .with_for_update(of=CredentialRecord)
        .execution_options(populate_existing=True)
    ).all()
    if stop_copies:
        status.withhold(session, installation, [one for one in found if one.withheld_at is None], now)
    paused = 0
    for one in found:
        stands_paused = one.revoked_at is None and (one.suspended_at is not None or one.withheld_at is not None)
        paused += stands_paused
        session.add(
            ErasedCredentialRecord(
                credential_id=one.id,
                erasure_id=erasure.id,
                digest=one.digest,
                token_digest=one.token_digest,
                status_list_id=one.status_list_id,
                status_index=one.status_index,
                revoked_at=one.revoked_at,
                paused=stands_paused,
            )
        )
    session.flush()
    return len(found), paused


def _say_farewell(session: Session, erasure: ErasureRecord) -> None:
    """Remember by digest what led to the person: their public codes, and the browsers they were signed in with."""
    shared = select(ShareRecord.code).where(ShareRecord.person_id == erasure.person_id)
    digests = {farewell_of_share(code) for code in session.scalars(shared)}
    digests |= set(
        session.scalars(select(SessionRecord.token_digest).where(SessionRecord.person_id == erasure.person_id))
    )
    session.add_all(FarewellRecord(digest=digest, erasure_id=erasure.id) for digest in sorted(digests))
    session.flush()


def farewell_of_share(code: str) -> str:
    """The digest under which a public code is remembered."""
    return codes.digest(f"share:{code}")


def _take_words_back(session: Session, person_id: uuid.UUID) -> None:
    """Take what the person said of others out of badges that are not claimed yet, as if they had removed it."""
    for word in session.scalars(select(PeerWordRecord).where(PeerWordRecord.peer_id == person_id)):
        awards.drop_voice(session, word.person_id, f"peer-{word.id}")


def _delete_rows(session: Session, person_id: uuid.UUID) -> dict[str, int]:
    """How many rows were deleted of each table that leads to the person and that the inventory does not keep."""
    deleted = {}
    for table in reversed(person_rows.tables()):
        parts = inventory.TABLES.get(table.name, ())
        if all(part.erasure is Erasure.DELETED for part in parts):
            gone = session.execute(delete(table).where(person_rows.of(table, person_id)))
            if gone.rowcount:  # type: ignore[attr-defined]
                deleted[table.name] = int(gone.rowcount)  # type: ignore[attr-defined]
    return deleted


def _journal_entries(session: Session, person_id: uuid.UUID) -> int:
    label = f"person:{person_id}"
    found = select(func.count()).where((JournalRecord.object == label) | (JournalRecord.actor == label))
    return int(session.scalar(found) or 0)
