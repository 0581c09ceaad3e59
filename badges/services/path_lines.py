"""Where rounds and awards stand, as plain values, read in a number of queries that does not grow with their number.

No phrase is read here, and no rating of a round that is not closed and agreed.
"""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, ScalarSelect, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from badges.models.assessments import AgreementRecord, Moment, RatingRecord, RoundOutcome, RoundRecord
from badges.models.awards import AwardRecord, AwardState, CredentialRecord
from badges.models.contests import ContestRecord
from badges.models.people import OrganisationRecord
from badges.models.referentiels import ReferentielRecord, VersionRecord
from badges.services import assessments
from badges.services.referentiels import document_of
from referentiels.model import Referentiel

Read = Callable[[VersionRecord], Referentiel]
"""How a version is read: as it was written, or in the words of whoever reads."""


@dataclass(frozen=True, slots=True)
class RoundLine:
    """Where a round stands.

    `unanswered` and `unconfirmed` count agreements, `contested` the levels contested without an answer yet and
    `to_decide` those answered, on which the person has not decided; only a closed round's matter. `reached` holds the
    codes of the badges that an agreed round meets; it is filled for the last round of a path only.
    """

    id: uuid.UUID
    person_id: uuid.UUID
    organisation_id: int
    version_id: int
    referentiel_id: int
    title: str
    moment: Moment
    opened_at: datetime
    self_sealed_at: datetime | None
    coach_sealed_at: datetime | None
    concluded_at: datetime | None
    closed_at: datetime | None
    outcome: RoundOutcome | None
    cancelled_at: datetime | None = None
    tutor_awaited: bool = False
    unanswered: int = 0
    unconfirmed: int = 0
    contested: int = 0
    to_decide: int = 0
    reached: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class AwardLine:
    """Where an award stands; `name` is the badge's, read from the version, and empty in a caseload."""

    id: uuid.UUID
    person_id: uuid.UUID
    organisation_id: int
    organisation: str
    round_id: uuid.UUID
    version_id: int
    badge_code: str
    state: AwardState
    proposed_at: datetime
    granted_at: datetime | None
    claimed_at: datetime | None
    suspended_at: datetime | None
    valid_until: datetime | None
    name: str = ""
    pictogram: str = ""


def named(session: Session, lines: Sequence[AwardLine], read: Read = document_of) -> list[AwardLine]:
    """The awards with the name and pictogram their version gives the badge, in the words that `read` gives it."""
    documents = _documents(session, {line.version_id for line in lines}, read)
    badges = {(version, badge.code): badge for version, document in documents.items() for badge in document.badges}
    found = []
    for line in lines:
        badge = badges[line.version_id, line.badge_code]
        found.append(replace(line, name=badge.name, pictogram=badge.pictogram))
    return found


def titled(session: Session, lines: Sequence[RoundLine], read: Read) -> list[RoundLine]:
    """The rounds with the title of their version, in the words that `read` gives it."""
    documents = _documents(session, {line.version_id for line in lines}, read)
    return [replace(line, title=documents[line.version_id].title) for line in lines]


def _documents(session: Session, wanted: set[int], read: Read) -> dict[int, Referentiel]:
    versions = session.scalars(select(VersionRecord).where(VersionRecord.id.in_(wanted))) if wanted else ()
    return {version.id: read(version) for version in versions}


def rounds(session: Session, *conditions: ColumnElement[bool]) -> list[RoundLine]:
    """The rounds that answer the conditions, in no order."""
    query = (
        select(
            RoundRecord.id,
            RoundRecord.person_id,
            RoundRecord.organisation_id,
            RoundRecord.version_id,
            VersionRecord.referentiel_id,
            ReferentielRecord.title,
            RoundRecord.moment,
            RoundRecord.opened_at,
            RoundRecord.self_sealed_at,
            RoundRecord.coach_sealed_at,
            RoundRecord.concluded_at,
            RoundRecord.closed_at,
            RoundRecord.outcome,
            RoundRecord.cancelled_at,
            RoundRecord.tutor_awaited,
            _agreements(AgreementRecord.disagreed & AgreementRecord.answered_at.is_(None)),
            _agreements(AgreementRecord.confirmed_at.is_(None)),
            _contests(ContestRecord.answered_at.is_(None)),
            _contests(ContestRecord.answered_at.is_not(None)),
        )
        .join(VersionRecord, VersionRecord.id == RoundRecord.version_id)
        .join(ReferentielRecord, ReferentielRecord.id == VersionRecord.referentiel_id)
        .where(*conditions)
    )
    return _with_reached(session, [RoundLine(*tuple(row)) for row in session.execute(query)])


def _with_reached(session: Session, lines: list[RoundLine]) -> list[RoundLine]:
    """The same lines; the last of each path, where it was agreed, knows which badges it meets."""
    last: dict[tuple[uuid.UUID, int], RoundLine] = {}
    for line in sorted((one for one in lines if one.cancelled_at is None), key=lambda one: one.opened_at):
        last[line.person_id, line.organisation_id] = line
    wanted = {line.id for line in last.values() if line.closed_at and line.outcome is RoundOutcome.ACCORDE}
    if not wanted:
        return lines
    agreed = session.scalars(
        select(RoundRecord)
        .where(RoundRecord.id.in_(wanted))
        .options(
            joinedload(RoundRecord.version),
            selectinload(RoundRecord.ratings).load_only(
                RatingRecord.competence_code, RatingRecord.rater, RatingRecord.level
            ),
            selectinload(RoundRecord.agreements).load_only(
                AgreementRecord.competence_code, AgreementRecord.level, AgreementRecord.confirmed_at
            ),
        )
    )
    met = {row.id: assessments.met_badges(row, document_of(row.version)) for row in agreed}
    return [replace(line, reached=frozenset(badge.code for badge in met.get(line.id, ()))) for line in lines]


def _agreements(condition: ColumnElement[bool]) -> ScalarSelect[int]:
    """How many of a round's agreements are so: by the index on the round, never over the whole table."""
    return (
        select(func.count())
        .select_from(AgreementRecord)
        .where(AgreementRecord.round_id == RoundRecord.id, condition)
        .correlate(RoundRecord)
        .scalar_subquery()
    )


def _contests(condition: ColumnElement[bool]) -> ScalarSelect[int]:
    """How many of a round's contests are so and have not ended."""
    return (
        select(func.count())
        .select_from(ContestRecord)
        .where(ContestRecord.round_id == RoundRecord.id, ContestRecord.ended_at.is_(None), condition)
        .correlate(RoundRecord)
        .scalar_subquery()
    )


def awards(session: Session, *conditions: ColumnElement[bool]) -> list[AwardLine]:
    """The awards that answer the conditions, in no order, each with what its current credential says."""
    query = (
        select(
            AwardRecord.id,
            AwardRecord.person_id,
            AwardRecord.organisation_id,
            OrganisationRecord.name,
            AwardRecord.round_id,
            AwardRecord.version_id,
            AwardRecord.badge_code,
            AwardRecord.state,
            AwardRecord.proposed_at,
            AwardRecord.granted_at,
            AwardRecord.claimed_at,
            func.coalesce(CredentialRecord.suspended_at, CredentialRecord.withheld_at),
            CredentialRecord.valid_until,
        )
        .join(OrganisationRecord, OrganisationRecord.id == AwardRecord.organisation_id)
        .outerjoin(
            CredentialRecord,
            (CredentialRecord.award_id == AwardRecord.id) & (CredentialRecord.sequence == AwardRecord.sequence),
        )
        .where(*conditions)
    )
    return [AwardLine(*tuple(row)) for row in session.execute(query)]
