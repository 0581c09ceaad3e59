"""Closing a structure: it stops following and issuing; its people keep card, badges, shares and answers.

What it granted before stays to be taken for thirty days: its recognitions end then. Keys, lists and signed addresses
stay for ever. Whoever loses their card afterwards asks the owner of the référentiel (`identity_checks`).
"""

from datetime import date, datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from badges.models.awards import AwardRecord, AwardState
from badges.models.people import MembershipRecord, OrganisationKind, OrganisationRecord, Role, RoleRecord
from badges.models.referentiels import RecognitionRecord
from badges.services import journal, organisations
from badges.services.access import Actor
from badges.services.errors import N_, Conflict, Invalid

DAYS_TO_CLAIM = 30
CLOSES = (OrganisationKind.STRUCTURE, OrganisationKind.ENTREPRISE)
GO = (Role.COACH, Role.ISSUER, Role.EDITOR)


def close(
    session: Session, actor: Actor, slug: str, *, typed_name: str, today: date, now: datetime
) -> OrganisationRecord:
    """The organisation, closed for good: nobody is followed there any more, nothing is proposed or granted.

    Raises:
        NotFound: not an organisation the actor administers. Conflict: closed already, or of a kind that does not close.
        Invalid: the name that was typed is not its name.
    """
    row = organisations.administered_by_slug(session, actor, slug, lock=True)
    if row.closed_at is not None:
        raise Conflict(N_("Cette organisation est déjà fermée."))
    if row.kind not in CLOSES:
        raise Conflict(N_("Une région ou une branche ne se ferme pas ici : ses référentiels en dépendent."))
    if " ".join(typed_name.split()).casefold() != row.name.casefold():
        raise Invalid(N_("Tapez le nom exact de l’organisation, pour être sûr."), field="name")
    row.closed_at = now
    _let_people_go(session, actor, row, today, now)
    _end_what_it_issues(session, row, today)
    session.execute(delete(RoleRecord).where(RoleRecord.organisation_id == row.id, RoleRecord.role.in_(GO)))
    session.flush()
    journal.record(
        session,
        actor=actor.label,
        action="organisation.closed",
        object=f"organisation:{row.id}",
        now=now,
        organisation_id=row.id,
    )
    return row


def _let_people_go(session: Session, actor: Actor, row: OrganisationRecord, today: date, now: datetime) -> None:
    followed = session.scalars(
        select(MembershipRecord)
        .where(MembershipRecord.organisation_id == row.id, MembershipRecord.left_on.is_(None))
        .with_for_update()
    ).all()
    for membership in followed:
        membership.left_on = today
    session.flush()
    journal.record_all(
        session,
        (
            journal.entry(
                actor=actor.label,
                action="person.left",
                object=f"person:{membership.person_id}",
                now=now,
                organisation_id=row.id,
            )
            for membership in followed
        ),
    )


def _end_what_it_issues(session: Session, row: OrganisationRecord, today: date) -> None:
    """What was only proposed lapses; what was granted may be taken until the recognitions end."""
    proposed = session.scalars(
        select(AwardRecord)
        .where(AwardRecord.organisation_id == row.id, AwardRecord.state == AwardState.PROPOSED)
        .with_for_update()
    )
    for award in proposed:
        award.state = AwardState.LAPSED
    end = today + timedelta(days=DAYS_TO_CLAIM)
    recognised = session.scalars(select(RecognitionRecord).where(RecognitionRecord.organisation_id == row.id))
    for recognition in recognised:
        if recognition.valid_until is None or recognition.valid_until > end:
            recognition.valid_until = end
