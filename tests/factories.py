"""Rows to start a test from, made the short way; what a test is about goes through the services."""

from datetime import date, datetime
from itertools import count

from sqlalchemy.orm import Session

from badges.models.people import (
    MembershipRecord,
    OrganisationKind,
    OrganisationRecord,
    PersonRecord,
    Role,
    RoleRecord,
    StaffRecord,
)
from badges.services import access, codes

NUMBER = count(1)
PASSWORD = "quatre mots assez longs"
PIN = "274913"
START = datetime.fromisoformat("2026-01-05T08:00:00+00:00")


def organisation(session: Session, name: str = "Mission Passerelle", **columns) -> OrganisationRecord:
    """An organisation, a structure unless said otherwise."""
    row = OrganisationRecord(
        **{"slug": f"org-{next(NUMBER)}", "kind": OrganisationKind.STRUCTURE, "created_at": START, **columns}, name=name
    )
    session.add(row)
    session.flush()
    return row


def staff(
    session: Session, *roles: tuple[OrganisationRecord, Role], name: str = "Camille Roche", password: str | None = None
) -> StaffRecord:
    """A member of staff holding the roles; without a password unless one is given (hashing takes time)."""
    row = StaffRecord(
        email=f"staff{next(NUMBER)}@example.org",
        name=name,
        created_at=START,
        password_hash=access.hash_secret(password) if password else None,
        roles=[RoleRecord(organisation_id=where.id, role=role) for where, role in roles],
    )
    session.add(row)
    session.flush()
    return row


def person(
    session: Session,
    structure: OrganisationRecord | None = None,
    coach: StaffRecord | None = None,
    name: str = "Awa Diallo",
    pin: str | None = None,
) -> PersonRecord:
    """A person, followed by a structure where one is given; without a PIN unless one is given."""
    row = PersonRecord(
        name=name,
        card_code=codes.new_code(codes.CARD_BITS),
        created_at=START,
        pin_hash=access.hash_secret(pin) if pin else None,
    )
    if structure is not None:
        row.memberships.append(
            MembershipRecord(
                organisation_id=structure.id, coach_id=coach.id if coach else None, joined_on=date(2026, 1, 5)
            )
        )
    session.add(row)
    session.flush()
    return row


def sign_in(session: Session, client, who: StaffRecord | PersonRecord, now: datetime) -> None:
    """Give the test client a session of this actor, without the sign-in page."""
    actor = {"staff": who} if isinstance(who, StaffRecord) else {"person": who}
    client.set_cookie("jalon_session", access.open_session(session, now=now, **actor), domain="localhost")
