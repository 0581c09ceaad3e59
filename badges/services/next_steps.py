"""What a person's path waits for, and on whom; one person's file, a person's own page. For many: see `caseload`.

Nothing blind is read at all.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from badges.models.assessments import RoundOutcome, RoundRecord
from badges.models.awards import UNDER_WAY, AwardRecord, AwardState
from badges.models.people import MembershipRecord, PersonRecord, Role, StaffRecord
from badges.services import path_lines, people
from badges.services.access import Actor
from badges.services.path_lines import AwardLine, Read, RoundLine
from badges.services.referentiels import document_of


class Step(StrEnum):
    """The next thing to do on a path."""

    RATE_BOTH = "rate_both"
    RATE_COACH = "rate_coach"
    TALK = "talk"
    ANSWER = "answer"
    ANSWER_CONTEST = "answer_contest"
    PROPOSE = "propose"
    OPEN = "open"
    CLAIM = "claim"
    CONFIRM = "confirm"
    DECIDE = "decide"
    RATE_SELF = "rate_self"
    WAIT_TUTOR = "wait_tutor"
    GRANT = "grant"
    REST = "rest"


class WaitsOn(StrEnum):
    """Who has to do it."""

    BOTH = "both"
    COACH = "coach"
    PERSON = "person"
    TUTOR = "tutor"
    ISSUER = "issuer"
    NOBODY = "nobody"


WHO = {
    Step.RATE_BOTH: WaitsOn.BOTH,
    Step.RATE_COACH: WaitsOn.COACH,
    Step.TALK: WaitsOn.BOTH,
    Step.ANSWER: WaitsOn.COACH,
    Step.ANSWER_CONTEST: WaitsOn.COACH,
    Step.PROPOSE: WaitsOn.COACH,
    Step.OPEN: WaitsOn.COACH,
    Step.CLAIM: WaitsOn.PERSON,
    Step.CONFIRM: WaitsOn.PERSON,
    Step.DECIDE: WaitsOn.PERSON,
    Step.RATE_SELF: WaitsOn.PERSON,
    Step.WAIT_TUTOR: WaitsOn.TUTOR,
    Step.GRANT: WaitsOn.ISSUER,
    Step.REST: WaitsOn.NOBODY,
}
URGENCY = {step: place for place, step in enumerate(Step)}
PERSON_ACTS = frozenset({Step.CLAIM, Step.CONFIRM, Step.DECIDE, Step.RATE_SELF, Step.RATE_BOTH})


@dataclass(frozen=True, slots=True)
class NextStep:
    """One thing to do: on which round or award, and since when it waits."""

    step: Step
    round_id: uuid.UUID | None = None
    award_id: uuid.UUID | None = None
    since: datetime | None = None
    title: str = ""

    @property
    def waits_on(self) -> WaitsOn:
        """Who has to do it."""
        return WHO[self.step]


@dataclass(frozen=True, slots=True)
class PersonFile:
    """One person as their coach, or as they themselves, may see them."""

    person: PersonRecord
    membership: MembershipRecord | None
    reset_by: str
    steps: tuple[NextStep, ...]
    rounds: tuple[RoundLine, ...]
    awards: tuple[AwardLine, ...]


def file_for(session: Session, actor: Actor, person_id: uuid.UUID) -> PersonFile:
    """A person's file for a coach: only what this coach's structures did with them.

    Raises:
        NotFound: no such person, or no structure of this coach follows them.
    """
    membership = people.open_membership(session, actor, person_id)
    where = actor.organisations(Role.COACH)
    return _file(
        session,
        membership.person,
        membership,
        path_lines.rounds(session, RoundRecord.person_id == person_id, RoundRecord.organisation_id.in_(where)),
        path_lines.awards(session, AwardRecord.person_id == person_id, AwardRecord.organisation_id.in_(where)),
    )


def own_file(session: Session, actor: Actor, read: Read = document_of) -> PersonFile:
    """The signed-in person's own file: everything, wherever it was done; their latest following, ended or not.

    `read` gives a version in the words of the page.
    """
    if actor.person_id is None:
        raise ValueError("only a person has a page of their own")
    person = people.person_for(session, actor, actor.person_id)
    return _file(
        session,
        person,
        _latest_following(person),
        path_lines.titled(session, path_lines.rounds(session, RoundRecord.person_id == person.id), read),
        path_lines.awards(session, AwardRecord.person_id == person.id),
        read=read,
    )


def says_tu(session: Session, actor: Actor) -> bool:
    """Whether the structure that follows the signed-in person, or followed them last, says *tu*."""
    if actor.person_id is None:
        return False
    latest = _latest_following(people.person_for(session, actor, actor.person_id))
    return latest is not None and latest.organisation.address_form == "tu"


def steps(rounds: Sequence[RoundLine], awards: Sequence[AwardLine]) -> list[NextStep]:
    """Everything a path waits for, most urgent first; never empty."""
    standing = [line for line in rounds if line.cancelled_at is None]
    found = [step for line in standing if (step := _round_step(line)) is not None]
    found += [step for line in awards if (step := _award_step(line)) is not None]
    last = max(standing, key=lambda line: line.opened_at, default=None)
    if last is None:
        found.append(NextStep(Step.OPEN))
    elif _left_to_propose(last, awards):
        found.append(NextStep(Step.PROPOSE, round_id=last.id, since=last.closed_at, title=last.title))
    found.sort(key=lambda one: URGENCY[one.step])
    return found or [NextStep(Step.REST)]


def _latest_following(person: PersonRecord) -> MembershipRecord | None:
    return max(person.memberships, key=lambda one: (one.left_on is None, one.joined_on, one.id), default=None)


def _left_to_propose(last: RoundLine, awards: Sequence[AwardLine]) -> bool:
    """Whether the round reaches a badge that the person does not have and that nobody has answered yet."""
    answered = {
        award.badge_code
        for award in awards
        if award.version_id == last.version_id and (award.state in UNDER_WAY or award.round_id == last.id)
    }
    return last.outcome is RoundOutcome.ACCORDE and bool(last.reached - answered)


def _round_step(line: RoundLine) -> NextStep | None:
    if line.closed_at is not None:
        if line.unconfirmed:
            return NextStep(Step.CONFIRM, round_id=line.id, since=line.closed_at, title=line.title)
        return _step_after(line)
    if line.concluded_at is not None:
        return NextStep(Step.CONFIRM, round_id=line.id, since=line.concluded_at, title=line.title)
    sealed = (line.self_sealed_at, line.coach_sealed_at)
    if sealed[0] and sealed[1]:
        step = Step.WAIT_TUTOR if line.tutor_awaited else Step.TALK
        return NextStep(step, round_id=line.id, since=max(sealed[0], sealed[1]), title=line.title)
    step = Step.RATE_COACH if sealed[0] else Step.RATE_SELF if sealed[1] else Step.RATE_BOTH
    return NextStep(step, round_id=line.id, since=sealed[0] or sealed[1] or line.opened_at, title=line.title)


def _step_after(line: RoundLine) -> NextStep | None:
    """What a closed and confirmed round still waits for."""
    for count, step in (
        (line.unanswered, Step.ANSWER),
        (line.contested, Step.ANSWER_CONTEST),
        (line.to_decide, Step.DECIDE),
    ):
        if count:
            return NextStep(step, line.id, since=line.closed_at, title=line.title)
    return None


def _award_step(line: AwardLine) -> NextStep | None:
    if line.state is AwardState.PROPOSED:
        return NextStep(Step.GRANT, line.round_id, line.id, line.proposed_at, line.name)
    if line.state is AwardState.GRANTED:
        return NextStep(Step.CLAIM, line.round_id, line.id, line.granted_at, line.name)
    return None


def _file(
    session: Session,
    person: PersonRecord,
    membership: MembershipRecord | None,
    rounds: Sequence[RoundLine],
    awards: Sequence[AwardLine],
    *,
    read: Read = document_of,
) -> PersonFile:
    named = path_lines.named(session, awards, read)
    reset_by = session.get(StaffRecord, person.pin_reset_by) if person.pin_reset_by else None
    return PersonFile(
        person=person,
        membership=membership,
        reset_by=reset_by.name if reset_by else "",
        steps=tuple(steps(rounds, named)),
        rounds=tuple(sorted(rounds, key=lambda line: line.opened_at, reverse=True)),
        awards=tuple(sorted(named, key=lambda line: line.proposed_at, reverse=True)),
    )
