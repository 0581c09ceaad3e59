"""A person's way over several rounds: the confirmed levels of each, round by round, on one référentiel.

Only closed rounds count, and only the levels the person has confirmed. Nothing here adds, averages or compares people.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from badges.models.assessments import Moment, RoundRecord
from badges.models.referentiels import VersionRecord
from badges.services.assessments import settled_levels
from badges.services.referentiels import document_of
from referentiels.model import Competence, Level, Referentiel


@dataclass(frozen=True, slots=True)
class Milestone:
    """One closed round: the day of its talk, and its settled levels by competence code."""

    round_id: uuid.UUID
    moment: Moment
    day: date
    levels: dict[str, int]


@dataclass(frozen=True, slots=True)
class Way:
    """The closed rounds of one référentiel on one scale, the earliest first, and the competences they touched."""

    title: str
    scale: tuple[Level, ...]
    competences: tuple[Competence, ...]
    milestones: tuple[Milestone, ...]


def ways(
    rounds: tuple[RoundRecord, ...], read: Callable[[VersionRecord], Referentiel] = document_of
) -> tuple[Way, ...]:
    """The closed rounds among these, by référentiel; `read` gives a version in the words of whoever reads.

    Versions of a référentiel share a way as long as they share the scale: a level means nothing on another one.
    """
    grouped: dict[tuple[int, tuple[int, ...]], list[RoundRecord]] = {}
    for row in sorted((one for one in rounds if one.closed_at is not None), key=_order):
        key = (row.version.referentiel_id, document_of(row.version).levels)
        grouped.setdefault(key, []).append(row)
    return tuple(_way(rows, read) for rows in grouped.values())


def _way(rows: list[RoundRecord], read: Callable[[VersionRecord], Referentiel]) -> Way:
    touched = {code for row in rows for code in row.competences}
    known: dict[str, Competence] = {}
    for row in sorted(rows, key=lambda one: one.version.number, reverse=True):
        for competence in read(row.version).competences:
            known.setdefault(competence.code, competence)
    latest = read(max(rows, key=lambda one: one.version.number).version)
    return Way(
        title=latest.title,
        scale=latest.scale,
        competences=tuple(competence for code, competence in known.items() if code in touched),
        milestones=tuple(Milestone(row.id, row.moment, _day(row), settled_levels(row)) for row in rows),
    )


def _day(row: RoundRecord) -> date:
    return row.talk_on or row.opened_at.date()


def _order(row: RoundRecord) -> tuple[date, datetime]:
    return _day(row), row.opened_at
