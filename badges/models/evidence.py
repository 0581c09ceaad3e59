"""What was seen of a person: one act, for one competence, on a day, at a place. Never a level and never a judgement.

Observations hang on the lineage of a référentiel (its competence codes never change), not on one version. They come
from group sessions, where everybody present is looked at, and from situations of real work.
"""

import uuid
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from badges.db import Base
from badges.models.people import OrganisationRecord, PersonRecord, StaffRecord
from badges.models.referentiels import ReferentielRecord, VersionRecord


class Origin(StrEnum):
    """Where an act was seen."""

    GROUP = "group"
    PRACTICE = "practice"
    IMMERSION = "immersion"
    AFEST = "afest"
    MISSION = "mission"


class Autonomy(StrEnum):
    """How much by oneself, in words: neither a mark nor a level of the scale."""

    SHOWN = "shown"
    HELPED = "helped"
    ALONE = "alone"
    PASSED_ON = "passed_on"


class GroupSessionRecord(Base):
    """An activity with several people: play, talk, a new rule, play again.

    `rules` holds one rule for each turn played so far, empty where none was said. What was seen counts as evidence
    once `ended_at` is set; it may be opened again.
    """

    __tablename__ = "group_sessions"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("versions.id"))
    activity: Mapped[str] = mapped_column(String(120))
    place: Mapped[str] = mapped_column(String(120))
    held_on: Mapped[date]
    competences: Mapped[list[str]] = mapped_column(JSON)
    rules: Mapped[list[str]] = mapped_column(JSON)
    created_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    version: Mapped[VersionRecord] = relationship()
    organisation: Mapped[OrganisationRecord] = relationship()
    attendances: Mapped[list["AttendanceRecord"]] = relationship(
        back_populates="group_session", order_by="AttendanceRecord.id"
    )
    observations: Mapped[list["ObservationRecord"]] = relationship(
        back_populates="group_session", order_by="ObservationRecord.recorded_at"
    )


class AttendanceRecord(Base):
    """Somebody was there; `act` is what they were seen doing, in a few words, whoever wrote them."""

    __tablename__ = "attendances"
    __table_args__ = (UniqueConstraint("group_session_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    group_session_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("group_sessions.id"), index=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"), index=True)
    act: Mapped[str] = mapped_column(Text, default="")
    group_session: Mapped[GroupSessionRecord] = relationship(back_populates="attendances")
    person: Mapped[PersonRecord] = relationship()


class SituationRecord(Base):
    """A situation of real work: where, from when to when, beside whom. Each try in it is an observation."""

    __tablename__ = "situations"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("versions.id"))
    origin: Mapped[Origin]
    task: Mapped[str] = mapped_column(String(120))
    place: Mapped[str] = mapped_column(String(120))
    from_on: Mapped[date]
    until_on: Mapped[date | None]
    supervisor: Mapped[str] = mapped_column(String(120), default="")
    supervisor_role: Mapped[str] = mapped_column(String(120), default="")
    created_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    created_at: Mapped[datetime]
    person: Mapped[PersonRecord] = relationship()
    version: Mapped[VersionRecord] = relationship()
    observations: Mapped[list["ObservationRecord"]] = relationship(
        back_populates="situation", order_by="ObservationRecord.seen_on, ObservationRecord.recorded_at"
    )


class ObservationRecord(Base):
    """One act of one person for one competence, on a day, at a place; `activity` is what was going on.

    `turns` are the turns of a group session in which it was seen: empty once somebody has taken the tick back.
    `person_words` is what the person asks to have corrected, until `answer`; `set_aside_at` is when they put it
    aside, `withdrawn_at` when a coach took it back: neither is ever offered as evidence.
    """

    __tablename__ = "observations"
    __table_args__ = (UniqueConstraint("group_session_id", "person_id", "competence_code"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    referentiel_id: Mapped[int] = mapped_column(ForeignKey("referentiels.id"), index=True)
    competence_code: Mapped[str] = mapped_column(String(63))
    origin: Mapped[Origin]
    activity: Mapped[str] = mapped_column(String(120))
    place: Mapped[str] = mapped_column(String(120))
    seen_on: Mapped[date]
    act: Mapped[str] = mapped_column(Text, default="")
    autonomy: Mapped[Autonomy | None]
    turns: Mapped[list[int]] = mapped_column(JSON, default=list)
    group_session_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("group_sessions.id"), index=True)
    situation_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("situations.id"), index=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    recorded_at: Mapped[datetime]
    person_words: Mapped[str] = mapped_column(Text, default="")
    asked_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None]
    set_aside_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    referentiel: Mapped[ReferentielRecord] = relationship()
    staff: Mapped[StaffRecord] = relationship()
    group_session: Mapped[GroupSessionRecord | None] = relationship(back_populates="observations")
    situation: Mapped[SituationRecord | None] = relationship(back_populates="observations")


class PieceRecord(Base):
    """A piece of a portfolio: where a film, a photograph or a text is, and the SHA-256 of the file. Never the file.

    `added_by` is the member of staff who added it, for `organisation_id`; both are null where the person did.
    """

    __tablename__ = "portfolio_pieces"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    referentiel_id: Mapped[int] = mapped_column(ForeignKey("referentiels.id"), index=True)
    competences: Mapped[list[str]] = mapped_column(JSON)
    title: Mapped[str] = mapped_column(String(120))
    url: Mapped[str] = mapped_column(String(500))
    sha256: Mapped[str] = mapped_column(String(64))
    made_on: Mapped[date]
    added_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    added_at: Mapped[datetime]
    referentiel: Mapped[ReferentielRecord] = relationship()
