"""The installation's own key, with which it signs trust bundles, and the DID document that publishes it.

It signs for nobody else. Its did:key says nothing but the key: who learnt it once can tell a bundle's signature from
any other. A key that was replaced is no longer published: a bundle holds the document of its day.
"""

from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from badges.models.installation import InstallationRecord
from badges.models.status import KeyRecord
from badges.services import journal
from badges.services.installation import BASE_URL, Installation
from issuer import did_document as did_documents
from issuer import keys
from verify.standards import did
from verify.standards.signatures import KeyKind, Signer


def did_of(installation: Installation) -> str:
    """The installation's own identifier: `did:web:HOST`."""
    return did.did_web(installation.base_url)


def ensure(session: Session, installation: Installation, now: datetime) -> None:
    """Give the installation a key of its own; nothing where it has one."""
    _lock(session)
    if _current(session) is None:
        _new(session, installation, now)


def renew(session: Session, installation: Installation, now: datetime) -> None:
    """Sign with a fresh key from now on; whoever pinned the former one has to learn the new one."""
    _lock(session)
    former = _current(session)
    if former is not None:
        former.retired_at = now
    _new(session, installation, now)


def signer(session: Session, installation: Installation) -> Signer | None:
    """The key, or None where there is none yet.

    Raises:
        WrongSecret: the installation's secret is not the one the key was sealed under.
    """
    key = _current(session)
    return None if key is None else installation.key_store.open(key.sealed, _context(key.fragment))


def public(session: Session) -> Ed25519PublicKey | None:
    """The public half of the key, or None where there is none yet."""
    key = _current(session)
    found = None if key is None else keys.read_public(key.public_key)
    return found if isinstance(found, Ed25519PublicKey) else None


def pinnable(session: Session) -> str | None:
    """The did:key of the key, or None where there is none yet."""
    key = _current(session)
    return None if key is None else did.did_key(keys.read_public(key.public_key))


def did_document(session: Session, installation: Installation) -> dict[str, Any] | None:
    """The installation's own DID document, which also names it by its did:key; None where there is no key yet."""
    key = _current(session)
    if key is None:
        return None
    identifier, public = did_of(installation), keys.read_public(key.public_key)
    return did_documents.did_document(
        identifier, {f"{identifier}#{key.fragment}": public}, also_known_as=[did.did_key(public)]
    )


def _new(session: Session, installation: Installation, now: datetime) -> None:
    counted = session.scalars(
        select(func.count()).select_from(KeyRecord).where(KeyRecord.organisation_id.is_(None))
    ).one()
    fragment = f"key-{counted + 1}"
    stored = installation.key_store.create(KeyKind.ED25519, f"{did_of(installation)}#{fragment}", _context(fragment))
    session.add(
        KeyRecord(
            organisation_id=None,
            fragment=fragment,
            kind=KeyKind.ED25519,
            public_key=keys.write_public(installation.key_store.open(stored, _context(fragment)).public),
            sealed=stored,
            created_at=now,
        )
    )
    journal.record(session, actor="system", action="key.created", object=f"key:#{fragment}", now=now)


def _lock(session: Session) -> None:
    """Whoever comes second waits here, and then finds the first one's key."""
    session.execute(select(InstallationRecord).where(InstallationRecord.name == BASE_URL).with_for_update())


def _current(session: Session) -> KeyRecord | None:
    return session.scalar(
        select(KeyRecord)
        .where(KeyRecord.organisation_id.is_(None), KeyRecord.retired_at.is_(None))
        .order_by(KeyRecord.id.desc())
        .limit(1)
    )


def _context(fragment: str) -> str:
    return f"installation {fragment}"
