"""Levels contested after a round closed: the person's word, the coach's answer, what the person did with it.

Nothing here overwrites the views or the agreement: a contest that is settled changes the agreement's level, the former
one stays in `level_before`.
"""

import uuid
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from badges.db import Base
from badges.models.assessments import RoundRecord


class ContestEnd(StrEnum):
    """How the person ended it: content with the answer, still of another opinion, or no longer asking."""

    SETTLED = "settled"
    MAINTAINED = "maintained"
    WITHDRAWN = "withdrawn"


class ContestRecord(Base):
    """One level of a closed round, contested by the person; at most one not ended for each level.

    `level_before` is the agreed level that is contested, `level` the one the coach's answer proposes.
    """

    __tablename__ = "contests"
    __table_args__ = (
        Index(
            "uq_contests_under_way",
            "round_id",
            "competence_code",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("rounds.id"), index=True)
    competence_code: Mapped[str] = mapped_column(String(63))
    level_before: Mapped[int]
    reason: Mapped[str] = mapped_column(Text, default="")
    opened_at: Mapped[datetime]
    talk_on: Mapped[date | None]
    answer: Mapped[str] = mapped_column(Text, default="")
    level: Mapped[int | None]
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    end: Mapped[ContestEnd | None]
    ended_at: Mapped[datetime | None]
    round: Mapped[RoundRecord] = relationship()
