"""Rounds opened for many people at once: who gets one and who cannot and why, then all of them in one transaction.

The same form sent twice opens nothing twice: each round's identifier follows from the form's and the person's. The
number of statements does not grow with the number of people.
"""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from badges.models.assessments import Moment, RoundRecord
from badges.models.people import MembershipRecord
from badges.models.referentiels import VersionRecord
from badges.services import journal, late_views, round_choices, selections
from badges.services.access import Actor
from badges.services.errors import N_, Invalid
from badges.services.referentiels import document_of


class Obstacle(StrEnum):
    """Why somebody gets no round."""

    COLLEAGUE = "colleague"
    RUNNING = "running"


@dataclass(frozen=True, slots=True)
class Candidate:
    """One of the people ticked: without an obstacle they get a round.

    `coach` is who follows them where that is a colleague; `running` is since when a round on this référentiel is open.
    """

    membership: MembershipRecord
    obstacle: Obstacle | None = None
    coach: str = ""
    running: datetime | None = None

    @property
    def person_id(self) -> uuid.UUID:
        """Whose round it would be."""
        return self.membership.person_id

    @property
    def name(self) -> str:
        """The person's name."""
        return self.membership.person.name


@dataclass(frozen=True, slots=True)
class Opened:
    """What came of a form: rounds opened now, those that it had opened before, and who got none."""

    rounds: tuple[uuid.UUID, ...]
    before: int
    left_out: tuple[Candidate, ...]


def candidates(
    session: Session, actor: Actor, person_ids: Collection[uuid.UUID], version: VersionRecord, *, lock: bool = False
) -> tuple[Candidate, ...]:
    """Each person ticked whom the coach's structures follow, by name, with what stands in the way of a round.

    Raises:
        Invalid: nobody is ticked, or too many. NotFound: none of them is followed here.
    """
    found = selections.chosen(session, actor, person_ids, lock=lock).memberships
    running = _running(session, found, version)
    return tuple(_candidate(actor, one, running) for one in found)


def last_opened(session: Session, actor: Actor) -> RoundRecord | None:
    """The round that this coach opened last: what the next form starts from."""
    return session.scalar(
        select(RoundRecord)
        .where(RoundRecord.coach_id == actor.staff_id)
        .order_by(RoundRecord.opened_at.desc(), RoundRecord.id)
        .limit(1)
    )


def open_for_many(
    session: Session,
    actor: Actor,
    person_ids: Collection[uuid.UUID],
    *,
    version_id: int,
    competences: Sequence[str],
    moment: Moment | None,
    form_id: uuid.UUID,
    now: datetime,
) -> Opened:
    """A round for each person ticked who may have one, all or none of them.

    `form_id` is drawn when the form is shown.

    Raises:
        Invalid: nobody ticked, no current version, no moment, no competence, or nobody who may have a round.
        NotFound: none of the people is followed here.
    """
    version = round_choices.current_version(session, version_id)
    wanted = round_choices.moment(moment)
    codes = round_choices.competences(version, competences)
    everyone = candidates(session, actor, person_ids, version, lock=True)
    ids = {one.person_id: uuid.uuid5(form_id, one.person_id.hex) for one in everyone}
    there = set(session.scalars(select(RoundRecord.id).where(RoundRecord.id.in_(ids.values()))))
    ready = [one for one in everyone if one.obstacle is None and ids[one.person_id] not in there]
    if not ready and not there:
        raise Invalid(N_("Aucune de ces personnes ne peut recevoir ce positionnement."), field="people")
    rows = [
        RoundRecord(
            id=ids[one.person_id],
            person_id=one.person_id,
            organisation_id=one.membership.organisation_id,
            version_id=version.id,
            coach_id=actor.staff_id,
            moment=wanted,
            competences=codes,
            opened_at=now,
        )
        for one in ready
    ]
    session.add_all(rows)
    session.flush()
    late_views.take_up(session, rows, document_of(version).levels)
    journal.record_all(session, [_entry(actor, row, now) for row in rows])
    left_out = tuple(one for one in everyone if one.obstacle is not None and ids[one.person_id] not in there)
    return Opened(tuple(row.id for row in rows), len(there), left_out)


def _candidate(actor: Actor, membership: MembershipRecord, running: dict[tuple[uuid.UUID, int], datetime]) -> Candidate:
    if not actor.follows(membership.organisation_id, membership.coach_id):
        coach = membership.coach.name if membership.coach else ""
        return Candidate(membership, Obstacle.COLLEAGUE, coach=coach)
    since = running.get((membership.person_id, membership.organisation_id))
    return Candidate(membership, Obstacle.RUNNING if since else None, running=since)


def _running(
    session: Session, memberships: Sequence[MembershipRecord], version: VersionRecord
) -> dict[tuple[uuid.UUID, int], datetime]:
    """Since when each of them has a round open on any version of this référentiel."""
    rows = session.execute(
        select(RoundRecord.person_id, RoundRecord.organisation_id, RoundRecord.opened_at)
        .join(VersionRecord, VersionRecord.id == RoundRecord.version_id)
        .where(
            RoundRecord.person_id.in_([one.person_id for one in memberships]),
            RoundRecord.closed_at.is_(None),
            RoundRecord.cancelled_at.is_(None),
            VersionRecord.referentiel_id == version.referentiel_id,
        )
        .order_by(RoundRecord.opened_at)
    )
    return {(person_id, organisation_id): opened_at for person_id, organisation_id, opened_at in rows}


def _entry(actor: Actor, row: RoundRecord, now: datetime) -> dict[str, Any]:
    return journal.entry(
        actor=actor.label,
        action="round.opened",
        object=f"round:{row.id}",
        now=now,
        organisation_id=row.organisation_id,
        version=row.version_id,
        competences=len(row.competences),
    )
