"""Whom this installation knows, and through whom: said where a badge comes from somebody it does not know."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from badges.models.people import OrganisationRecord
from badges.models.referentiels import RecognitionRecord, ReferentielRecord, VersionRecord


@dataclass(frozen=True, slots=True)
class Known:
    """Whom this installation knows through one référentiel: its owner, and how many may issue on it today."""

    owner: str
    title: str
    slug: str
    issuers: int


def known_here(session: Session, now: datetime) -> list[Known]:
    """Every référentiel on which somebody may issue today, by owner and title: what a badge is recognised by here."""
    day = now.astimezone(UTC).date()
    rows = session.execute(
        select(OrganisationRecord.name, ReferentielRecord.title, ReferentielRecord.slug, func.count())
        .join(ReferentielRecord, ReferentielRecord.owner_id == OrganisationRecord.id)
        .join(RecognitionRecord, RecognitionRecord.referentiel_id == ReferentielRecord.id)
        .where(
            RecognitionRecord.valid_from <= day,
            RecognitionRecord.valid_until.is_(None) | (RecognitionRecord.valid_until >= day),
            exists().where(VersionRecord.referentiel_id == ReferentielRecord.id),
        )
        .group_by(OrganisationRecord.name, ReferentielRecord.title, ReferentielRecord.slug)
        .order_by(OrganisationRecord.name, ReferentielRecord.title)
    )
    return [Known(*row) for row in rows]
