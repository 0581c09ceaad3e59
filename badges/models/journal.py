"""The journal: who did what, when, and which documents it states. Rows are only added; the database refuses more."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from badges.db import Base


class JournalRecord(Base):
    """One act. `details` holds no name, no rating and no secret: identifiers, counts and digests only."""

    __tablename__ = "journal"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(60))
    organisation_id: Mapped[int | None] = mapped_column(index=True)
    action: Mapped[str] = mapped_column(String(60))
    object: Mapped[str] = mapped_column(String(80))
    details: Mapped[dict[str, Any]] = mapped_column(JSON)


class WitnessRecord(Base):
    """A document that an entry of the journal states, by SHA-256 of its exact bytes: it was there at that moment."""

    __tablename__ = "witnessed"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    journal_id: Mapped[int] = mapped_column(ForeignKey("journal.id"), index=True)
