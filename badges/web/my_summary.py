"""The readable part of a person's copy of everything: what a page would say, on one page to keep.

It names what the rows only number. What it does not tell in words stands in the rows beside it.
"""

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from badges.models.assessments import Rater, RoundRecord
from badges.models.awards import AwardRecord, CredentialRecord
from badges.models.people import MembershipRecord, PersonRecord
from badges.services import assessments, codes, consents
from badges.services.referentiels import document_of
from badges.web import agreements, people_words
from referentiels.model import Referentiel


@dataclass(frozen=True, slots=True)
class RatedLine:
    """One competence of a round: both views where both are revealed, and what was agreed."""

    name: str
    own: str
    coach: str
    agreed: str
    words: str


@dataclass(frozen=True, slots=True)
class RoundPart:
    """One round."""

    title: str
    opened_at: datetime
    structure: str
    note: str
    lines: tuple[RatedLine, ...]


@dataclass(frozen=True, slots=True)
class BadgePart:
    """One badge that was claimed."""

    name: str
    issuer: str
    claimed_at: datetime
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """Everything the summary says."""

    name: str
    card: str
    language: str
    age_band: str
    since: datetime
    structures: tuple[tuple[str, date, date | None, str], ...]
    rounds: tuple[RoundPart, ...]
    badges: tuple[BadgePart, ...]
    answers: tuple[tuple[str, bool, datetime], ...]


def of(session: Session, person_id: uuid.UUID) -> Told:
    """The summary for one person."""
    person = session.get_one(
        PersonRecord,
        person_id,
        options=[
            selectinload(PersonRecord.memberships).joinedload(MembershipRecord.organisation),
            selectinload(PersonRecord.memberships).joinedload(MembershipRecord.coach),
        ],
    )
    rounds = session.scalars(
        select(RoundRecord)
        .where(RoundRecord.person_id == person_id)
        .options(
            joinedload(RoundRecord.organisation),
            joinedload(RoundRecord.version),
            selectinload(RoundRecord.ratings),
            selectinload(RoundRecord.agreements),
        )
        .order_by(RoundRecord.opened_at)
    )
    awards = session.scalars(
        select(AwardRecord)
        .where(AwardRecord.person_id == person_id, AwardRecord.claimed_at.is_not(None))
        .options(
            joinedload(AwardRecord.organisation),
            joinedload(AwardRecord.version),
            selectinload(AwardRecord.shares),
            selectinload(AwardRecord.credentials).joinedload(CredentialRecord.signer),
        )
        .order_by(AwardRecord.claimed_at)
    )
    return Told(
        name=person.name,
        card=codes.show_code(person.card_code),
        language=person.language,
        age_band=dict(people_words.age_bands())[person.age_band.value],
        since=person.created_at,
        structures=tuple(
            (one.organisation.name, one.joined_on, one.left_on, one.coach.name if one.coach else "")
            for one in person.memberships
        ),
        rounds=tuple(_round(row) for row in rounds),
        badges=tuple(_badge(row) for row in awards),
        answers=tuple(
            (agreements.title(row.purpose), row.given, row.at) for row in consents.answers(session, person_id)
        ),
    )


def _round(row: RoundRecord) -> RoundPart:
    document = document_of(row.version)
    return RoundPart(
        title=document.title,
        opened_at=row.opened_at,
        structure=row.organisation.name,
        note=row.note,
        lines=tuple(_line(row, code, document) for code in row.competences),
    )


def _line(row: RoundRecord, code: str, document: Referentiel) -> RatedLine:
    shown = {
        rating.rater: rating
        for rating in row.ratings
        if rating.competence_code == code and (rating.rater is Rater.SELF or assessments.revealed(row))
    }
    agreed = next((one.level for one in row.agreements if one.competence_code == code), None)
    levels = {rater: _level(document, rating.level) for rater, rating in shown.items()}
    return RatedLine(
        name=document.competence(code).name,
        own=levels.get(Rater.SELF, ""),
        coach=levels.get(Rater.COACH, ""),
        agreed=_level(document, agreed),
        words=" / ".join(rating.situation for rating in shown.values() if rating.situation),
    )


def _level(document: Referentiel, level: int | None) -> str:
    return "" if level is None else f"{level}, {document.level(level).name}"


def _badge(row: AwardRecord) -> BadgePart:
    if row.claimed_at is None:
        raise LookupError(f"award {row.id} was never claimed")
    return BadgePart(
        name=document_of(row.version).badge(row.badge_code).name,
        issuer=(row.credentials[-1].signer if row.credentials else row.organisation).name,
        claimed_at=row.claimed_at,
        codes=tuple(
            codes.show_code(share.code) for share in row.shares if share.opened_at and share.withdrawn_at is None
        ),
    )
