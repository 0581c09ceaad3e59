"""The acquired grid: held, to acquire or acquired, at the entry and at the exit, filled in with the person.

It stands apart from the scores. What rounds and badges already tell is proposed, never written by itself; what nobody
looked at is in no grid, so that nothing reads as missing.

Source: the practice of APELS and of PACE: three states, at the entry and at the exit, filled in by the coach with the
person.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from badges.models.acquired import AcquiredRecord, AcquiredState
from badges.models.assessments import Moment, RoundRecord
from badges.models.awards import AwardRecord, AwardState
from badges.models.referentiels import ReferentielRecord, VersionRecord
from badges.services import assessments, journal, people, round_choices
from badges.services.access import Actor
from badges.services.errors import N_, Invalid
from badges.services.referentiels import document_of
from referentiels.model import Referentiel

MOMENTS = (Moment.ENTREE, Moment.SORTIE)
AT_ENTRY = (AcquiredState.HELD, AcquiredState.TO_ACQUIRE)


@dataclass(frozen=True, slots=True)
class Line:
    """One competence. `proposed_…` is what rounds and badges tell where nothing was filled in; None: they tell nothing.

    `now` is the state to show: the exit's, or else what is proposed for it, or else the entry's.
    """

    competence: str
    entry: AcquiredState | None
    exit: AcquiredState | None
    proposed_entry: AcquiredState | None
    proposed_exit: AcquiredState | None

    @property
    def now(self) -> AcquiredState | None:
        """The state to show, None where the competence was never looked at."""
        return self.exit or self.proposed_exit or self.entry or self.proposed_entry


@dataclass(frozen=True, slots=True)
class Grid:
    """A person's grid on one référentiel, in its order; `entry_on` and `exit_on` are when it was last filled in."""

    version: VersionRecord
    lines: tuple[Line, ...]
    entry_on: date | None
    exit_on: date | None

    @property
    def looked_at(self) -> tuple[Line, ...]:
        """The lines that say something: what the person's own page shows, and nothing else."""
        return tuple(line for line in self.lines if line.now is not None)


def of_person(session: Session, actor: Actor, person_id: uuid.UUID) -> tuple[Grid, ...]:
    """The person's grids that say something, by title: every structure's for themselves.

    For the coach who follows them, those of that structure.

    Raises:
        NotFound: not a person this coach's structures follow. Forbidden: a colleague follows them.
    """
    where = _where(session, actor, person_id)
    rows, rounds, awards = _material(session, person_id, where)
    lineages = {row.referentiel_id: row.version for row in rows}
    lineages |= {row.version.referentiel_id: row.version for row in rounds}
    grids = [
        _grid(version, rows, rounds, awards)
        for version in sorted(lineages.values(), key=lambda one: one.referentiel.title)
    ]
    return tuple(grid for grid in grids if grid.looked_at)


def grid(session: Session, actor: Actor, person_id: uuid.UUID, version_id: int) -> Grid:
    """The whole grid on one référentiel, for the coach who fills it in with the person.

    Raises:
        NotFound: not a person this coach's structures follow. Forbidden: a colleague follows them.
        Invalid: the référentiel has no such current version.
    """
    where = _where(session, actor, person_id)
    version = round_choices.current_version(session, version_id)
    return _grid(version, *_material(session, person_id, where))


def fill(
    session: Session,
    actor: Actor,
    person_id: uuid.UUID,
    *,
    version_id: int,
    moment: Moment | None,
    states: Mapping[str, AcquiredState | None],
    together: bool,
    now: datetime,
    today: date,
) -> None:
    """Write the states of one moment; None takes a competence off the grid.

    Raises:
        NotFound: not a person this coach's structures follow. Forbidden: a colleague follows them.
        Invalid: no moment, no such competence or state, or it was not filled in with the person.
    """
    membership = assessments.followed_by(session, actor, person_id, lock=True)
    version = round_choices.current_version(session, version_id)
    if moment not in MOMENTS:
        raise Invalid(N_("Choisissez l’entrée ou la sortie."), field="moment")
    if not together:
        raise Invalid(N_("Cette grille se remplit avec la personne : cochez quand c’est fait."), field="together")
    known = {one.code for one in document_of(version).competences}
    if not set(states) <= known or (
        moment is Moment.ENTREE and not {state for state in states.values() if state} <= set(AT_ENTRY)
    ):
        raise Invalid(N_("Choisissez parmi les réponses proposées."), field="states")
    held = {
        row.competence_code: row
        for row in session.scalars(
            select(AcquiredRecord).where(
                AcquiredRecord.person_id == person_id,
                AcquiredRecord.organisation_id == membership.organisation_id,
                AcquiredRecord.referentiel_id == version.referentiel_id,
                AcquiredRecord.moment == moment,
            )
        )
    }
    for code, state in states.items():
        row = held.get(code)
        if state is None:
            if row is not None:
                session.delete(row)
            continue
        if row is None:
            row = AcquiredRecord(
                person_id=person_id,
                organisation_id=membership.organisation_id,
                referentiel_id=version.referentiel_id,
                competence_code=code,
                moment=moment,
            )
            session.add(row)
        row.version_id, row.state, row.filled_on = version.id, state, today
        row.staff_id, row.filled_at = actor.staff_id or 0, now
    session.flush()
    journal.record(
        session,
        actor=actor.label,
        action="acquired.filled",
        object=f"person:{person_id}",
        now=now,
        organisation_id=membership.organisation_id,
        moment=moment.value,
        competences=len(states),
    )


def _where(session: Session, actor: Actor, person_id: uuid.UUID) -> int | None:
    """The structure whose grids this actor reads; None: every one, for the person."""
    if actor.person_id == person_id:
        people.person_for(session, actor, person_id)
        return None
    return assessments.followed_by(session, actor, person_id).organisation_id


def _material(
    session: Session, person_id: uuid.UUID, where: int | None
) -> tuple[list[AcquiredRecord], list[RoundRecord], list[AwardRecord]]:
    """What the grids are made of: what was filled in, the closed rounds (the oldest first), the badges taken."""
    named = joinedload(AcquiredRecord.version).joinedload(VersionRecord.referentiel).joinedload(ReferentielRecord.owner)
    filled = select(AcquiredRecord).where(AcquiredRecord.person_id == person_id).options(named)
    closed = (
        select(RoundRecord)
        .where(RoundRecord.person_id == person_id, RoundRecord.closed_at.is_not(None))
        .options(
            selectinload(RoundRecord.agreements), joinedload(RoundRecord.version).joinedload(VersionRecord.referentiel)
        )
        .order_by(RoundRecord.opened_at)
    )
    taken = (
        select(AwardRecord)
        .where(AwardRecord.person_id == person_id, AwardRecord.state == AwardState.CLAIMED)
        .options(joinedload(AwardRecord.version))
    )
    if where is not None:
        filled = filled.where(AcquiredRecord.organisation_id == where)
        closed = closed.where(RoundRecord.organisation_id == where)
        taken = taken.where(AwardRecord.organisation_id == where)
    return list(session.scalars(filled)), list(session.scalars(closed)), list(session.scalars(taken))


def _grid(
    version: VersionRecord, rows: list[AcquiredRecord], rounds: list[RoundRecord], awards: list[AwardRecord]
) -> Grid:
    document, lineage = document_of(version), version.referentiel_id
    filled = {(row.competence_code, row.moment): row for row in rows if row.referentiel_id == lineage}
    wanted = _wanted(document)
    levels = [assessments.settled_levels(row) for row in rounds if row.version.referentiel_id == lineage]
    shown = {code for award in awards if award.version.referentiel_id == lineage for code in award.results}
    lines = []
    for competence in document.competences:
        code = competence.code
        entry, leaving = filled.get((code, Moment.ENTREE)), filled.get((code, Moment.SORTIE))
        first = next((one[code] for one in levels if code in one), None)
        reached = code in shown or any(one.get(code, -1) >= wanted[code] for one in levels if code in wanted)
        proposed = _at_entry(first, wanted.get(code))
        lines.append(
            Line(
                code,
                entry.state if entry else None,
                leaving.state if leaving else None,
                None if entry else proposed,
                None if leaving else _at_exit(entry.state if entry else proposed, reached=reached),
            )
        )
    dates = {moment: [row.filled_on for (_, when), row in filled.items() if when is moment] for moment in MOMENTS}
    return Grid(
        version,
        tuple(lines),
        max(dates[Moment.ENTREE], default=None),
        max(dates[Moment.SORTIE], default=None),
    )


def _wanted(document: Referentiel) -> dict[str, int]:
    """The lowest level that a badge of the référentiel asks of each competence."""
    wanted: dict[str, int] = {}
    for badge in document.badges:
        for need in badge.requirements:
            wanted[need.competence] = min(need.level, wanted.get(need.competence, need.level))
    return wanted


def _at_entry(first: int | None, wanted: int | None) -> AcquiredState | None:
    """What the first agreed level tells of the entry."""
    if first is None or wanted is None:
        return None
    return AcquiredState.HELD if first >= wanted else AcquiredState.TO_ACQUIRE


def _at_exit(entry: AcquiredState | None, *, reached: bool) -> AcquiredState | None:
    """What later levels and badges tell of the exit: what was held stays held, what was reached is acquired."""
    if entry is AcquiredState.HELD:
        return AcquiredState.HELD
    return AcquiredState.ACQUIRED if reached else None
