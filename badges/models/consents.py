"""What a person said yes or no to: rows are only added, and go with the person."""

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from badges.db import Base
from badges.models.people import AgeBand


class Purpose(StrEnum):
    """What may be agreed to, each on its own. Support is none of them: it rests on another basis."""

    PUBLICATION = "publication"
    KEEPING = "keeping"


class ConsentRecord(Base):
    """One answer. The latest for a purpose counts.

    `age_band` is the person's at that moment. `recorded_by` is the member of staff who wrote down an answer given by a
    child with a parent, `words` how both said it; the person's own answers have neither.
    """

    __tablename__ = "consents"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"), index=True)
    purpose: Mapped[Purpose]
    given: Mapped[bool]
    age_band: Mapped[AgeBand]
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    words: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime]
