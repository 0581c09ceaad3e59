"""Absences: a colleague of the same structure stands in for a coach from a day to a day, and it ends by itself.

Who stands in today is asked anew at each request (`access.actor_of`): no job starts or ends anything, nobody changes
coach, and what the colleague writes stays under their own name.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from badges.models.people import CoverRecord, MembershipRecord, OrganisationRecord, Role, RoleRecord, StaffRecord
from badges.services import journal, people
from badges.services.access import Actor
from badges.services.errors import N_, Forbidden, Invalid, NotFound

LONGEST = timedelta(days=184)
"""Six months: beyond, people are handed over."""


@dataclass(frozen=True, slots=True)
class Colleague:
    """A coach in one structure."""

    organisation_id: int
    organisation: str
    staff_id: int
    name: str


def name_stand_in(
    session: Session,
    actor: Actor,
    *,
    organisation_id: int,
    coach_id: int,
    stand_in_id: int,
    starts_on: date | None,
    ends_on: date | None,
    now: datetime,
    today: date,
) -> CoverRecord:
    """The cover; the same one where it stands already.

    Raises:
        Forbidden: the actor is neither this coach nor an administrator of the structure.
        Invalid: one of the two is no active coach there, or they are one; no days, days gone by, or too many.
    """
    if not _may_name(actor, organisation_id, coach_id):
        raise Forbidden(N_("Seul ce coach, ou qui administre la structure, désigne qui le remplace."))
    there = {one.id for one in people.coaches_of(session, organisation_id)}
    if coach_id not in there:
        raise Invalid(N_("Choisissez un coach de cette structure."), field="coach")
    if stand_in_id not in there or stand_in_id == coach_id:
        raise Invalid(N_("Choisissez un ou une collègue, coach dans la même structure."), field="stand_in")
    first, last = _days(starts_on, ends_on, today)
    row = CoverRecord(
        organisation_id=organisation_id,
        coach_id=coach_id,
        stand_in_id=stand_in_id,
        starts_on=first,
        ends_on=last,
        created_at=now,
        created_by=actor.staff_id,
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:  # the same form, sent twice
        return _standing(session, row)
    _note(session, actor, row, "cover.named", now)
    return row


def end(session: Session, actor: Actor, cover_id: int, *, now: datetime) -> None:
    """End a cover now, before its time; ending it twice changes nothing.

    Raises:
        NotFound: there is none, or it is neither the actor's own nor of a structure they administer.
    """
    row = session.scalar(select(CoverRecord).where(CoverRecord.id == cover_id, _readable_by(actor)).with_for_update())
    if row is None:
        raise NotFound(N_("Ce remplacement n’existe pas, ou n’est pas le vôtre."))
    if row.ended_at is not None:
        return
    row.ended_at, row.ended_by = now, actor.staff_id
    session.flush()
    _note(session, actor, row, "cover.ended", now)


def known_to(session: Session, actor: Actor, today: date) -> Sequence[CoverRecord]:
    """The covers of today and to come that concern this actor or the structures they administer, the nearest first."""
    return session.scalars(
        select(CoverRecord)
        .where(_readable_by(actor), CoverRecord.ended_at.is_(None), CoverRecord.ends_on >= today)
        .options(joinedload(CoverRecord.coach), joinedload(CoverRecord.stand_in), joinedload(CoverRecord.organisation))
        .order_by(CoverRecord.starts_on, CoverRecord.id)
    ).all()


def stands_in(session: Session, membership: MembershipRecord, today: date) -> list[CoverRecord]:
    """The covers by which colleagues stand in today for the coach of this person: what the person is told."""
    if membership.coach_id is None or membership.left_on is not None:
        return []
    return list(
        session.scalars(
            select(CoverRecord)
            .where(
                CoverRecord.organisation_id == membership.organisation_id,
                CoverRecord.coach_id == membership.coach_id,
                CoverRecord.ended_at.is_(None),
                CoverRecord.starts_on <= today,
                CoverRecord.ends_on >= today,
            )
            .options(joinedload(CoverRecord.stand_in), joinedload(CoverRecord.coach))
            .order_by(CoverRecord.id)
        )
    )


def colleagues(session: Session, actor: Actor) -> list[Colleague]:
    """The active coaches of the structures in which the actor may name a stand-in, by name."""
    where = actor.organisations(Role.COACH) | actor.organisations(Role.ADMINISTRATOR)
    rows = session.execute(
        select(OrganisationRecord.id, OrganisationRecord.name, StaffRecord.id, StaffRecord.name)
        .join(RoleRecord, RoleRecord.organisation_id == OrganisationRecord.id)
        .join(StaffRecord, StaffRecord.id == RoleRecord.staff_id)
        .where(RoleRecord.role == Role.COACH, OrganisationRecord.id.in_(where), StaffRecord.deactivated_at.is_(None))
        .order_by(StaffRecord.name, OrganisationRecord.name)
    )
    return [Colleague(*row) for row in rows]


def may_be_away(actor: Actor, coach: Colleague) -> bool:
    """Whether the actor may name who stands in for this coach."""
    return _may_name(actor, coach.organisation_id, coach.staff_id)


def _may_name(actor: Actor, organisation_id: int, coach_id: int) -> bool:
    if actor.has(Role.ADMINISTRATOR, organisation_id):
        return True
    return actor.has(Role.COACH, organisation_id) and coach_id == actor.staff_id


def _days(starts_on: date | None, ends_on: date | None, today: date) -> tuple[date, date]:
    if starts_on is None:
        raise Invalid(N_("Indiquez le premier jour."), field="starts_on")
    if ends_on is None:
        raise Invalid(N_("Indiquez le dernier jour."), field="ends_on")
    if starts_on < today:
        raise Invalid(N_("Un remplacement commence aujourd’hui au plus tôt."), field="starts_on")
    if ends_on < starts_on:
        raise Invalid(N_("Le dernier jour vient avant le premier. Vérifiez les deux."), field="ends_on")
    if ends_on - starts_on > LONGEST:
        raise Invalid(N_("Un remplacement dure six mois au plus. Au-delà, passez le relais."), field="ends_on")
    return starts_on, ends_on


def _standing(session: Session, wanted: CoverRecord) -> CoverRecord:
    found = session.scalars(
        select(CoverRecord).where(
            CoverRecord.organisation_id == wanted.organisation_id,
            CoverRecord.coach_id == wanted.coach_id,
            CoverRecord.stand_in_id == wanted.stand_in_id,
            CoverRecord.starts_on == wanted.starts_on,
            CoverRecord.ended_at.is_(None),
        )
    ).one()
    if found.ends_on != wanted.ends_on:
        raise Invalid(
            N_("Ce remplacement existe déjà, avec un autre dernier jour. Terminez-le d’abord."), field="ends_on"
        )
    return found


def _readable_by(actor: Actor) -> ColumnElement[bool]:
    return or_(
        CoverRecord.coach_id == actor.staff_id,
        CoverRecord.stand_in_id == actor.staff_id,
        CoverRecord.organisation_id.in_(actor.organisations(Role.ADMINISTRATOR)),
    )


def _note(session: Session, actor: Actor, row: CoverRecord, action: str, now: datetime) -> None:
    journal.record(
        session,
        actor=actor.label,
        action=action,
        object=f"staff:{row.stand_in_id}",
        now=now,
        organisation_id=row.organisation_id,
        cover=row.id,
        coach=row.coach_id,
        starts_on=row.starts_on.isoformat(),
        ends_on=row.ends_on.isoformat(),
    )
