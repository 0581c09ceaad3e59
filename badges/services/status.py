"""Organisations' signing keys and the status lists they sign.

An issuer has keys, sealed under the installation's secret, and pairs of lists: a badge holds the same index in a list
of revocations and in its companion of suspensions. Pausing sets the bit in both, so that a reader who knows only one
list refuses the badge too; lifting clears both; revoking leaves the first alone set, and is final. A list is signed
when it changes and only then; its bytes are stored and served as they are.

Source: Bitstring Status List 1.0, section 2; docs/adr/0003-one-status-object-a-pause-sets-both-lists.md.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import select
from sqlalchemy.orm import Session

from badges.models.awards import CredentialRecord
from badges.models.people import OrganisationRecord
from badges.models.status import KeyRecord, StatusListRecord
from badges.services import journal
from badges.services.errors import N_, Conflict
from badges.services.installation import Installation
from issuer import did_document as did_documents
from issuer import keys, signer
from issuer import status as status_documents
from issuer.facts import Issuer, StatusSlot
from issuer.keys import SigningKey
from verify.standards import did, multikey, status_list

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
        used = select(CredentialRecord.id).where(
            CredentialRecord.status_list_id == self.list_id, CredentialRecord.status_index == index
        )
        return self.session.scalar(used) is not None


@dataclass(frozen=True, slots=True)
class TakenSlot:
    """An index nobody else has, in a list and in its companion."""

    revocation_list_id: int
    suspension_list_id: int
    index: int


def did_of(installation: Installation, organisation: OrganisationRecord) -> str:
    """The organisation's identifier: `did:web:HOST:o:SLUG`."""
    return did_of_slug(installation, organisation.slug)


def did_of_slug(installation: Installation, slug: str) -> str:
    """The identifier of the organisation with this slug."""
    return did.did_web(installation.base_url, "o", slug)


def slug_of(installation: Installation, issuer_id: str) -> str | None:
    """The slug an identifier of this installation names, whether or not there is such an organisation; else None."""
    start = did.did_web(installation.base_url, "o") + ":"
    slug = issuer_id.removeprefix(start)
    return slug if slug != issuer_id and ":" not in slug else None


def issuer_of(installation: Installation, organisation: OrganisationRecord) -> Issuer:
    """The organisation as everything it signs names it."""
    return Issuer(
        did=did_of(installation, organisation),
        name=organisation.name,
        url=f"{installation.base_url}/o/{organisation.slug}",
    )


def ensure_issuer(
    session: Session, installation: Installation, organisation: OrganisationRecord, now: datetime
) -> None:
    """Give the organisation its first key and its first pair of status lists; nothing where it has them."""
    _lock(session, organisation)
    if _current_key(session, organisation.id) is None:
        _new_key(session, installation, organisation, now)
    if _open_list(session, organisation.id) is None:
        _new_pair(session, installation, organisation, now)


def rotate_key(
    session: Session, installation: Installation, organisation: OrganisationRecord, now: datetime
) -> KeyRecord:
    """A fresh key to sign with from now on. The former public keys stay published: what they signed stays valid."""
    _lock(session, organisation)
    former = _current_key(session, organisation.id)
    if former is not None:
        former.retired_at = now
    return _new_key(session, installation, organisation, now)


def signing_key(session: Session, installation: Installation, organisation: OrganisationRecord) -> SigningKey:
    """The key the organisation signs with today.

    Raises:
        Conflict: the organisation has none yet.
        WrongSecret: the installation's secret is not the one the key was sealed under.
    """
    record = _current_key(session, organisation.id)
    if record is None:
        raise Conflict(N_("Cette organisation n’a pas encore de clé de signature."))
    return keys.unseal(record.sealed, installation.secret, _context(organisation, record.fragment))


def sign(
    session: Session,
    installation: Installation,
    organisation: OrganisationRecord,
    document: dict[str, Any],
    now: datetime,
) -> bytes:
    """The document signed by the organisation, as the exact bytes to store and serve.

    Raises:
        Conflict: the organisation has no key yet.
        SigningRefused: our own verifier does not accept the result; nothing may be stored.
    """
    key = signing_key(session, installation, organisation)
    published = did_document(session, installation, organisation.slug) or {}
    return signer.sign(document, key, now=now, did_document=published)


def did_document(session: Session, installation: Installation, slug: str) -> dict[str, Any] | None:
    """The DID document of an organisation with every key it ever used, or None where it never had one."""
    rows = session.execute(
        select(KeyRecord.fragment, KeyRecord.public_key)
        .join(OrganisationRecord, OrganisationRecord.id == KeyRecord.organisation_id)
        .where(OrganisationRecord.slug == slug)
        .order_by(KeyRecord.id)
    ).all()
    if not rows:
        return None
    identifier = did_of_slug(installation, slug)
    return did_documents.did_document(
        identifier, {f"{identifier}#{row.fragment}": _ed25519(row.public_key) for row in rows}
    )


def describe_keys(session: Session, installation: Installation) -> Iterator[str]:
    """One line for each key: its full name, public key and dates."""
    rows = session.execute(
        select(KeyRecord, OrganisationRecord.slug)
        .join(OrganisationRecord, OrganisationRecord.id == KeyRecord.organisation_id)
        .order_by(OrganisationRecord.slug, KeyRecord.id)
    )
    for key, slug in rows:
        ended = f", retirée le {key.retired_at:%Y-%m-%d}" if key.retired_at else ""
        name = f"{did_of_slug(installation, slug)}#{key.fragment}"
        yield f"{name}  {key.public_key}  en service le {key.created_at:%Y-%m-%d}{ended}"


def list_url(installation: Installation, list_id: int) -> str:
    """The signed address of a status list."""
    return f"{installation.base_url}/status/{list_id}"


def list_bytes(session: Session, list_id: int) -> bytes | None:
    """The signed bytes of a status list, or None where there is none."""
    return session.scalar(select(StatusListRecord.document).where(StatusListRecord.id == list_id))


def take_slot(
    session: Session, installation: Installation, organisation: OrganisationRecord, now: datetime
) -> TakenSlot:
    """An index drawn at random among those that are free, in the organisation's latest pair of lists.

    The list stays locked until the commit, so that two claims never draw the same one.
    """
    current = _open_list(session, organisation.id)
    if current is None or current.taken >= MOST_TAKEN:
        current = _new_pair(session, installation, organisation, now)
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
    _set_bits(session, installation, credential, revocation=True, suspension=True, now=now)


def resume(session: Session, installation: Installation, credential: CredentialRecord, now: datetime) -> None:
    """Lift the pause: its bit is cleared in both lists, which are signed anew."""
    _require_not_revoked(credential)
    credential.suspended_at, credential.suspended_reason = None, ""
    _set_bits(session, installation, credential, revocation=False, suspension=False, now=now)


def revoke(session: Session, installation: Installation, credential: CredentialRecord, now: datetime) -> None:
    """Withdraw the credential for ever: its bit stays set in the list of revocations, alone.

    Source: Bitstring Status List 1.0, section 2.1: `revocation` is not reversible.
    """
    _require_not_revoked(credential)
    credential.revoked_at, credential.suspended_at = now, None
    _set_bits(session, installation, credential, revocation=True, suspension=False, now=now)


def _require_not_revoked(credential: CredentialRecord) -> None:
    if credential.revoked_at is not None:
        raise Conflict(N_("Ce badge est retiré : un retrait est définitif."))


def _set_bits(
    session: Session,
    installation: Installation,
    credential: CredentialRecord,
    *,
    revocation: bool,
    suspension: bool,
    now: datetime,
) -> None:
    """Bring both bits of the credential to what they should be; a list that does not change is not signed again."""
    revocations = session.get_one(
        StatusListRecord, credential.status_list_id, with_for_update={"of": StatusListRecord}, populate_existing=True
    )
    suspensions = session.get_one(
        StatusListRecord, _companion_id(revocations), with_for_update={"of": StatusListRecord}, populate_existing=True
    )
    for row, value in ((revocations, revocation), (suspensions, suspension)):
        if status_list.is_set(row.bits, credential.status_index) != value:
            row.bits = status_documents.with_bit(row.bits, credential.status_index, value)
            _sign_list(session, installation, row, now)
    session.flush()


def _sign_list(session: Session, installation: Installation, row: StatusListRecord, now: datetime) -> None:
    organisation = session.get_one(OrganisationRecord, row.organisation_id)
    unsigned = status_documents.status_list_credential(
        list_url(installation, row.id), issuer_of(installation, organisation), _purpose(row), row.bits, now
    )
    row.document = sign(session, installation, organisation, unsigned, now)
    row.updated_at = now


def _purpose(row: StatusListRecord) -> status_documents.Purpose:
    return "revocation" if row.purpose == REVOCATION else "suspension"


def _new_pair(
    session: Session, installation: Installation, organisation: OrganisationRecord, now: datetime
) -> StatusListRecord:
    suspensions = _new_list(session, organisation, SUSPENSION, now)
    revocations = _new_list(session, organisation, REVOCATION, now, companion=suspensions.id)
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
    session: Session, organisation: OrganisationRecord, purpose: str, now: datetime, companion: int | None = None
) -> StatusListRecord:
    """A list that has its number, which is part of what gets signed, and no signature yet."""
    row = StatusListRecord(
        organisation_id=organisation.id,
        purpose=purpose,
        suspension_list_id=companion,
        bits=status_documents.new_bits(),
        document=b"",
        updated_at=now,
    )
    session.add(row)
    session.flush()
    return row


def _new_key(
    session: Session, installation: Installation, organisation: OrganisationRecord, now: datetime
) -> KeyRecord:
    number = len(session.scalars(select(KeyRecord.id).where(KeyRecord.organisation_id == organisation.id)).all()) + 1
    fragment = f"key-{number}"
    key = keys.generate(f"{did_of(installation, organisation)}#{fragment}")
    record = KeyRecord(
        organisation_id=organisation.id,
        fragment=fragment,
        public_key=multikey.encode_public(key.public),
        sealed=keys.seal(key, installation.secret, _context(organisation, fragment)),
        created_at=now,
    )
    session.add(record)
    session.flush()
    journal.record(
        session,
        actor="system",
        action="key.created",
        object=f"key:{organisation.slug}#{fragment}",
        now=now,
        organisation_id=organisation.id,
    )
    return record


def _ed25519(text: str) -> Ed25519PublicKey:
    key = multikey.decode_public(text)
    if not isinstance(key, Ed25519PublicKey):
        raise TypeError("a key of ours is an Ed25519 key")
    return key


def _context(organisation: OrganisationRecord, fragment: str) -> str:
    return f"org {organisation.slug} {fragment}"


def _lock(session: Session, organisation: OrganisationRecord) -> None:
    session.execute(select(OrganisationRecord.id).where(OrganisationRecord.id == organisation.id).with_for_update())


def _current_key(session: Session, organisation_id: int) -> KeyRecord | None:
    return session.scalar(
        select(KeyRecord)
        .where(KeyRecord.organisation_id == organisation_id, KeyRecord.retired_at.is_(None))
        .order_by(KeyRecord.id.desc())
        .limit(1)
    )


def _open_list(session: Session, organisation_id: int) -> StatusListRecord | None:
    """The organisation's latest list of revocations, locked until the commit."""
    return session.scalar(
        select(StatusListRecord)
        .where(StatusListRecord.organisation_id == organisation_id, StatusListRecord.purpose == REVOCATION)
        .order_by(StatusListRecord.id.desc())
        .limit(1)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def _companion_id(revocations: StatusListRecord) -> int:
    if revocations.suspension_list_id is None:
        raise LookupError(f"status list {revocations.id} has no companion")
    return revocations.suspension_list_id
