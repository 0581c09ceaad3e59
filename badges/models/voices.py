"""Other voices than the person's and the coach's: links for those who have no account, interviews, a peer's word.

What a host company rates is part of the round and stands in `assessments`.
"""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from badges.db import Base
from badges.models.assessments import TutorViewRecord


class VoiceLinkRecord(Base):
    """A link that lets somebody without an account answer one thing, until it expires or another takes its place."""

    __tablename__ = "voice_links"

    id: Mapped[int] = mapped_column(primary_key=True)
    code_digest: Mapped[str] = mapped_column(String(64), unique=True)
    tutor_view_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("tutor_views.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    replaced_at: Mapped[datetime | None]
    tutor_view: Mapped[TutorViewRecord | None] = relationship()
