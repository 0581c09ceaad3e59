"""« Ma phrase »: what a person would say of a competence in an interview, in their own words.

A phrase that is changed is a new row: whoever was shown the former one may go on pointing to it.
"""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from badges.db import Base
from badges.models.people import PersonRecord
from badges.models.referentiels import ReferentielRecord


class PhraseRecord(Base):
    """One wording of one phrase; `replaced_at` null is the present one. The coach reads it only where they may."""

    __tablename__ = "phrases"
    __table_args__ = (
        Index(
            "uq_phrases_present",
            "person_id",
            "referentiel_id",
            "competence_code",
            unique=True,
            sqlite_where=text("replaced_at IS NULL"),
            postgresql_where=text("replaced_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"), index=True)
    referentiel_id: Mapped[int] = mapped_column(ForeignKey("referentiels.id"))
    competence_code: Mapped[str] = mapped_column(String(63))
    words: Mapped[str] = mapped_column(Text)
    coach_may_read: Mapped[bool] = mapped_column(default=False)
    written_at: Mapped[datetime]
    replaced_at: Mapped[datetime | None]
    person: Mapped[PersonRecord] = relationship()
    referentiel: Mapped[ReferentielRecord] = relationship()
