"""Rows to start a test from, made the short way; what a test is about goes through the services."""

from dataclasses import replace
from datetime import date, datetime
from functools import cache
from itertools import count

from argon2 import PasswordHasher
from sqlalchemy.orm import Session

from badges.models.assessments import AgreementRecord, Moment, Rater, RatingRecord, RoundOutcome, RoundRecord
from badges.models.consents import ConsentRecord, Purpose
from badges.models.people import (
    MembershipRecord,
    OrganisationKind,
    OrganisationRecord,
    PersonRecord,
    Role,
    RoleRecord,
    StaffRecord,
)
from badges.models.referentiels import RecognitionRecord, ReferentielRecord, VersionRecord, VersionState
from badges.services import access, codes
from badges.services.access import Actor
from referentiels import document, publishing
from referentiels.starters import starters

NUMBER = count(1)
PASSWORD = "quatre mots assez longs"
PIN = "274913"
START = datetime.fromisoformat("2026-01-05T08:00:00+00:00")


@cache
def hashed(secret: str) -> str:
    """The hash of a test's password or PIN, as cheap as argon2 allows: whoever verifies it pays what the hash says."""
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(secret)


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
        password_hash=hashed(password) if password else None,
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
    *,
    agreed: bool = True,
) -> PersonRecord:
    """A person, followed by a structure where one is given; without a PIN unless one is given.

    They agreed to the publication of their badges, unless told otherwise.
    """
    row = PersonRecord(
        name=name,
        card_code=codes.new_code(codes.CARD_BITS),
        created_at=START,
        pin_hash=hashed(pin) if pin else None,
    )
    if structure is not None:
        row.memberships.append(
            MembershipRecord(
                organisation_id=structure.id, coach_id=coach.id if coach else None, joined_on=date(2026, 1, 5)
            )
        )
    session.add(row)
    session.flush()
    if agreed:
        agree(session, row)
    return row


def agree(session: Session, who: PersonRecord, purpose: Purpose = Purpose.PUBLICATION) -> None:
    """The person said yes, at the start."""
    session.add(ConsentRecord(person_id=who.id, purpose=purpose, given=True, age_band=who.age_band, at=START))
    session.flush()


def sign_in(session: Session, client, who: StaffRecord | PersonRecord, now: datetime) -> None:
    """Give the test client a session of this actor, without the sign-in page."""
    actor = {"staff": who} if isinstance(who, StaffRecord) else {"person": who}
    client.set_cookie("jalon_session", access.open_session(session, now=now, **actor), domain="localhost")


def actor(who: StaffRecord | PersonRecord) -> Actor:
    """Who asks, as the services know them."""
    if isinstance(who, PersonRecord):
        return Actor(who.name, person_id=who.id)
    return Actor(who.name, staff_id=who.id, roles=frozenset((held.organisation_id, held.role) for held in who.roles))


def version(
    session: Session, owner: OrganisationRecord, starter: int = 0, *, owner_as_issuer: bool = False, **changes
) -> VersionRecord:
    """A starter référentiel of this owner, published; `changes` are made to every badge of it."""
    draft = replace(starters()[starter], owner_as_issuer=owner_as_issuer)
    draft = replace(draft, badges=tuple(replace(badge, **changes) for badge in draft.badges))
    row = ReferentielRecord(
        slug=draft.code,
        owner_id=owner.id,
        title=draft.title,
        draft=document.write(draft),
        created_at=START,
        updated_at=START,
    )
    published = publishing.publish(draft, None, number=1, at=START)
    row.versions.append(
        VersionRecord(
            number=1,
            document=published.document,
            digest=published.digest,
            state=VersionState.PUBLISHED,
            published_at=START,
        )
    )
    session.add(row)
    session.flush()
    return row.versions[0]


def recognition(
    session: Session, of: VersionRecord, issuing: OrganisationRecord, until: date | None = None
) -> RecognitionRecord:
    """The owner of the référentiel lets the organisation issue on it, since the start."""
    row = RecognitionRecord(
        referentiel_id=of.referentiel_id,
        organisation_id=issuing.id,
        valid_from=START.date(),
        valid_until=until,
        created_at=START,
    )
    session.add(row)
    session.flush()
    return row


def closed_round(
    session: Session,
    of: VersionRecord,
    whose: PersonRecord,
    *,
    structure: OrganisationRecord,
    coach: StaffRecord,
    levels: dict[str, int],
    outcome: RoundOutcome = RoundOutcome.ACCORDE,
) -> RoundRecord:
    """A round that ended well: both views and the agreed level are `levels`, and the person has confirmed."""
    row = RoundRecord(
        person_id=whose.id,
        organisation_id=structure.id,
        version_id=of.id,
        coach_id=coach.id,
        moment=Moment.ENTREE,
        competences=list(levels),
        opened_at=START,
        self_sealed_at=START,
        coach_sealed_at=START,
        talk_on=date(2026, 2, 3),
        note="Une note de l’échange.",
        outcome=outcome,
        concluded_at=START,
        confirmed_at=START,
        closed_at=START,
    )
    for code, level in levels.items():
        for rater in (Rater.SELF, Rater.COACH):
            words = f"Situation vue par {rater.value} sur {code}."
            row.ratings.append(
                RatingRecord(competence_code=code, rater=rater, level=level, situation=words, rated_at=START)
            )
        row.agreements.append(AgreementRecord(competence_code=code, level=level, confirmed_at=START))
    session.add(row)
    session.flush()
    return row
