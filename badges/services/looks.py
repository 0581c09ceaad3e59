"""Who looked: for the person alone, and for nobody's profile.

Staff who open somebody's file are written down by day, role and organisation, once a day each. Looks at a public page
are a number for each day: no address, no hour, nothing about who looked, and neither machines nor the person's own.

Source: RGPD, articles 5.1.f and 15; docs/adr/0017.
"""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload

from badges.models.assessments import RoundRecord, TutorViewRecord
from badges.models.awards import AwardRecord, ShareRecord
from badges.models.evidence import ObservationRecord, SituationRecord
from badges.models.people import MembershipRecord, Role
from badges.models.rights import FileLookRecord, ShareLookRecord
from badges.models.voices import InterviewRecord
from badges.services.access import Actor

MACHINES = (
    "bot",
    "crawl",
    "spider",
    "preview",
    "facebookexternalhit",
    "whatsapp",
    "slack",
    "curl",
    "wget",
    "python",
    "headlesschrome-lighthouse",
)
"""What machines call themselves, in small letters: those that fetch a page for a preview or an index."""

_OF_ROUND = select(RoundRecord.person_id, RoundRecord.organisation_id)
PARTS: Mapping[str, tuple[Select[uuid.UUID, int], InstrumentedAttribute[uuid.UUID]]] = {
    "round_id": (_OF_ROUND, RoundRecord.id),
    "award_id": (select(AwardRecord.person_id, AwardRecord.organisation_id), AwardRecord.id),
    "situation_id": (select(SituationRecord.person_id, SituationRecord.organisation_id), SituationRecord.id),
    "observation_id": (select(ObservationRecord.person_id, ObservationRecord.organisation_id), ObservationRecord.id),
    "interview_id": (_OF_ROUND.join(InterviewRecord, InterviewRecord.round_id == RoundRecord.id), InterviewRecord.id),
    "view_id": (_OF_ROUND.join(TutorViewRecord, TutorViewRecord.round_id == RoundRecord.id), TutorViewRecord.id),
}
"""What an address of staff may name of somebody's file, and how it leads to whose it is and where."""


@dataclass(frozen=True, slots=True)
class Opened:
    """Whose file a page of staff shows, for which organisation and in which role it is read."""

    person_id: uuid.UUID
    organisation_id: int
    role: Role


def opened_by(session: Session, actor: Actor, named: Mapping[str, object]) -> Opened | None:
    """Whose file a page shows whose address names these things; None where it names nobody's."""
    person_id = named.get("person_id")
    if isinstance(person_id, uuid.UUID):
        organisation_id = session.scalar(
            select(MembershipRecord.organisation_id)
            .where(
                MembershipRecord.person_id == person_id,
                MembershipRecord.left_on.is_(None),
                MembershipRecord.organisation_id.in_(actor.organisations(Role.COACH)),
            )
            .order_by(MembershipRecord.id)
            .limit(1)
        )
        return None if organisation_id is None else Opened(person_id, organisation_id, Role.COACH)
    for name, (whose, identifier) in PARTS.items():
        if name in named:
            found = session.execute(whose.where(identifier == named[name])).one_or_none()
            if found is not None:
                role = Role.COACH if actor.has(Role.COACH, found.organisation_id) else Role.ISSUER
                return Opened(found.person_id, found.organisation_id, role)
    return None


def is_written(session: Session, actor: Actor, opened: Opened, day: date) -> bool:
    """Whether this look is written down already today."""
    return (
        session.scalar(
            select(FileLookRecord.id).where(
                FileLookRecord.person_id == opened.person_id,
                FileLookRecord.staff_id == actor.staff_id,
                FileLookRecord.organisation_id == opened.organisation_id,
                FileLookRecord.day == day,
            )
        )
        is not None
    )


def write(session: Session, actor: Actor, opened: Opened, day: date) -> None:
    """Write down that a member of staff opened the file on that day; harmless when repeated."""
    row = FileLookRecord(
        person_id=opened.person_id,
        staff_id=actor.staff_id,
        organisation_id=opened.organisation_id,
        role=opened.role,
        day=day,
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:  # written a moment ago by another page of the same reader, or the person is erased
        return


def is_machine(user_agent: str) -> bool:
    """Whether whoever asks says that it is no person reading; one that says nothing is none either."""
    said = user_agent.lower()
    return not said or any(word in said for word in MACHINES)


def record(session: Session, code: str, day: date) -> None:
    """Count one look at the page of a public code on that day; nothing where there is no such code."""
    share_id = session.scalar(select(ShareRecord.id).where(ShareRecord.code == code))
    if share_id is None:
        return
    counted = update(ShareLookRecord).where(ShareLookRecord.share_id == share_id, ShareLookRecord.day == day)
    again = counted.values(count=ShareLookRecord.count + 1)
    if session.execute(again).rowcount:  # type: ignore[attr-defined]
        return
    try:
        with session.begin_nested():
            session.add(ShareLookRecord(share_id=share_id, day=day))
    except IntegrityError:  # the first two looks of the day at the same moment
        session.execute(again)


def files(session: Session, person_id: uuid.UUID) -> list[FileLookRecord]:
    """Who opened the person's file, the latest day first."""
    return list(
        session.scalars(
            select(FileLookRecord)
            .where(FileLookRecord.person_id == person_id)
            .options(joinedload(FileLookRecord.organisation))
            .order_by(FileLookRecord.day.desc(), FileLookRecord.id.desc())
        )
    )


def shares(session: Session, person_id: uuid.UUID) -> list[tuple[date, int]]:
    """How often the person's public pages were looked at, day by day, the latest first."""
    mine = select(ShareRecord.id).where(ShareRecord.person_id == person_id)
    rows = session.execute(
        select(ShareLookRecord.day, func.sum(ShareLookRecord.count))
        .where(ShareLookRecord.share_id.in_(mine))
        .group_by(ShareLookRecord.day)
        .order_by(ShareLookRecord.day.desc())
    )
    return [(day, int(count)) for day, count in rows]


def of_shares(session: Session, share_ids: Collection[int]) -> dict[int, int]:
    """How often each share was looked at in all; those that nobody looked at are left out."""
    rows = session.execute(
        select(ShareLookRecord.share_id, func.sum(ShareLookRecord.count))
        .where(ShareLookRecord.share_id.in_(share_ids))
        .group_by(ShareLookRecord.share_id)
    )
    return {share_id: int(count) for share_id, count in rows}


def is_own(session: Session, actor: Actor | None, code: str) -> bool:
    """Whether the person themselves is looking at the page of their public code."""
    if actor is None or actor.person_id is None:
        return False
    owner = select(ShareRecord.person_id).where(ShareRecord.code == code)
    return session.scalar(owner) == actor.person_id
