"""Organisations, the staff who act for them, the people they follow, and the memberships between them.

A person is not an account of a structure: awards and sign-in hang on the person, memberships come and go.
"""

import uuid
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from badges.db import Base
from issuer.proofs import DEFAULT


class OrganisationKind(StrEnum):
    """What an organisation is; several may issue, only régions and branches own référentiels."""

    REGION = "region"
    BRANCHE = "branche"
    STRUCTURE = "structure"
    ENTREPRISE = "entreprise"


class Role(StrEnum):
    """What a member of staff may do for one organisation; roles are held apart."""

    EDITOR = "editor"
    COACH = "coach"
    ISSUER = "issuer"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


class AgeBand(StrEnum):
    """All that is known of a person's age. Source: loi Informatique et Libertés, article 45 (fifteen years)."""

    UNDER_15 = "under_15"
    FROM_15 = "15_17"
    ADULT = "adult"


class OrganisationRecord(Base):
    """An organisation; its slug is signed into badges and never changes.

    `proof` is a name of `issuer.proofs.PROOFS`, `token` one of its `TOKENS` or empty: no token is signed beside.
    """

    __tablename__ = "organisations"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(63), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[OrganisationKind]
    territory: Mapped[str] = mapped_column(String(200), default="")
    url: Mapped[str] = mapped_column(String(300), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    word_for_person: Mapped[str] = mapped_column(String(40), default="bénéficiaire")
    address_form: Mapped[str] = mapped_column(String(4), default="vous")
    proof: Mapped[str] = mapped_column(String(40), default=DEFAULT)
    token: Mapped[str] = mapped_column(String(10), default="")
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class StaffRecord(Base):
    """Someone who works for one or more organisations and signs in with e-mail and password."""

    __tablename__ = "staff"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[datetime]
    deactivated_at: Mapped[datetime | None]
    roles: Mapped[list["RoleRecord"]] = relationship(back_populates="staff", cascade="all, delete-orphan")


class RoleRecord(Base):
    """One role of one member of staff in one organisation."""

    __tablename__ = "roles"
    __table_args__ = (UniqueConstraint("staff_id", "organisation_id", "role"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    role: Mapped[Role]
    staff: Mapped[StaffRecord] = relationship(back_populates="roles")
    organisation: Mapped[OrganisationRecord] = relationship()


class PersonRecord(Base):
    """A beneficiary. No e-mail is asked: a card code and a PIN sign them in.

    `pin_open_until` is the moment until which a PIN may be chosen with the card alone (first use or a reset);
    `pin_reset_at` is when a coach last reset it, which the person is shown and which blocks claiming that day.
    `last_seen_on` is the day they last signed in: what is kept is kept so long after it.
    """

    __tablename__ = "people"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    name: Mapped[str] = mapped_column(String(200))
    card_code: Mapped[str] = mapped_column(String(20), unique=True)
    pin_hash: Mapped[str | None] = mapped_column(String(200))
    pin_open_until: Mapped[datetime | None]
    pin_reset_at: Mapped[datetime | None]
    pin_reset_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    language: Mapped[str] = mapped_column(String(12), default="fr")
    age_band: Mapped[AgeBand] = mapped_column(default=AgeBand.ADULT)
    created_at: Mapped[datetime]
    last_seen_on: Mapped[date | None]
    memberships: Mapped[list["MembershipRecord"]] = relationship(back_populates="person")


class MembershipRecord(Base):
    """A person is followed by a structure, from a day to a day, by one coach at a time.

    `group_name` is the structure's own word for those who came together (« Groupe de mars »); empty for none.
    """

    __tablename__ = "memberships"
    __table_args__ = (
        Index(
            "uq_memberships_open",
            "person_id",
            "organisation_id",
            unique=True,
            sqlite_where=text("left_on IS NULL"),
            postgresql_where=text("left_on IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    coach_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"), index=True)
    group_name: Mapped[str] = mapped_column(String(60), default="")
    joined_on: Mapped[date]
    left_on: Mapped[date | None]
    person: Mapped[PersonRecord] = relationship(back_populates="memberships")
    organisation: Mapped[OrganisationRecord] = relationship()
    coach: Mapped[StaffRecord | None] = relationship()


class CoverRecord(Base):
    """A colleague stands in for a coach of a structure, from a day to a day, both included.

    Nothing has to be done for it to end. `ended_at` is when somebody ended it before its time.
    """

    __tablename__ = "covers"
    __table_args__ = (
        Index(
            "uq_covers_standing",
            "organisation_id",
            "coach_id",
            "stand_in_id",
            "starts_on",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    coach_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    stand_in_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    created_at: Mapped[datetime]
    created_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    organisation: Mapped[OrganisationRecord] = relationship()
    coach: Mapped[StaffRecord] = relationship(foreign_keys=[coach_id])
    stand_in: Mapped[StaffRecord] = relationship(foreign_keys=[stand_in_id])
