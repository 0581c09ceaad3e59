"""What respecting people's rights leaves behind: requests and checks, what an erasure kept, who looked.

An erasure deletes every row about the person. What stays names nobody: a digest and a place in a status list for each
badge that was given, so that a copy somebody holds still gets its true answer, and the account of what was done.
"""

import uuid
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from badges.db import Base
from badges.models.people import OrganisationRecord, PersonRecord, Role, StaffRecord


class Origin(StrEnum):
    """At whose request a person was erased."""

    PERSON = "person"
    STRUCTURE = "structure"
    RETENTION = "retention"


class ErasureRecord(Base):
    """A person was erased. `account` tells in counts what went and what stayed, at an address known by digest."""

    __tablename__ = "erasures"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[uuid.UUID] = mapped_column(unique=True)
    origin: Mapped[Origin]
    erased_at: Mapped[datetime]
    account: Mapped[dict[str, Any]] = mapped_column(JSON)
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)


class ErasureRequestRecord(Base):
    """A person asked to be erased on a day; until then they may change their mind.

    `origin` is how they asked: on their page, or in writing. `token_digest` is of the address that was given for the
    account, which is there from that day on.
    """

    __tablename__ = "erasure_requests"

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"), primary_key=True)
    asked_at: Mapped[datetime]
    due_on: Mapped[date]
    stop_copies: Mapped[bool]
    origin: Mapped[Origin] = mapped_column(default=Origin.PERSON)
    token_digest: Mapped[str | None] = mapped_column(String(64), unique=True, index=True)


class ErasedCredentialRecord(Base):
    """What stays of a credential once its bytes are gone; the database lets none go without it."""

    __tablename__ = "erased_credentials"
    __table_args__ = (UniqueConstraint("status_list_id", "status_index"),)

    credential_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    erasure_id: Mapped[int] = mapped_column(ForeignKey("erasures.id"), index=True)
    digest: Mapped[str] = mapped_column(String(64))
    token_digest: Mapped[str | None] = mapped_column(String(64))
    status_list_id: Mapped[int] = mapped_column(ForeignKey("status_lists.id"))
    status_index: Mapped[int]
    revoked_at: Mapped[datetime | None]
    paused: Mapped[bool]


class FarewellRecord(Base):
    """Something that led to an erased person: a public code, a session. Known by digest, so that it can say so."""

    __tablename__ = "farewells"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    erasure_id: Mapped[int] = mapped_column(ForeignKey("erasures.id"), index=True)


class RequestKind(StrEnum):
    """What two people check together before it is done."""

    ACCESS = "access"
    ERASURE = "erasure"


class IdentityRequestRecord(Base):
    """A request that somebody makes outside the service, and that two members of staff check before it is done."""

    __tablename__ = "identity_requests"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[RequestKind]
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    stop_copies: Mapped[bool] = mapped_column(default=False)
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    person: Mapped[PersonRecord] = relationship()
    organisation: Mapped[OrganisationRecord] = relationship()
    checks: Mapped[list["IdentityCheckRecord"]] = relationship(
        back_populates="request", order_by="IdentityCheckRecord.id"
    )


class IdentityCheckRecord(Base):
    """What one member of staff looked at, in words; never a copy of papers."""

    __tablename__ = "identity_checks"
    __table_args__ = (UniqueConstraint("request_id", "staff_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("identity_requests.id"), index=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    words: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    request: Mapped[IdentityRequestRecord] = relationship(back_populates="checks")
    staff: Mapped[StaffRecord] = relationship()


class FileLookRecord(Base):
    """A member of staff opened a person's file, on a day, in a role for an organisation."""

    __tablename__ = "file_looks"
    __table_args__ = (UniqueConstraint("person_id", "staff_id", "organisation_id", "day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"), index=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    role: Mapped[Role]
    day: Mapped[date]
    staff: Mapped[StaffRecord] = relationship()
    organisation: Mapped[OrganisationRecord] = relationship()


class ShareLookRecord(Base):
    """How often a share was looked at on a day: no address, no moment, nothing about who looked."""

    __tablename__ = "share_looks"
    __table_args__ = (UniqueConstraint("share_id", "day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    share_id: Mapped[int] = mapped_column(ForeignKey("shares.id"), index=True)
    day: Mapped[date]
    count: Mapped[int] = mapped_column(default=1)


class NoticeRecord(Base):
    """What an organisation tells people about their data: who answers for it, whom to write to, how long it keeps."""

    __tablename__ = "notices"

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), primary_key=True)
    controller: Mapped[str] = mapped_column(Text, default="")
    officer: Mapped[str] = mapped_column(Text, default="")
    ratings_months: Mapped[int] = mapped_column(default=24)
    logs_months: Mapped[int] = mapped_column(default=12)
    employees: Mapped[bool] = mapped_column(default=False)
    updated_at: Mapped[datetime]


class LegalPageRecord(Base):
    """What the administration wrote in a page that the law asks for."""

    __tablename__ = "legal_pages"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    fields: Mapped[dict[str, str]] = mapped_column(JSON)
    updated_at: Mapped[datetime]
    updated_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
