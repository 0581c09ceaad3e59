"""A coach's caseload: everyone they follow, what each path waits for and on whom, narrowed as the coach asks.

Read in a number of queries that does not grow with the number of people; nothing blind is read at all.
"""

import uuid
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

from sqlalchemy import ColumnElement, Row, select
from sqlalchemy.orm import Session

from badges.models.assessments import Moment, RoundRecord
from badges.models.awards import AwardRecord, AwardState
from badges.models.people import MembershipRecord, OrganisationRecord, PersonRecord, Role, StaffRecord
from badges.services import path_lines
from badges.services.access import Actor
from badges.services.names import folded
from badges.services.next_steps import URGENCY, NextStep, WaitsOn, steps
from badges.services.path_lines import AwardLine, RoundLine

Line = TypeVar("Line", RoundLine, AwardLine)


class Turn(StrEnum):
    """Whose turn it is, as a coach sorts their people."""

    MINE = "moi"
    PERSON = "personne"
    OTHERS = "autre"
    NOBODY = "rien"


TURNS = {
    WaitsOn.BOTH: Turn.MINE,
    WaitsOn.COACH: Turn.MINE,
    WaitsOn.PERSON: Turn.PERSON,
    WaitsOn.TUTOR: Turn.OTHERS,
    WaitsOn.ISSUER: Turn.OTHERS,
    WaitsOn.NOBODY: Turn.NOBODY,
}
WITHOUT = "sans"
"""The value of a filter that asks for those who have none."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the coach asks to see; an empty value asks for everything."""

    everyone: bool = False
    search: str = ""
    turn: str = ""
    moment: str = ""
    referentiel: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One person in a caseload; `moment` and `referentiel` are those of their last round.

    `mine` are the coach's own and those of an absent colleague, whom `in_place_of` names.
    """

    person_id: uuid.UUID
    name: str
    organisation: str
    coach: str
    mine: bool
    in_place_of: str
    group: str
    badges: int
    next: NextStep
    moment: Moment | None
    referentiel_id: int | None
    referentiel: str

    @property
    def turn(self) -> Turn:
        """Whose turn it is."""
        return TURNS[self.next.waits_on]


@dataclass(frozen=True, slots=True)
class Caseload:
    """The lines asked for, those that wait on the coach first; how many there are before any filter; what to filter by.

    `turns` counts the lines of each turn before the filter on turns, so that the counts stay as one moves among them.
    """

    lines: tuple[CaseLine, ...]
    mine: int
    everyone: int
    to_do: int
    turns: Mapping[Turn, int] = field(default_factory=dict)
    referentiels: tuple[tuple[int, str], ...] = ()
    groups: tuple[str, ...] = ()


def caseload(session: Session, actor: Actor, wanted: Wanted | None = None) -> Caseload:
    """The people whom the coach's structures follow today: the coach's own unless everybody is asked for."""
    wanted = wanted or Wanted()
    everybody = _lines(session, actor)
    mine = [line for line in everybody if line.mine]
    scope = everybody if wanted.everyone else mine
    kept = [line for line in scope if _answers(line, wanted)]
    shown = [line for line in kept if not wanted.turn or line.turn == wanted.turn]
    shown.sort(key=lambda line: (URGENCY[line.next.step], folded(line.name)))
    titles = {line.referentiel_id: line.referentiel for line in scope if line.referentiel_id is not None}
    return Caseload(
        lines=tuple(shown),
        mine=len(mine),
        everyone=len(everybody),
        to_do=sum(line.turn is Turn.MINE for line in mine),
        turns=Counter(line.turn for line in kept),
        referentiels=tuple(sorted(titles.items(), key=lambda one: folded(one[1]))),
        groups=tuple(sorted({line.group for line in scope if line.group}, key=folded)),
    )


def _answers(line: CaseLine, wanted: Wanted) -> bool:
    """Whether the line answers everything asked but the turn."""
    return (
        folded(wanted.search.strip()) in folded(line.name)
        and _is(line.moment.value if line.moment else "", wanted.moment)
        and _is("" if line.referentiel_id is None else str(line.referentiel_id), wanted.referentiel)
        and _is(line.group, wanted.group)
    )


def _is(value: str, wanted: str) -> bool:
    return not wanted or value == ("" if wanted == WITHOUT else wanted)


def _lines(session: Session, actor: Actor) -> list[CaseLine]:
    where = actor.organisations(Role.COACH)
    rounds = _grouped(path_lines.rounds(session, _open_in(RoundRecord, where)))
    awards = _grouped(path_lines.awards(session, _open_in(AwardRecord, where)))
    lines = []
    for member in _followed(session, actor):
        key = (member.person_id, member.organisation_id)
        own_rounds, own_awards = rounds.get(key, []), awards.get(key, [])
        mine = actor.follows(member.organisation_id, member.coach_id)
        last = max((one for one in own_rounds if one.cancelled_at is None), key=lambda one: one.opened_at, default=None)
        lines.append(
            CaseLine(
                person_id=member.person_id,
                name=member.name,
                organisation=member.organisation,
                coach=member.coach or "",
                mine=mine,
                in_place_of=member.coach or "" if mine and member.coach_id != actor.staff_id else "",
                group=member.group_name,
                badges=sum(award.state is AwardState.CLAIMED for award in own_awards),
                next=steps(own_rounds, own_awards)[0],
                moment=last.moment if last else None,
                referentiel_id=last.referentiel_id if last else None,
                referentiel=last.title if last else "",
            )
        )
    return lines


def _followed(session: Session, actor: Actor) -> Sequence[Row[uuid.UUID, str, int, str, int | None, str, str]]:
    return session.execute(
        select(
            MembershipRecord.person_id,
            PersonRecord.name,
            MembershipRecord.organisation_id,
            OrganisationRecord.name.label("organisation"),
            MembershipRecord.coach_id,
            StaffRecord.name.label("coach"),
            MembershipRecord.group_name,
        )
        .join(PersonRecord, PersonRecord.id == MembershipRecord.person_id)
        .join(OrganisationRecord, OrganisationRecord.id == MembershipRecord.organisation_id)
        .outerjoin(StaffRecord, StaffRecord.id == MembershipRecord.coach_id)
        .where(
            MembershipRecord.left_on.is_(None),
            MembershipRecord.organisation_id.in_(actor.organisations(Role.COACH)),
        )
    ).all()


def _open_in(record: type[RoundRecord] | type[AwardRecord], where: Iterable[int]) -> ColumnElement[bool]:
    """Rows of these structures about people whom they follow today."""
    return record.organisation_id.in_(where) & (
        select(MembershipRecord.id)
        .where(
            MembershipRecord.person_id == record.person_id,
            MembershipRecord.organisation_id == record.organisation_id,
            MembershipRecord.left_on.is_(None),
        )
        .exists()
    )


def _grouped(lines: Iterable[Line]) -> dict[tuple[uuid.UUID, int], list[Line]]:
    grouped: dict[tuple[uuid.UUID, int], list[Line]] = {}
    for line in lines:
        grouped.setdefault((line.person_id, line.organisation_id), []).append(line)
    return grouped
