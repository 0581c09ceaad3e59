"""Référentiels: one living draft each, frozen numbered versions, and who may issue on them."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from badges.db import Base
from badges.models.people import OrganisationRecord


class VersionState(StrEnum):
    """Where a published version stands; none of them erases it."""

    PUBLISHED = "published"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


class ReferentielRecord(Base):
    """A référentiel and its draft: the bytes of one JSON document, guarded by `revision` (optimistic locking)."""

    __tablename__ = "referentiels"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(63), unique=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    draft: Mapped[bytes] = mapped_column(LargeBinary)
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    owner: Mapped[OrganisationRecord] = relationship()
    versions: Mapped[list["VersionRecord"]] = relationship(
        back_populates="referentiel", order_by="VersionRecord.number"
    )
    recognitions: Mapped[list["RecognitionRecord"]] = relationship(
        back_populates="referentiel", order_by="RecognitionRecord.id"
    )


class VersionRecord(Base):
    """A published version: its exact bytes and their digest. Only its state, with its reason and date, ever changes."""

    __tablename__ = "versions"
    __table_args__ = (UniqueConstraint("referentiel_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    referentiel_id: Mapped[int] = mapped_column(ForeignKey("referentiels.id"), index=True)
    number: Mapped[int]
    document: Mapped[bytes] = mapped_column(LargeBinary)
    digest: Mapped[str] = mapped_column(String(80))
    state: Mapped[VersionState]
    state_reason: Mapped[str] = mapped_column(String(500), default="")
    state_changed_at: Mapped[datetime | None]
    published_at: Mapped[datetime]
    published_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    referentiel: Mapped[ReferentielRecord] = relationship(back_populates="versions")


class RecognitionRecord(Base):
    """The owner recognises an organisation: it may issue on the référentiel from a day until a day (inclusive).

    Within that time, and between two days of its own, it may hold a mandate: badges are then signed in the owner's name
    for whoever chooses so.
    """

    __tablename__ = "recognitions"

    id: Mapped[int] = mapped_column(primary_key=True)
    referentiel_id: Mapped[int] = mapped_column(ForeignKey("referentiels.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    mandate_from: Mapped[date | None]
    mandate_until: Mapped[date | None]
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    referentiel: Mapped[ReferentielRecord] = relationship(back_populates="recognitions")
    organisation: Mapped[OrganisationRecord] = relationship()


class TranslationRecord(Base):
    """A référentiel's texts in one other language, by the text as it was written; guarded by `revision`."""

    __tablename__ = "translations"
    __table_args__ = (UniqueConstraint("referentiel_id", "language"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    referentiel_id: Mapped[int] = mapped_column(ForeignKey("referentiels.id"), index=True)
    language: Mapped[str] = mapped_column(String(12))
    texts: Mapped[dict[str, str]] = mapped_column(JSON)
    revision: Mapped[int] = mapped_column(default=1)
    updated_at: Mapped[datetime]
