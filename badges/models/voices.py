"""Other voices than the person's and the coach's: links for those who have no account, interviews, a peer's word.

What a host company rates is part of the round and stands in `assessments`.
"""

import uuid
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from badges.db import Base
from badges.models.assessments import RoundRecord, TutorViewRecord
from badges.models.people import OrganisationRecord, PersonRecord
from badges.models.referentiels import VersionRecord


class Party(StrEnum):
    """One of the three of an interview."""

    PERSON = "person"
    COACH = "coach"
    TUTOR = "tutor"


class InterviewRecord(Base):
    """What person, coach and host company said to each other after real work; the coach writes it, the three confirm.

    `shown_as` is how the page names the person to the company. `wrong_person_at` is when the company said it was about
    somebody else.
    """

    __tablename__ = "interviews"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    round_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("rounds.id"), index=True)
    company: Mapped[str] = mapped_column(String(120))
    tutor_role: Mapped[str] = mapped_column(String(120))
    shown_as: Mapped[str] = mapped_column(String(60))
    held_on: Mapped[date]
    place: Mapped[str] = mapped_column(String(200), default="")
    went_well: Mapped[str] = mapped_column(Text)
    to_work_on: Mapped[str] = mapped_column(Text, default="")
    next_step: Mapped[str] = mapped_column(Text)
    drafted_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    drafted_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    wrong_person_at: Mapped[datetime | None]
    round: Mapped[RoundRecord] = relationship()
    confirmations: Mapped[list["InterviewConfirmationRecord"]] = relationship(
        back_populates="interview", order_by="InterviewConfirmationRecord.id"
    )


class InterviewConfirmationRecord(Base):
    """One party's yes to one exact text, by its digest: once the text changes, it is a yes to something else."""

    __tablename__ = "interview_confirmations"
    __table_args__ = (UniqueConstraint("interview_id", "party"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    interview_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("interviews.id"), index=True)
    party: Mapped[Party]
    digest: Mapped[str] = mapped_column(String(64))
    confirmed_at: Mapped[datetime]
    interview: Mapped[InterviewRecord] = relationship(back_populates="confirmations")


class PeerWordRecord(Base):
    """A word asked of a peer about one competence. It is no rating, and reaches nobody unless the person keeps it.

    `asked_of` is what the person calls the peer, `peer_name` how the peer signs; `peer_id` is the peer where they
    answered from their own page. Removing a word empties it.
    """

    __tablename__ = "peer_words"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("versions.id"), index=True)
    competence_code: Mapped[str] = mapped_column(String(63))
    asked_of: Mapped[str] = mapped_column(String(60))
    shown_as: Mapped[str] = mapped_column(String(60))
    asked_at: Mapped[datetime]
    words: Mapped[str] = mapped_column(Text, default="")
    peer_name: Mapped[str] = mapped_column(String(60), default="")
    peer_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"), index=True)
    written_at: Mapped[datetime | None]
    sent_with: Mapped[str] = mapped_column(String(36), default="")
    kept_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]
    removed_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    person: Mapped[PersonRecord] = relationship(foreign_keys=[person_id])
    organisation: Mapped[OrganisationRecord] = relationship()
    version: Mapped[VersionRecord] = relationship()


class VoiceLinkRecord(Base):
    """A link that lets somebody without an account answer one thing, until it expires or another takes its place."""

    __tablename__ = "voice_links"
    __table_args__ = (
        CheckConstraint(
            "(CASE WHEN tutor_view_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN interview_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN peer_word_id IS NULL THEN 0 ELSE 1 END) = 1",
            name="one_thing",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code_digest: Mapped[str] = mapped_column(String(64), unique=True)
    tutor_view_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("tutor_views.id"), index=True)
    interview_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("interviews.id"), index=True)
    peer_word_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("peer_words.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    replaced_at: Mapped[datetime | None]
    tutor_view: Mapped[TutorViewRecord | None] = relationship()
    interview: Mapped[InterviewRecord | None] = relationship()
    peer_word: Mapped[PeerWordRecord | None] = relationship()
