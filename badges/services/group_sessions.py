"""Group sessions: everybody present looked at together, play after play, and dated evidence at the end.

Any coach of the structure may hold one with the people whom a colleague follows too: it opens nobody's file. What is
ticked on the way stands in `group_entries`.
"""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload, selectinload
from sqlalchemy.sql.base import ExecutableOption

from badges.models.evidence import AttendanceRecord, GroupSessionRecord, ObservationRecord
from badges.models.people import MembershipRecord, Role
from badges.models.referentiels import VersionRecord
from badges.services import journal, round_choices
from badges.services.access import Actor
from badges.services.errors import N_, Conflict, Forbidden, Invalid, NotFound, too_long

MOST_COMPETENCES = 6
"""More than an eye follows while a game is on, and more than a phone shows beside a name."""

MOST_TURNS = 9
LONGEST_WORDS = 120
LISTED = 60
NO_SESSION = N_("Cette séance n’existe pas, ou n’est pas de votre structure.")


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody whom the structure follows today, and by whom."""

    person_id: uuid.UUID
    name: str
    coach: str
    mine: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """What a session is, as its form says it."""

    activity: str
    place: str
    held_on: date | None
    people: Collection[uuid.UUID]


def of_coach(session: Session, actor: Actor) -> list[GroupSessionRecord]:
    """The sessions of this coach's structures, without what they hold: those under way first, then the latest."""
    return list(
        session.scalars(
            select(GroupSessionRecord)
            .where(GroupSessionRecord.organisation_id.in_(actor.organisations(Role.COACH)))
            .order_by(
                GroupSessionRecord.ended_at.is_not(None),
                GroupSessionRecord.held_on.desc(),
                GroupSessionRecord.created_at.desc(),
            )
            .limit(LISTED)
        )
    )


def session_for(session: Session, actor: Actor, session_id: uuid.UUID, *, lock: bool = False) -> GroupSessionRecord:
    """A session with all it holds, for any coach of its structure; `lock` keeps its row until the commit.

    Raises:
        NotFound: no such session, or another structure's.
    """
    query = (
        select(GroupSessionRecord)
        .where(
            GroupSessionRecord.id == session_id,
            GroupSessionRecord.organisation_id.in_(actor.organisations(Role.COACH)),
        )
        .options(*_whole())
    )
    if lock:
        query = query.with_for_update(of=GroupSessionRecord).execution_options(populate_existing=True)
    row = session.scalar(query)
    if row is None:
        raise NotFound(NO_SESSION)
    return row


def candidates(session: Session, actor: Actor, organisation_id: int) -> list[Candidate]:
    """Everybody the structure follows today, this coach's own first, by name.

    Raises:
        Forbidden: not a coach of the structure.
    """
    if not actor.has(Role.COACH, organisation_id):
        raise Forbidden(N_("Seuls les coachs de cette structure y ouvrent des séances."))
    found = [
        Candidate(
            one.person_id,
            one.person.name,
            one.coach.name if one.coach else "",
            actor.follows(organisation_id, one.coach_id),
        )
        for one in session.scalars(
            select(MembershipRecord)
            .where(MembershipRecord.organisation_id == organisation_id, MembershipRecord.left_on.is_(None))
            .options(joinedload(MembershipRecord.person), joinedload(MembershipRecord.coach))
        )
    ]
    return sorted(found, key=lambda one: (not one.mine, one.name.casefold(), str(one.person_id)))


def present(session: Session, row: GroupSessionRecord) -> list[AttendanceRecord]:
    """Who was there, by name, without those whom the structure no longer follows."""
    followed = set(
        session.scalars(
            select(MembershipRecord.person_id).where(
                MembershipRecord.organisation_id == row.organisation_id, MembershipRecord.left_on.is_(None)
            )
        )
    )
    there = [one for one in row.attendances if one.person_id in followed]
    return sorted(there, key=lambda one: (one.person.name.casefold(), one.id))


def create(
    session: Session,
    actor: Actor,
    plan: Plan,
    *,
    organisation_id: int,
    version_id: int,
    competences: Sequence[str],
    session_id: uuid.UUID,
    now: datetime,
    today: date,
) -> GroupSessionRecord:
    """A new session; `session_id`, drawn when the form was shown, makes the act safe to repeat.

    Raises:
        Forbidden: not a coach of the structure.
        Invalid: no current version, nothing to look at or too much, nobody, no activity, no place, or a day to come.
        Conflict: the identifier is another session's.
    """
    followed = {one.person_id for one in candidates(session, actor, organisation_id)}
    version = round_choices.current_version(session, version_id)
    row = GroupSessionRecord(
        id=session_id,
        organisation_id=organisation_id,
        version_id=version.id,
        activity=_words(
            plan.activity, "activity", N_("Dites ce que vous avez fait : un jeu, un chantier, un atelier.")
        ),
        place=_words(plan.place, "place", N_("Dites où c’était.")),
        held_on=_day(plan.held_on, today),
        competences=_looked_at(version, competences),
        rules=[""],
        created_by=actor.staff_id,
        created_at=now,
        attendances=[AttendanceRecord(person_id=one) for one in _people(plan.people, followed)],
    )
    try:
        with session.begin_nested():
            if session.get(GroupSessionRecord, session_id) is not None:
                return _again(session, actor, row)
            session.add(row)
    except IntegrityError:  # the same form, sent a moment ago to another worker
        return _again(session, actor, row)
    note(session, actor, row, "group.opened", now, people=len(row.attendances))
    return session_for(session, actor, row.id)


def change(
    session: Session, actor: Actor, session_id: uuid.UUID, plan: Plan, *, now: datetime, today: date
) -> GroupSessionRecord:
    """The session with another activity, place or day, and other people present; what was seen moves with it.

    Raises:
        NotFound: not a session of this coach's structures. Invalid: as in `create`, or somebody who is taken off the
            list has been seen doing something.
    """
    row = session_for(session, actor, session_id, lock=True)
    row.activity = _words(
        plan.activity, "activity", N_("Dites ce que vous avez fait : un jeu, un chantier, un atelier.")
    )
    row.place = _words(plan.place, "place", N_("Dites où c’était."))
    row.held_on = _day(plan.held_on, today)
    there = {one.person_id: one for one in present(session, row)}
    followed = {one.person_id for one in candidates(session, actor, row.organisation_id)}
    wanted = _people(plan.people, followed)
    for person_id, attendance in there.items():
        if person_id not in wanted:
            _leave_out(session, row, attendance)
    row.attendances.extend(AttendanceRecord(person_id=one) for one in wanted if one not in there)
    for seen in row.observations:
        seen.activity, seen.place, seen.seen_on = row.activity, row.place, row.held_on
    session.flush()
    note(session, actor, row, "group.changed", now, people=len(row.attendances))
    return row


def new_turn(
    session: Session, actor: Actor, session_id: uuid.UUID, *, rule: str, after: int, now: datetime
) -> GroupSessionRecord:
    """One more turn, under a new rule; `after` is how many the page showed, so that two taps open one.

    Raises:
        NotFound: not a session of this coach's structures. Conflict: it has ended, or has all its turns.
        Invalid: the rule is too long.
    """
    row = session_for(session, actor, session_id, lock=True)
    if len(row.rules) > after:
        return row
    if row.ended_at is not None or len(row.rules) >= MOST_TURNS:
        raise Conflict(N_("Cette séance ne prend plus de nouvelle manche."))
    row.rules = [*row.rules, _short(rule.strip(), "rule")]
    session.flush()
    note(session, actor, row, "group.turn", now, turn=len(row.rules))
    return row


def end(session: Session, actor: Actor, session_id: uuid.UUID, *, now: datetime) -> GroupSessionRecord:
    """The session, ended: what was seen is now evidence. Ending twice changes nothing.

    Raises:
        NotFound: not a session of this coach's structures.
    """
    row = session_for(session, actor, session_id, lock=True)
    if row.ended_at is None:
        row.ended_at = now
        give_acts(row)
        session.flush()
        note(session, actor, row, "group.ended", now, seen=sum(bool(one.turns) for one in row.observations))
    return row


def reopen(session: Session, actor: Actor, session_id: uuid.UUID, *, now: datetime) -> GroupSessionRecord:
    """The session, open again for what was forgotten; until it is ended anew, nothing of it is offered.

    Raises:
        NotFound: not a session of this coach's structures.
    """
    row = session_for(session, actor, session_id, lock=True)
    if row.ended_at is not None:
        row.ended_at = None
        session.flush()
        note(session, actor, row, "group.reopened", now)
    return row


def used_before(session: Session, organisation_id: int) -> tuple[list[str], list[str]]:
    """Activities and places that the structure has named before: named alike, they are counted together."""
    rows = session.execute(
        select(GroupSessionRecord.activity, GroupSessionRecord.place).where(
            GroupSessionRecord.organisation_id == organisation_id
        )
    ).all()
    return sorted({row.activity for row in rows}), sorted({row.place for row in rows})


def give_acts(row: GroupSessionRecord) -> None:
    """Write each person's act into what was seen of them; a text that was corrected on request stays as it is."""
    acts = {one.person_id: one.act for one in row.attendances}
    for seen in row.observations:
        if seen.answered_at is None:
            seen.act = acts.get(seen.person_id, "")


def _leave_out(session: Session, row: GroupSessionRecord, attendance: AttendanceRecord) -> None:
    seen = [one for one in row.observations if one.person_id == attendance.person_id]
    if attendance.act or any(one.turns for one in seen):
        raise Invalid(
            N_("Pour une personne que vous retirez, des faits sont déjà notés. Décochez-les d’abord."), field="people"
        )
    for one in seen:
        row.observations.remove(one)
        session.delete(one)
    row.attendances.remove(attendance)
    session.delete(attendance)


def _looked_at(version: VersionRecord, competences: Sequence[str]) -> list[str]:
    known = round_choices.competences(version, competences)
    if len(known) > MOST_COMPETENCES:
        raise Invalid(
            N_("Regardez %(number)s compétences au plus : au-delà, on ne voit plus rien."),
            field="competences",
            number=MOST_COMPETENCES,
        )
    return known


def _people(wanted: Collection[uuid.UUID], followed: Collection[uuid.UUID]) -> list[uuid.UUID]:
    chosen = list(dict.fromkeys(wanted))
    if not chosen:
        raise Invalid(N_("Choisissez les personnes présentes."), field="people")
    if not set(chosen) <= set(followed):
        raise Invalid(N_("Une de ces personnes n’est plus suivie par la structure. Rechargez la page."), field="people")
    return chosen


def _day(held_on: date | None, today: date) -> date:
    if held_on is None or held_on > today:
        raise Invalid(N_("Donnez le jour de la séance : aujourd’hui, ou un jour passé."), field="held_on")
    return held_on


def _words(text: str, field: str, missing: str) -> str:
    words = " ".join(text.split())
    if not words:
        raise Invalid(missing, field=field)
    return _short(words, field)


def _short(words: str, field: str) -> str:
    if len(words) > LONGEST_WORDS:
        raise too_long(field, LONGEST_WORDS)
    return words


def _again(session: Session, actor: Actor, wanted: GroupSessionRecord) -> GroupSessionRecord:
    try:
        return session_for(session, actor, wanted.id)
    except NotFound:
        raise Conflict(N_("Ce formulaire a déjà servi. Rechargez la page et recommencez.")) from None


def _whole() -> tuple[ExecutableOption, ...]:
    return (
        joinedload(GroupSessionRecord.version).joinedload(VersionRecord.referentiel),
        joinedload(GroupSessionRecord.organisation),
        selectinload(GroupSessionRecord.attendances).joinedload(AttendanceRecord.person),
        selectinload(GroupSessionRecord.observations).joinedload(ObservationRecord.staff),
    )


def note(
    session: Session, actor: Actor, row: GroupSessionRecord, action: str, now: datetime, **details: object
) -> None:
    """Write an act on this session in the journal: who was seen doing what stays out of it."""
    journal.record(
        session,
        actor=actor.label,
        action=action,
        object=f"group:{row.id}",
        now=now,
        organisation_id=row.organisation_id,
        **details,
    )
