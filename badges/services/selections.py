"""The people whom a coach has ticked in their list, and what is done for all of them at once.

Whoever the coach's structures do not follow today is only counted: whether such a person exists is not told.
"""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from badges.models.people import MembershipRecord, Role
from badges.services import journal, people
from badges.services.access import Actor
from badges.services.errors import N_, Invalid, NotFound
from badges.services.names import clean_name, folded

MOST = 200
"""People ticked at once: five caseloads; more is no longer one coach's list."""

LONGEST_GROUP = 60


@dataclass(frozen=True, slots=True)
class Selection:
    """The memberships by which the coach's structures follow the people ticked, by name; and how many were others."""

    memberships: tuple[MembershipRecord, ...]
    unknown: int


def chosen(session: Session, actor: Actor, person_ids: Collection[uuid.UUID], *, lock: bool = False) -> Selection:
    """The people ticked, each once. Of several structures, the one through which this coach follows them comes first.

    `lock` keeps the memberships for the end of the transaction.

    Raises:
        Invalid: nobody, or more than anybody follows. NotFound: the coach's structures follow none of them.
    """
    wanted = set(person_ids)
    if not wanted:
        raise Invalid(N_("Cochez au moins une personne."), field="people")
    if len(wanted) > MOST:
        raise Invalid(N_("Cochez %(number)s personnes au plus à la fois."), field="people", number=MOST)
    query = (
        select(MembershipRecord)
        .where(
            MembershipRecord.person_id.in_(wanted),
            MembershipRecord.left_on.is_(None),
            MembershipRecord.organisation_id.in_(actor.organisations(Role.COACH)),
        )
        .options(
            joinedload(MembershipRecord.person),
            joinedload(MembershipRecord.organisation),
            joinedload(MembershipRecord.coach),
        )
        .order_by(MembershipRecord.id)
    )
    found: dict[uuid.UUID, MembershipRecord] = {}
    for one in session.scalars(query.with_for_update(of=MembershipRecord) if lock else query):
        former = found.get(one.person_id)
        if former is None or (_follows(actor, one) and not _follows(actor, former)):
            found[one.person_id] = one
    if not found:
        raise NotFound(N_("Aucune des personnes cochées n’est suivie par votre structure."))
    by_name = sorted(found.values(), key=lambda one: (folded(one.person.name), one.id))
    return Selection(tuple(by_name), len(wanted) - len(found))


def hand_over(
    session: Session, actor: Actor, person_ids: Collection[uuid.UUID], *, coach_id: int, now: datetime
) -> tuple[tuple[MembershipRecord, ...], tuple[MembershipRecord, ...]]:
    """The people ticked whom this colleague now follows, and those of another structure, whom nothing changed for.

    Raises:
        Invalid: nobody is ticked, or the colleague is an active coach of none of their structures.
        NotFound: none of the people is followed here.
    """
    found = chosen(session, actor, person_ids, lock=True).memberships
    places = {one.organisation_id for one in found}
    theirs = {place for place in places if coach_id in {one.id for one in people.coaches_of(session, place)}}
    if not theirs:
        raise Invalid(N_("Choisissez un coach de cette structure."), field="coach")
    given = tuple(one for one in found if one.organisation_id in theirs)
    changed = [(one, one.coach_id) for one in given if one.coach_id != coach_id]
    for one, _former in changed:
        one.coach_id = coach_id
    session.flush()
    journal.record_all(
        session,
        [
            journal.entry(
                actor=actor.label,
                action="person.handed_over",
                object=f"person:{one.person_id}",
                now=now,
                organisation_id=one.organisation_id,
                from_staff=former,
                to_staff=coach_id,
            )
            for one, former in changed
        ],
    )
    return given, tuple(one for one in found if one.organisation_id not in theirs)


def _follows(actor: Actor, membership: MembershipRecord) -> bool:
    return actor.follows(membership.organisation_id, membership.coach_id)


def put_in_group(
    session: Session, actor: Actor, person_ids: Collection[uuid.UUID], *, name: str, now: datetime
) -> Selection:
    """The people ticked, now in the group of this name; in none where it is empty.

    Raises:
        Invalid: nobody is ticked, or the name cannot be used. NotFound: none of them is followed here.
    """
    group = clean_name(name, field="group", longest=LONGEST_GROUP) if name.strip() else ""
    found = chosen(session, actor, person_ids, lock=True)
    changed = [one for one in found.memberships if one.group_name != group]
    for one in changed:
        one.group_name = group
    session.flush()
    journal.record_all(
        session,
        [
            journal.entry(
                actor=actor.label,
                action="person.grouped",
                object=f"person:{one.person_id}",
                now=now,
                organisation_id=one.organisation_id,
            )
            for one in changed
        ],
    )
    return found
