"""Organisations' names and signing keys: made, rotated, published, opened to sign.

An organisation signs with one key of each kind it needs; a rotation gives each a successor. Public keys stay published
for ever, so that what they signed stays valid. Where the private halves live is the key store's business: the database
holds what the store gave, sealed or a mere reference.
"""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from badges.models.people import OrganisationRecord
from badges.models.status import KeyRecord
from badges.services import journal
from badges.services.errors import N_, Conflict, Invalid, NotFound
from badges.services.installation import Installation
from badges.services.open_badges_2_addresses import Places
from issuer import did_document as did_documents
from issuer import keys, signer
from issuer.facts import Issuer
from issuer.proofs import PROOFS, TOKENS
from verify.standards import did, timestamps
from verify.standards.signatures import KeyKind, Signer


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


def ensure_key(
    session: Session,
    installation: Installation,
    organisation: OrganisationRecord,
    now: datetime,
    kind: KeyKind = KeyKind.ED25519,
) -> KeyRecord:
    """The organisation's key of that kind in service; a new one where it has none."""
    lock(session, organisation)
    return _current(session, organisation.id, kind) or _new_key(session, installation, organisation, kind, now)


def rotate(
    session: Session, installation: Installation, organisation: OrganisationRecord, now: datetime
) -> list[KeyRecord]:
    """A fresh key for every kind in service. The former public keys stay published: what they signed stays valid."""
    lock(session, organisation)
    former = _in_service(session, organisation.id)
    for key in former:
        key.retired_at = now
    kinds = dict.fromkeys(key.kind for key in former) or {KeyKind.ED25519: None}
    return [_new_key(session, installation, organisation, kind, now) for kind in kinds]


def revoke(
    session: Session,
    installation: Installation,
    organisation: OrganisationRecord,
    *,
    since: datetime,
    fragments: Collection[str],
    now: datetime,
) -> list[KeyRecord]:
    """The keys of these names, or every key of the organisation, revoked since that moment; others sign from now on.

    A key that answered an earlier declaration is made after the theft: it is left alone unless it is named, so that the
    same declaration made twice changes nothing.

    Raises:
        NotFound: it has no key of that name.
    """
    lock(session, organisation)
    held = session.scalars(select(KeyRecord).where(KeyRecord.organisation_id == organisation.id)).all()
    unknown = sorted(set(fragments) - {key.fragment for key in held})
    if unknown:
        raise NotFound(N_("Cette organisation n’a pas de clé « %(key)s »."), key=unknown[0])
    answered = any(key.revoked_at is not None for key in held)
    stolen = [
        key
        for key in held
        if key.fragment in fragments
        or not (fragments or (answered and key.revoked_at is None and key.created_at > since))
    ]
    for key in stolen:
        key.revoked_at = since if key.revoked_at is None else min(since, key.revoked_at)
        if key.retired_at is None:
            key.retired_at = now
            _new_key(session, installation, organisation, key.kind, now)
        _note(session, organisation, "key.compromised", key.fragment, now, since=timestamps.write(key.revoked_at))
    session.flush()
    return stolen


def has_key(session: Session, organisation: OrganisationRecord, kind: KeyKind) -> bool:
    """Whether the organisation has a key of that kind in service."""
    return _current(session, organisation.id, kind) is not None


def signing_key(
    session: Session,
    installation: Installation,
    organisation: OrganisationRecord,
    kind: KeyKind = KeyKind.ED25519,
) -> Signer:
    """The key of that kind the organisation signs with today.

    Raises:
        Conflict: the organisation has none yet.
        WrongSecret: the installation's secret is not the one the key was sealed under.
    """
    record = _current(session, organisation.id, kind)
    if record is None:
        raise Conflict(N_("Cette organisation n’a pas encore de clé de signature."))
    return installation.key_store.open(record.sealed, _context(organisation, record.fragment))


def sign(
    session: Session,
    installation: Installation,
    organisation: OrganisationRecord,
    document: dict[str, Any],
    now: datetime,
    *,
    proof: str = "",
) -> bytes:
    """The document signed by the organisation, as the exact bytes to store and serve.

    `proof` is a name of `issuer.proofs.PROOFS`; by default the one the organisation chose.

    Raises:
        Conflict: the organisation has no key yet.
        SigningRefused: our own verifier does not accept the result; nothing may be stored.
    """
    chosen = PROOFS[proof or organisation.proof]
    key = signing_key(session, installation, organisation, chosen.kind)
    published = did_document(session, installation, organisation.slug) or {}
    return signer.sign(document, key, now=now, did_document=published, cryptosuite=chosen.cryptosuite)


def sign_token(
    session: Session,
    installation: Installation,
    organisation: OrganisationRecord,
    document: dict[str, Any],
    now: datetime,
) -> bytes | None:
    """The document as a compact JWT signed by the organisation, or None where it asks for none.

    Raises:
        Conflict, SigningRefused: as `sign` does.
    """
    if not organisation.token:
        return None
    key = signing_key(session, installation, organisation, TOKENS[organisation.token])
    published = did_document(session, installation, organisation.slug) or {}
    return signer.sign_token(document, key, now=now, did_document=published)


def choose(
    session: Session,
    installation: Installation,
    organisation: OrganisationRecord,
    *,
    proof: str,
    token: str,
    actor: str,
    now: datetime,
) -> None:
    """Let the organisation sign with this proof from now on, and this token beside it, or none where it is empty.

    It gets the keys that this takes. Badges that were signed stay as they are.

    Raises:
        Invalid: no such proof, or no such token.
    """
    if proof not in PROOFS:
        raise Invalid(N_("Choisissez une preuve parmi celles proposées."), field="proof")
    if token and token not in TOKENS:
        raise Invalid(N_("Choisissez un jeton parmi ceux proposés."), field="token")
    for kind in (PROOFS[proof].kind, *([TOKENS[token]] if token else [])):
        ensure_key(session, installation, organisation, now, kind)
    organisation.proof, organisation.token = proof, token
    journal.record(
        session,
        actor=actor,
        action="organisation.proof_chosen",
        object=f"organisation:{organisation.slug}",
        now=now,
        organisation_id=organisation.id,
        proof=proof,
        token=token,
    )


_KEYS_OF = (
    select(KeyRecord.fragment, KeyRecord.public_key, KeyRecord.revoked_at)
    .join(OrganisationRecord, OrganisationRecord.id == KeyRecord.organisation_id)
    .where(OrganisationRecord.slug == bindparam("slug"))
    .order_by(KeyRecord.id)
)


def did_document(session: Session, installation: Installation, slug: str) -> dict[str, Any] | None:
    """The DID document of an organisation with every key it ever used, or None where it never had one."""
    rows = session.execute(_KEYS_OF, {"slug": slug}).all()
    if not rows:
        return None
    identifier = did_of_slug(installation, slug)
    return did_documents.did_document(
        identifier,
        {f"{identifier}#{row.fragment}": keys.read_public(row.public_key) for row in rows},
        also_known_as=[Places(installation.base_url, slug).profile],
        revoked={f"{identifier}#{row.fragment}": row.revoked_at for row in rows if row.revoked_at is not None},
    )


def describe(session: Session, installation: Installation) -> Iterator[str]:
    """One line for each key of an organisation: its full name, kind, dates and, last because it may be long, itself."""
    rows = session.execute(
        select(KeyRecord, OrganisationRecord.slug)
        .join(OrganisationRecord, OrganisationRecord.id == KeyRecord.organisation_id)
        .order_by(OrganisationRecord.slug, KeyRecord.id)
    )
    for key, slug in rows:
        ended = f", retirée le {key.retired_at:%Y-%m-%d}" if key.retired_at else ""
        ended += f", en d’autres mains depuis le {timestamps.write(key.revoked_at)}" if key.revoked_at else ""
        name = f"{did_of_slug(installation, slug)}#{key.fragment}"
        yield f"{name}  {key.kind}, en service le {key.created_at:%Y-%m-%d}{ended}  {key.public_key}"


def lock(session: Session, organisation: OrganisationRecord) -> None:
    """Make whoever changes the organisation's keys or lists wait for each other, until the commit."""
    session.execute(select(OrganisationRecord.id).where(OrganisationRecord.id == organisation.id).with_for_update())


def _new_key(
    session: Session, installation: Installation, organisation: OrganisationRecord, kind: KeyKind, now: datetime
) -> KeyRecord:
    counted = session.scalars(
        select(func.count()).select_from(KeyRecord).where(KeyRecord.organisation_id == organisation.id)
    ).one()
    fragment = f"key-{counted + 1}"
    context = _context(organisation, fragment)
    stored = installation.key_store.create(kind, f"{did_of(installation, organisation)}#{fragment}", context)
    record = KeyRecord(
        organisation_id=organisation.id,
        fragment=fragment,
        kind=kind,
        public_key=keys.write_public(installation.key_store.open(stored, context).public),
        sealed=stored,
        created_at=now,
    )
    session.add(record)
    session.flush()
    _note(session, organisation, "key.created", fragment, now)
    return record


def _note(
    session: Session, organisation: OrganisationRecord, action: str, fragment: str, now: datetime, **details: object
) -> None:
    journal.record(
        session,
        actor="system",
        action=action,
        object=f"key:{organisation.slug}#{fragment}",
        now=now,
        organisation_id=organisation.id,
        **details,
    )


def _context(organisation: OrganisationRecord, fragment: str) -> str:
    return f"org {organisation.slug} {fragment}"


def _in_service(session: Session, organisation_id: int) -> list[KeyRecord]:
    return list(
        session.scalars(
            select(KeyRecord)
            .where(KeyRecord.organisation_id == organisation_id, KeyRecord.retired_at.is_(None))
            .order_by(KeyRecord.id)
        )
    )


def _current(session: Session, organisation_id: int, kind: KeyKind) -> KeyRecord | None:
    return next((key for key in reversed(_in_service(session, organisation_id)) if key.kind is kind), None)
