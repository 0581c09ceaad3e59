"""Who is signed in, who may come in once by a link, and how many wrong guesses were made.

All three are rows, so that they survive restarts and hold across workers. Secrets are kept as SHA-256 digests.
"""

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from badges.db import Base


class LinkPurpose(StrEnum):
    """What a one-time link opens."""

    INVITATION = "invitation"
    RESET = "reset"


class SessionRecord(Base):
    """One signed-in browser, of a member of staff or of a person; ended by deleting the row."""

    __tablename__ = "sessions"
    __table_args__ = (CheckConstraint("(staff_id IS NULL) <> (person_id IS NULL)", name="one_actor"),)

    token_digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"), index=True)
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class OneTimeLinkRecord(Base):
    """A link that lets a member of staff choose a password, once, until it expires."""

    __tablename__ = "one_time_links"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    purpose: Mapped[LinkPurpose]
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class GuessRecord(Base):
    """Wrong guesses of one kind (password, pin, code) against one subject, within one window."""

    __tablename__ = "guesses"
    __table_args__ = (UniqueConstraint("kind", "subject_digest"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    subject_digest: Mapped[str] = mapped_column(String(64))
    count: Mapped[int] = mapped_column(default=0)
    window_started_at: Mapped[datetime]
