"""The status lists that organisations sign.

An issuer has pairs of lists: a badge holds the same index in a list of revocations and in its companion of suspensions.
Pausing sets the bit in both, so that a reader who knows only one list refuses the badge too; lifting clears both;
revoking leaves the first alone set, and is final. A list is signed when it changes and only then; its bytes are stored
and served as they are.

Source: Bitstring Status List 1.0, section 2; docs/adr/0003-one-status-object-a-pause-sets-both-lists.md.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from badges.models.awards import CredentialRecord
from badges.models.people import OrganisationRecord
from badges.models.rights import ErasedCredentialRecord
from badges.models.status import StatusListRecord
from badges.services import journal, keys
from badges.services.errors import N_, Conflict
from badges.services.installation import Installation
from issuer import status as status_documents
from issuer.facts import StatusSlot
from issuer.proofs import PROOFS
from issuer.status_bits import StatusBits

REVOCATION = "revocation"
SUSPENSION = "suspension"
MOST_TAKEN = status_documents.ENTRIES // 2
"""A list half full gives way to a new one, so that a free index is found at random in a draw or two."""


@dataclass(frozen=True, slots=True)
class _Taken:
    """The indexes of a list that are in use, asked of the database one at a time."""

    session: Session
    list_id: int

    def __contains__(self, index: object) -> bool:
        return any(
            self.session.scalar(
                select(held.status_index).where(held.status_list_id == self.list_id, held.status_index == index)
            )
            is not None
            for held in (CredentialRecord, ErasedCredentialRecord)
        )


@dataclass(frozen=True, slots=True)
class TakenSlot:
    """An index nobody else has, in a list and in its companion."""

    revocation_list_id: int
    suspension_list_id: int
    index: int


def ensure_issuer(
    session: Session, installation: Installation, organisation: OrganisationRecord, now: datetime
) -> None:
    """Give the organisation its first key and its first pair of status lists; nothing where it has them."""
    keys.ensure_key(session, installation, organisation, now, PROOFS[organisation.proof].kind)
    if _open_list(session, organisation) is None:
        open_pair(session, installation, organisation, now)


def list_url(installation: Installation, list_id: int) -> str:
    """The signed address of a status list."""
    return f"{installation.base_url}/status/{list_id}"


_DOCUMENT = select(StatusListRecord.document).where(StatusListRecord.id == bindparam("id"))


def list_bytes(session: Session, list_id: int) -> bytes | None:
    """The signed bytes of a status list, or None where there is none."""
    return session.scalar(_DOCUMENT, {"id": list_id})


def take_slot(
    session: Session, installation: Installation, organisation: OrganisationRecord, now: datetime
) -> TakenSlot:
    """An index drawn at random among those that are free, in the latest pair of lists with the organisation's proof.

    The list stays locked until the commit, so that two claims never draw the same one.
    """
    current = _open_list(session, organisation)
    if current is None or current.taken >= MOST_TAKEN:
        current = open_pair(session, installation, organisation, now)
    index = status_documents.random_free_index(_Taken(session, current.id))
    current.taken += 1
    session.flush()
    return TakenSlot(current.id, _companion_id(current), index)


def slot_fact(installation: Installation, taken: TakenSlot) -> StatusSlot:
    """The slot as the credential names it."""
    return StatusSlot(
        list_url(installation, taken.revocation_list_id), list_url(installation, taken.suspension_list_id), taken.index
    )


def suspend(session: Session, installation: Installation, credential: CredentialRecord, now: datetime) -> None:
    """Pause the credential: its bit is set in both lists, which are signed anew."""
    _require_not_revoked(credential)
    credential.suspended_at = now
    _pause_or_not(session, installation, (credential,), now)


def resume(session: Session, installation: Installation, credential: CredentialRecord, now: datetime) -> None:
    """Lift the issuer's pause: its bit is cleared in both lists, unless the person withholds the badge."""
    _require_not_revoked(credential)
    credential.suspended_at, credential.suspended_reason = None, ""
    _pause_or_not(session, installation, (credential,), now)


def withhold(
    session: Session, installation: Installation, credentials: Collection[CredentialRecord], now: datetime
) -> None:
    """Pause credentials because the person no longer agrees to their publication; those that are revoked stay so."""
    for credential in credentials:
        credential.withheld_at = now
    _pause_or_not(session, installation, credentials, now)


def release(
    session: Session, installation: Installation, credentials: Collection[CredentialRecord], now: datetime
) -> None:
    """Lift the person's pause, and nothing that the issuer paused or revoked."""
    for credential in credentials:
        credential.withheld_at = None
    _pause_or_not(session, installation, credentials, now)


def revoke(session: Session, installation: Installation, credential: CredentialRecord, now: datetime) -> None:
    """Withdraw the credential for ever: its bit stays set in the list of revocations, alone.

    Source: Bitstring Status List 1.0, section 2.1: `revocation` is not reversible.
    """
    _require_not_revoked(credential)
    credential.revoked_at, credential.suspended_at = now, None
    place = credential.status_index
    _set_bits(
        session,
        installation,
        credential.status_list_id,
        revocation={place: True},
        suspension={place: False},
        now=now,
    )


def _pause_or_not(
    session: Session, installation: Installation, credentials: Iterable[CredentialRecord], now: datetime
) -> None:
    """Bring what is not revoked to what it should be; each list is signed once, however many of its badges change."""
    found: dict[int, dict[int, bool]] = {}
    for one in credentials:
        if one.revoked_at is None:
            paused = one.suspended_at is not None or one.withheld_at is not None
            found.setdefault(one.status_list_id, {})[one.status_index] = paused
    for list_id, bits in sorted(found.items()):
        _set_bits(session, installation, list_id, revocation=bits, suspension=bits, now=now)


def _require_not_revoked(credential: CredentialRecord) -> None:
    if credential.revoked_at is not None:
        raise Conflict(N_("Ce badge est retiré : un retrait est définitif."))


def sign_again(session: Session, installation: Installation, organisation: OrganisationRecord, now: datetime) -> int:
    """How many lists the organisation has, every one of them signed anew with the key it signs with today."""
    rows = session.scalars(
        select(StatusListRecord)
        .where(StatusListRecord.organisation_id == organisation.id)
        .order_by(StatusListRecord.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    for row in rows:
        _sign_list(session, installation, row, now)
    session.flush()
    return len(rows)


def _set_bits(
    session: Session,
    installation: Installation,
    list_id: int,
    *,
    revocation: Mapping[int, bool],
    suspension: Mapping[int, bool],
    now: datetime,
) -> None:
    """Bring bits of a pair of lists to what they should be; a list that does not change is not signed again."""
    revocations = session.get_one(
        StatusListRecord, list_id, with_for_update={"of": StatusListRecord}, populate_existing=True
    )
    suspensions = session.get_one(
        StatusListRecord, _companion_id(revocations), with_for_update={"of": StatusListRecord}, populate_existing=True
    )
    for row, wanted in ((revocations, revocation), (suspensions, suspension)):
        bits = StatusBits.read(row.bits)
        changed = {index: value for index, value in wanted.items() if bits.is_set(index) != value}
        for index, value in changed.items():
            bits = bits.with_bit(index, value=value)
        if changed:
            row.bits = bits.stored()
            _sign_list(session, installation, row, now)
    session.flush()


def _sign_list(session: Session, installation: Installation, row: StatusListRecord, now: datetime) -> None:
    organisation = session.get_one(OrganisationRecord, row.organisation_id)
    unsigned = status_documents.status_list_credential(
        list_url(installation, row.id),
        keys.issuer_of(installation, organisation),
        _purpose(row),
        StatusBits.read(row.bits),
        now,
    )
    row.document = keys.sign(session, installation, organisation, unsigned, now, proof=row.proof)
    row.updated_at = now
    row.revision += 1


def _purpose(row: StatusListRecord) -> status_documents.Purpose:
    return "revocation" if row.purpose == REVOCATION else "suspension"


def open_pair(
    session: Session,
    installation: Installation,
    organisation: OrganisationRecord,
    now: datetime,
    *,
    numbers: tuple[int | None, int | None] = (None, None),
) -> StatusListRecord:
    """A fresh pair of lists, with these numbers where given; gives the list of revocations, which names the other."""
    suspensions = _new_list(session, organisation, SUSPENSION, now, number=numbers[0])
    revocations = _new_list(session, organisation, REVOCATION, now, companion=suspensions.id, number=numbers[1])
    for row in (suspensions, revocations):
        _sign_list(session, installation, row, now)
    session.flush()
    journal.record(
        session,
        actor="system",
        action="status.opened",
        object=f"status:{revocations.id}",
        now=now,
        organisation_id=organisation.id,
    )
    return revocations


def _new_list(
    session: Session,
    organisation: OrganisationRecord,
    purpose: str,
    now: datetime,
    *,
    number: int | None,
    companion: int | None = None,
) -> StatusListRecord:
    """A list that has its number, which is part of what gets signed, and no signature yet."""
    row = StatusListRecord(
        id=number,
        organisation_id=organisation.id,
        purpose=purpose,
        suspension_list_id=companion,
        bits=status_documents.new_bits().stored(),
        document=b"",
        revision=0,
        proof=organisation.proof,
        updated_at=now,
    )
    session.add(row)
    session.flush()
    return row


def _open_list(session: Session, organisation: OrganisationRecord) -> StatusListRecord | None:
    """The organisation's latest list of revocations signed with the proof it has chosen, locked until the commit."""
    return session.scalar(
        select(StatusListRecord)
        .where(
            StatusListRecord.organisation_id == organisation.id,
            StatusListRecord.purpose == REVOCATION,
            StatusListRecord.proof == organisation.proof,
        )
        .order_by(StatusListRecord.id.desc())
        .limit(1)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def _companion_id(revocations: StatusListRecord) -> int:
    if revocations.suspension_list_id is None:
        raise LookupError(f"status list {revocations.id} has no companion")
    return revocations.suspension_list_id
