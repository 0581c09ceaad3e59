"""Rounds of assessment: two blind views, a talk, agreed levels.

A rating without a level is « pas encore eu l'occasion » / « pas observé »: outside scale, radar and threshold.
"""

import uuid
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from badges.db import Base
from badges.models.people import OrganisationRecord, PersonRecord, StaffRecord
from badges.models.referentiels import VersionRecord


class Moment(StrEnum):
    """When in the path a round takes place."""

    ENTREE = "entree"
    ETAPE = "etape"
    SORTIE = "sortie"


class Rater(StrEnum):
    """Whose view a rating is."""

    SELF = "self"
    COACH = "coach"
    TUTOR = "tutor"


class RoundOutcome(StrEnum):
    """How a round ends: never « échoué »."""

    ACCORDE = "accorde"
    A_RETRAVAILLER = "a_retravailler"
    CLOS = "clos"


class TutorEnd(StrEnum):
    """Why a request to a host company came to nothing: the person's no, the coach's, the tutor's, or a mistake."""

    OBJECTED = "objected"
    STOPPED = "stopped"
    WRONG_PERSON = "wrong_person"
    SET_ASIDE = "set_aside"


class RoundRecord(Base):
    """One round. `competences` lists the chosen codes in order; a sealed view can no longer be changed.

    `tutor_awaited` holds the two views back until a host company has answered or the coach goes on without it.
    `self_typed_by` is the member of staff who typed the person's words beside them; null where they typed.
    `self_paper_on` and `coach_paper_on` are the days written on the paper sheets from which the views were typed.
    `confirmed_at` is when the person last confirmed with their PIN what was agreed; `closed_at` ends the round.
    `cancelled_at` ends one that was opened by mistake: it counts for nothing, and what was answered stays.
    """

    __tablename__ = "rounds"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("versions.id"), index=True)
    coach_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    moment: Mapped[Moment]
    competences: Mapped[list[str]] = mapped_column(JSON)
    opened_at: Mapped[datetime]
    self_sealed_at: Mapped[datetime | None]
    self_typed_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    coach_sealed_at: Mapped[datetime | None]
    self_paper_on: Mapped[date | None]
    coach_paper_on: Mapped[date | None]
    tutor_awaited: Mapped[bool] = mapped_column(default=False)
    talk_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(Text, default="")
    outcome: Mapped[RoundOutcome | None]
    concluded_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    cancelled_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    cancel_reason: Mapped[str] = mapped_column(Text, default="")
    person: Mapped[PersonRecord] = relationship()
    organisation: Mapped[OrganisationRecord] = relationship()
    version: Mapped[VersionRecord] = relationship()
    coach: Mapped[StaffRecord] = relationship(foreign_keys=[coach_id])
    typist: Mapped[StaffRecord | None] = relationship(foreign_keys=[self_typed_by])
    canceller: Mapped[StaffRecord | None] = relationship(foreign_keys=[cancelled_by])
    ratings: Mapped[list["RatingRecord"]] = relationship(back_populates="round", order_by="RatingRecord.id")
    agreements: Mapped[list["AgreementRecord"]] = relationship(back_populates="round", order_by="AgreementRecord.id")
    tutor_views: Mapped[list["TutorViewRecord"]] = relationship(
        back_populates="round", order_by="TutorViewRecord.asked_at"
    )


class TutorViewRecord(Base):
    """What a host company was asked by link about some competences of a round; one that has not ended in each round.

    `shown_as` is how the page names the person to the tutor. `answers` maps competences to [level, act] as typed so
    far; it is empty once they are ratings, and stays where they came after the talk, until the next one takes them.
    `company_agreed` is the company's yes to being named in a badge. `kept_with` and
    `sent_with` are the forms that were kept and sent last.
    """

    __tablename__ = "tutor_views"
    __table_args__ = (
        Index(
            "uq_tutor_views_live",
            "round_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    round_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("rounds.id"), index=True)
    company: Mapped[str] = mapped_column(String(120))
    tutor_role: Mapped[str] = mapped_column(String(120))
    tutor_name: Mapped[str] = mapped_column(String(60), default="")
    shown_as: Mapped[str] = mapped_column(String(60))
    situation: Mapped[str] = mapped_column(String(300), default="")
    from_day: Mapped[date | None]
    to_day: Mapped[date | None]
    competences: Mapped[list[str]] = mapped_column(JSON)
    asked_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    asked_at: Mapped[datetime]
    answers: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    revision: Mapped[int] = mapped_column(default=0)
    kept_at: Mapped[datetime | None]
    kept_with: Mapped[str] = mapped_column(String(36), default="")
    company_agreed: Mapped[bool] = mapped_column(default=False)
    sent_at: Mapped[datetime | None]
    sent_with: Mapped[str] = mapped_column(String(36), default="")
    late: Mapped[bool] = mapped_column(default=False)
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    end: Mapped[TutorEnd | None]
    end_reason: Mapped[str] = mapped_column(Text, default="")
    round: Mapped[RoundRecord] = relationship(back_populates="tutor_views")
    asker: Mapped[StaffRecord] = relationship(foreign_keys=[asked_by])


class RatingRecord(Base):
    """One view of one competence: a level with a situation, or no level where it was not seen.

    `tutor_view_id` tells which company's answer it is, which may have been asked in an earlier round.
    """

    __tablename__ = "ratings"
    __table_args__ = (UniqueConstraint("round_id", "competence_code", "rater"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("rounds.id"), index=True)
    competence_code: Mapped[str] = mapped_column(String(63), index=True)
    rater: Mapped[Rater]
    level: Mapped[int | None]
    situation: Mapped[str] = mapped_column(Text, default="")
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    tutor_view_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("tutor_views.id"), index=True)
    rated_at: Mapped[datetime]
    round: Mapped[RoundRecord] = relationship(back_populates="ratings")
    typist: Mapped[StaffRecord | None] = relationship()


class AgreementRecord(Base):
    """What the two agreed on one competence, or that they did not.

    `level` is the agreed level; null where it stays without one or where they disagree. A disagreement keeps the
    person's words and blocks every badge resting on it until `answer` is written and the two settle on a level.
    `confirmed_at` is when the person confirmed this row with their PIN: nothing counts before.
    """

    __tablename__ = "agreements"
    __table_args__ = (UniqueConstraint("round_id", "competence_code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("rounds.id"), index=True)
    competence_code: Mapped[str] = mapped_column(String(63), index=True)
    level: Mapped[int | None]
    disagreed: Mapped[bool] = mapped_column(default=False)
    person_words: Mapped[str] = mapped_column(Text, default="")
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]
    round: Mapped[RoundRecord] = relationship(back_populates="agreements")
