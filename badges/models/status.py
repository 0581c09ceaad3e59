"""Organisations' signing keys and their status lists."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from badges.db import Base
from badges.models.people import OrganisationRecord
from issuer.proofs import DEFAULT
from verify.standards.signatures import KeyKind


class KeyRecord(Base):
    """A signing key; `sealed` is what the key store gave: the key encrypted, or a mere reference.

    One without an organisation is the installation's own. `revoked_at` is the moment from which nothing counts that the
    key signed, unless the journal states it for an earlier one.
    """

    __tablename__ = "keys"
    __table_args__ = (UniqueConstraint("organisation_id", "fragment"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    fragment: Mapped[str] = mapped_column(String(40))
    kind: Mapped[KeyKind]
    public_key: Mapped[str] = mapped_column(Text)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    organisation: Mapped[OrganisationRecord | None] = relationship()


class StatusListRecord(Base):
    """One status list of one issuer: `bits` as `StatusBits` stores them, and the signed bytes served at `/status/ID`.

    A revocation list names its companion: the suspension list that uses the same indexes. `taken` is how many of its
    indexes are in use, `revision` how often it has been signed, `proof` with which of `issuer.proofs.PROOFS`: that of
    the badges in it, so that whoever can check a badge can check its list.
    """

    __tablename__ = "status_lists"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(20))
    suspension_list_id: Mapped[int | None] = mapped_column(ForeignKey("status_lists.id"))
    bits: Mapped[bytes] = mapped_column(LargeBinary)
    document: Mapped[bytes] = mapped_column(LargeBinary)
    taken: Mapped[int] = mapped_column(default=0)
    updated_at: Mapped[datetime]
    revision: Mapped[int] = mapped_column(default=0)
    proof: Mapped[str] = mapped_column(String(40), default=DEFAULT)
    organisation: Mapped[OrganisationRecord] = relationship()
    suspension_list: Mapped["StatusListRecord | None"] = relationship(remote_side=[id])
