"""What a competence was at the entry and what it is at the exit: held, to acquire, acquired. Apart from any level.

The coach fills it in with the person. What nobody looked at has no row: nothing is ever counted as missing.
"""

import uuid
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from badges.db import Base
from badges.models.assessments import Moment
from badges.models.referentiels import VersionRecord


class AcquiredState(StrEnum):
    """The three words of the grid."""

    HELD = "detenue"
    TO_ACQUIRE = "a_acquerir"
    ACQUIRED = "acquise"


class AcquiredRecord(Base):
    """One competence of a lineage at one moment; `moment` is the entry or the exit, never a step between."""

    __tablename__ = "acquired"
    __table_args__ = (
        UniqueConstraint(
            "person_id",
            "organisation_id",
            "referentiel_id",
            "competence_code",
            "moment",
            name="uq_acquired_cell",  # what the convention makes of five columns is too long for PostgreSQL
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    referentiel_id: Mapped[int] = mapped_column(ForeignKey("referentiels.id"), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("versions.id"))
    competence_code: Mapped[str] = mapped_column(String(63))
    moment: Mapped[Moment]
    state: Mapped[AcquiredState]
    filled_on: Mapped[date]
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    filled_at: Mapped[datetime]
    version: Mapped[VersionRecord] = relationship()
