"""Awards (our decision), credentials (the signed bytes) and shares (the public code).

A share belongs to the person and shows one or several of their awards: it outlives a reissue and ends with its
withdrawal. One award has one credential per `sequence`; a correction revokes the former and signs the next.
"""

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from badges.db import Base
from badges.models.assessments import RoundRecord
from badges.models.people import OrganisationRecord, PersonRecord, StaffRecord
from badges.models.referentiels import VersionRecord
from badges.models.status import StatusListRecord


class AwardState(StrEnum):
    """Where an award stands. `refused` is the issuer's no, `declined` the person's."""

    PROPOSED = "proposed"
    GRANTED = "granted"
    CLAIMED = "claimed"
    REFUSED = "refused"
    DECLINED = "declined"
    REVOKED = "revoked"
    LAPSED = "lapsed"


CORRECTED = "corrigé"
REPLACED = "remplacé"
"""Why a credential is revoked that another of the same award takes the place of."""
UNDER_WAY = frozenset({AwardState.PROPOSED, AwardState.GRANTED, AwardState.CLAIMED})
"""The states of an award beside which the same badge is not awarded again; LIVE says the same to the database."""
LIVE = text("state IN ('proposed', 'granted', 'claimed')")


class AwardRecord(Base):
    """The decision that a person has met a badge of a version.

    `results` maps competence codes to the agreed levels at the time of the proposal; `evidence` is the list of
    {name, narrative} the coach offers, of which the person keeps some, `wording_reason` why words in it stay that were
    pointed out. `sequence` is the number of the credential
    being prepared or current, from 1.
    """

    __tablename__ = "awards"
    __table_args__ = (
        Index(
            "uq_awards_live",
            "person_id",
            "organisation_id",
            "version_id",
            "badge_code",
            unique=True,
            sqlite_where=LIVE,
            postgresql_where=LIVE,
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    round_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("rounds.id"), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("versions.id"), index=True)
    badge_code: Mapped[str] = mapped_column(String(63))
    state: Mapped[AwardState]
    results: Mapped[dict[str, int]] = mapped_column(JSON)
    raters: Mapped[list[str]] = mapped_column(JSON)
    evidence: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    subject_id: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4)
    sequence: Mapped[int] = mapped_column(default=1)
    proposed_at: Mapped[datetime]
    proposed_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    granted_at: Mapped[datetime | None]
    granted_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    reason: Mapped[str] = mapped_column(Text, default="")
    wording_reason: Mapped[str] = mapped_column(Text, default="")
    claimed_at: Mapped[datetime | None]
    person: Mapped[PersonRecord] = relationship()
    organisation: Mapped[OrganisationRecord] = relationship()
    round: Mapped[RoundRecord] = relationship()
    version: Mapped[VersionRecord] = relationship()
    proposer: Mapped[StaffRecord] = relationship(foreign_keys=[proposed_by])
    granter: Mapped[StaffRecord | None] = relationship(foreign_keys=[granted_by])
    credentials: Mapped[list["CredentialRecord"]] = relationship(
        back_populates="award", order_by="CredentialRecord.sequence"
    )
    shares: Mapped[list["ShareRecord"]] = relationship(
        secondary="shared_badges", viewonly=True, order_by="ShareRecord.id"
    )


class CredentialRecord(Base):
    """A signed credential: `document` holds the exact bytes that were signed and are served, for ever.

    `signed_by` is the organisation that the document names as its issuer: the award's, or the référentiel's owner under
    a mandate. `token` holds the same credential signed as a compact JWT, where the signer asked for one, as exactly.
    `suspended_at` is the issuer's pause, `withheld_at` the person's, who took back their agreement to its publication:
    either pauses it.
    """

    __tablename__ = "credentials"
    __table_args__ = (
        UniqueConstraint("award_id", "sequence"),
        UniqueConstraint("status_list_id", "status_index"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    award_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("awards.id"), index=True)
    sequence: Mapped[int]
    document: Mapped[bytes] = mapped_column(LargeBinary)
    digest: Mapped[str] = mapped_column(String(64))
    token: Mapped[bytes | None] = mapped_column(LargeBinary)
    token_digest: Mapped[str | None] = mapped_column(String(64))
    # Never empty: SQLite adds such a column only where it might be.
    signed_by: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True, nullable=True)
    issued_at: Mapped[datetime]
    valid_until: Mapped[datetime | None]
    status_list_id: Mapped[int] = mapped_column(ForeignKey("status_lists.id"))
    status_index: Mapped[int]
    suspended_at: Mapped[datetime | None]
    suspended_reason: Mapped[str] = mapped_column(Text, default="")
    withheld_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    revoked_reason: Mapped[str] = mapped_column(Text, default="")
    award: Mapped[AwardRecord] = relationship(back_populates="credentials")
    signer: Mapped[OrganisationRecord] = relationship()
    status_list: Mapped[StatusListRecord] = relationship()


class AssertionRecord(Base):
    """The signed Open Badges 2.0 form of a credential: `document` holds the exact token, for ever."""

    __tablename__ = "assertions"

    credential_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("credentials.id"), primary_key=True)
    document: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]


class StatementRecord(Base):
    """The compact signed statement about a credential, for printed codes: `content` holds the exact message."""

    __tablename__ = "statements"

    credential_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("credentials.id"), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]


class ShareRecord(Base):
    """A public code at which a person shows badges of theirs; withdrawing it ends the page, not the badges.

    Without `opened_at` it is a draft, which nobody else sees. `label` is for the person's own eyes; `contact` is a line
    of theirs on the page. `secret_hash` is of the code that a reader has to type, where there is one.
    """

    __tablename__ = "shares"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"), index=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    label: Mapped[str] = mapped_column(String(80), default="")
    contact: Mapped[str] = mapped_column(String(160), default="")
    show_name: Mapped[bool] = mapped_column(default=True)
    show_levels: Mapped[bool] = mapped_column(default=True)
    show_words: Mapped[bool] = mapped_column(default=False)
    show_radar: Mapped[bool] = mapped_column(default=False)
    secret_hash: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    badges: Mapped[list["SharedBadgeRecord"]] = relationship(
        order_by="SharedBadgeRecord.place", cascade="all, delete-orphan"
    )


class SharedBadgeRecord(Base):
    """One badge of a share, at its place from 1. `evidence` names what of its evidence is shown; None: all of it.

    `phrases` are the wordings that the person shows beside it; None: none.
    """

    __tablename__ = "shared_badges"
    __table_args__ = (UniqueConstraint("share_id", "award_id"),)

    share_id: Mapped[int] = mapped_column(ForeignKey("shares.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    award_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("awards.id"), index=True)
    evidence: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    phrases: Mapped[list[int] | None] = mapped_column(JSON(none_as_null=True))
    award: Mapped[AwardRecord] = relationship()
