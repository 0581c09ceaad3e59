"""The purge: what has been kept long enough goes, on its date; what went is told in counts.

Everything is done in one transaction: a trial does it all and takes it back, so that it tells exactly what the real one
would do. The journal stays: the proof of badges rests on it, and it names nobody.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import CursorResult, Table, delete, func, select, update
from sqlalchemy.orm import Session, selectinload
from sqlalchemy.sql import ColumnElement

from badges.db import Base
from badges.models.access import GuessRecord, OneTimeLinkRecord, SessionRecord
from badges.models.assessments import RoundRecord
from badges.models.awards import AwardRecord, AwardState
from badges.models.consents import Purpose
from badges.models.people import MembershipRecord, OrganisationRecord, PersonRecord
from badges.models.rights import (
    ErasureRecord,
    FarewellRecord,
    FileLookRecord,
    IdentityCheckRecord,
    IdentityRequestRecord,
    NoticeRecord,
    Origin,
    ShareLookRecord,
)
from badges.models.voices import VoiceLinkRecord
from badges.services import consents, erasure, inventory, journal, person_rows
from badges.services.installation import Installation, fact, record_fact

MONTH = 30.4375
RATINGS_MONTHS = 24
LOGS_MONTHS = 12
UNCLAIMED = timedelta(days=365)
LINKS = timedelta(days=30)
REQUESTS = timedelta(days=365)
ACCOUNTS = timedelta(days=5 * 365 + 1)
GUESSES = timedelta(days=1)
LAST = "purged_up_to"
SHELLS = {"memberships", "rounds"}
"""Tables of the support that badges rest on: their rows stay, without a word in them."""


@dataclass(frozen=True, slots=True)
class Purged:
    """What went, by the name of its rule."""

    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        """How many rows or people all rules together concern."""
        return sum(self.counts.values())


RULES: Mapping[str, str] = {
    "erasures": "effacements demandés, au jour dit",
    "answers": "lignes de positionnement, deux ans après le dernier contact (ou le délai de la structure)",
    "forgotten": "personnes sans badge, deux ans après le dernier contact (ou le délai de la structure)",
    "unclaimed": "badges proposés ou accordés depuis un an et jamais pris : délai passé",
    "looks": "regards, après le délai de l’organisation (six à douze mois)",
    "sessions": "sessions finies",
    "links": "liens à usage unique, trente jours après leur fin",
    "guesses": "essais de code, après un jour",
    "requests": "demandes vérifiées ou closes depuis un an",
    "accounts": "comptes rendus d’effacement de plus de cinq ans",
}
"""The rules, in their order, as the report names them."""


def purge(session: Session, installation: Installation, *, today: date, now: datetime) -> Purged:
    """What went of each rule; the caller commits, or rolls back where it was a trial."""
    counts = {
        "erasures": _erasures(session, installation, today, now),
        "answers": 0,
        "forgotten": 0,
        "unclaimed": _unclaimed(session, now),
        "looks": _looks(session, today),
        "sessions": _gone(session, SessionRecord, SessionRecord.expires_at < now),
        "links": _links(session, now),
        "guesses": _gone(session, GuessRecord, GuessRecord.window_started_at < now - GUESSES),
        "requests": _requests(session, now),
        "accounts": _accounts(session, now),
    }
    for person_id in _silent(session, _months_of_people(session), today):
        person = session.get_one(PersonRecord, person_id)
        if consents.given(session, person_id, Purpose.KEEPING):
            continue
        if _has_badges(session, person):
            counts["answers"] += _answers(session, person)
        else:
            counts["forgotten"] += 1
            erasure.erase(
                session,
                installation,
                person_id,
                origin=Origin.RETENTION,
                stop_copies=False,
                actor="command",
                now=now,
            )
    journal.record(session, actor="command", action="purge.done", object="installation:1", now=now, **counts)
    return Purged(counts)


def _erasures(session: Session, installation: Installation, today: date, now: datetime) -> int:
    due = [request.person_id for request in erasure.due(session, today)]
    return sum(erasure.carry_out(session, installation, person_id, today, now) for person_id in due)


def _months_of_people(session: Session) -> dict[int, int]:
    """How many months each organisation keeps answers, where it chose."""
    return {row.organisation_id: row.ratings_months for row in session.scalars(select(NoticeRecord))}


def _silent(session: Session, months: Mapping[int, int], today: date) -> list[uuid.UUID]:
    """The people whose last contact is longer ago than their structures keep answers: nobody follows them."""
    followed = (
        select(MembershipRecord.id)
        .join(OrganisationRecord, OrganisationRecord.id == MembershipRecord.organisation_id)
        .where(
            MembershipRecord.person_id == PersonRecord.id,
            MembershipRecord.left_on.is_(None),
            OrganisationRecord.closed_at.is_(None),
        )
        .exists()
    )
    shortest = _months_before(today, min((RATINGS_MONTHS, *months.values())))
    found = session.scalars(
        select(PersonRecord)
        .where(~followed, PersonRecord.last_seen_on.is_(None) | (PersonRecord.last_seen_on < shortest))
        .options(selectinload(PersonRecord.memberships))
    )
    return [person.id for person in found if _last_contact(person) < _kept_since(person, months, today)]


def _last_contact(person: PersonRecord) -> date:
    left = (one.left_on for one in person.memberships)
    return max(day for day in (person.last_seen_on, person.created_at.date(), *left) if day is not None)


def _kept_since(person: PersonRecord, months: Mapping[int, int], today: date) -> date:
    """The day since which there must have been contact, by the longest time among the person's structures."""
    kept = (months.get(one.organisation_id, RATINGS_MONTHS) for one in person.memberships)
    return _months_before(today, max(kept, default=RATINGS_MONTHS))


def _months_before(today: date, months: int) -> date:
    return today - timedelta(days=round(months * MONTH))


def _has_badges(session: Session, person: PersonRecord) -> bool:
    claimed = select(AwardRecord.id).where(
        AwardRecord.person_id == person.id,
        AwardRecord.claimed_at.is_not(None) | (AwardRecord.state == AwardState.GRANTED),
    )
    return session.scalar(claimed.limit(1)) is not None


def _answers(session: Session, person: PersonRecord) -> int:
    """Delete the rows of the support about a person, and leave what their badges rest on without a word in it."""
    gone = 0
    for table in reversed(person_rows.tables()):
        parts = inventory.TABLES[table.name]
        if table.name not in SHELLS and all(part.activity in inventory.OF_SUPPORT for part in parts):
            gone += _gone(session, table, person_rows.of(table, person.id))
    session.execute(update(RoundRecord).where(RoundRecord.person_id == person.id).values(note=""))
    return gone


def _unclaimed(session: Session, now: datetime) -> int:
    old = session.scalars(
        select(AwardRecord).where(
            AwardRecord.state.in_((AwardState.PROPOSED, AwardState.GRANTED)),
            AwardRecord.sequence == 1,
            func.coalesce(AwardRecord.granted_at, AwardRecord.proposed_at) < now - UNCLAIMED,
        )
    ).all()
    for award in old:
        award.state = AwardState.LAPSED
    session.flush()
    return len(old)


def _looks(session: Session, today: date) -> int:
    chosen = {row.organisation_id: row.logs_months for row in session.scalars(select(NoticeRecord))}
    gone = _gone(session, ShareLookRecord, ShareLookRecord.day < _months_before(today, LOGS_MONTHS))
    for organisation_id, months in chosen.items():
        of_it = FileLookRecord.organisation_id == organisation_id
        before = FileLookRecord.day < _months_before(today, months)
        gone += _gone(session, FileLookRecord, of_it & before)
    return gone + _gone(session, FileLookRecord, FileLookRecord.day < _months_before(today, LOGS_MONTHS))


def _links(session: Session, now: datetime) -> int:
    gone = _gone(session, OneTimeLinkRecord, OneTimeLinkRecord.expires_at < now - LINKS)
    return gone + _gone(session, VoiceLinkRecord, VoiceLinkRecord.expires_at < now - LINKS)


def _requests(session: Session, now: datetime) -> int:
    old = IdentityRequestRecord.closed_at < now - REQUESTS
    numbers = select(IdentityRequestRecord.id).where(old)
    _gone(session, IdentityCheckRecord, IdentityCheckRecord.request_id.in_(numbers))
    return _gone(session, IdentityRequestRecord, old)


def _accounts(session: Session, now: datetime) -> int:
    """Empty the accounts nobody may ask for any more; the places in status lists stay taken."""
    old = session.scalars(select(ErasureRecord).where(ErasureRecord.erased_at < now - ACCOUNTS)).all()
    emptied = [row for row in old if row.account]
    for row in emptied:
        row.account = {}
        _gone(session, FarewellRecord, FarewellRecord.erasure_id == row.id)
    session.flush()
    return len(emptied)


def _gone(session: Session, rows: Table | type[Base], condition: ColumnElement[bool]) -> int:
    done = session.execute(delete(rows).where(condition))
    return done.rowcount if isinstance(done, CursorResult) else 0


def overwriting_is_due(session: Session, purged: Purged) -> bool:
    """Whether deleted rows may have left bytes in the files: something goes now, or somebody was erased meanwhile.

    Remembers the last purge; the caller commits with the purge itself.
    """
    last = fact(session, LAST)
    latest = session.scalar(select(func.max(ErasureRecord.id))) or 0
    record_fact(session, LAST, str(latest))
    return purged.total > 0 or latest > int(last or 0)


def overwrite(installation: Installation) -> bool:
    """Leave nothing of deleted rows in the database's files; False where others are using them just now."""
    return installation.database.overwrite_deleted([table.name for table in person_rows.tables()], thoroughly=True)
