"""Passkeys: the keys of a person's own devices, and the challenges they answer, each once.

A passkey opens a person's page like card and PIN; it never stands for the PIN where something is confirmed or claimed.
"""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from badges.db import Base


class PasskeyRecord(Base):
    """One passkey. `stopped_at` is when its counter went back: it may have been copied and opens nothing any more."""

    __tablename__ = "passkeys"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"), index=True)
    credential_id: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int]
    added_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    stopped_at: Mapped[datetime | None]


class PasskeyChallengeRecord(Base):
    """A challenge that waits for its answer: to add a passkey to one person, or (no person) to come in."""

    __tablename__ = "passkey_challenges"

    challenge: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"), index=True)
    expires_at: Mapped[datetime]
