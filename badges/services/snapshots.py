"""The snapshot that a phone keeps to verify printed codes without a network: built once for each change and each hour.

What it says comes from the same tables as the trust bundle. Its date is that of the latest change or the hour's first
minute, whichever came later: nothing has changed since, so that every worker serves the same bytes.
"""

from collections.abc import Container
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from badges.models.people import OrganisationRecord
from badges.models.status import KeyRecord, StatusListRecord
from badges.services import installation_key, keys, status, trust, verification
from badges.services.installation import Installation
from issuer import keys as key_texts
from issuer.snapshot import REVOCATION, SUSPENSION, Key, Known, List, snapshot
from issuer.status_bits import StatusBits
from verify import Recognition
from verify.standards.signatures import PublicKey

_REMEMBERED = "snapshot"


def current(session: Session, installation: Installation, now: datetime) -> bytes | None:
    """The signed snapshot, or None where the installation has no key yet."""
    key = installation_key.signer(session, installation)
    if key is None:
        return None
    hour = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    as_of = max(hour, trust.moment(session, now))
    print_ = trust.fingerprint(session, key.verification_method, as_of)
    known = installation.remembered.get(_REMEMBERED)
    if known is None or known[0] != print_:
        issuers = _issuers(session, installation)
        made = snapshot(
            site=installation.base_url,
            as_of=as_of,
            issuers=issuers,
            recognitions=_recognitions(session, installation, {issuer.did for issuer in issuers}),
            lists=_lists(session, installation),
            witnessed=trust.witnessed(session),
            signer=key,
        )
        known = (print_, made)
        installation.remembered[_REMEMBERED] = known
    return known[1]


def pinned(session: Session) -> bytes | None:
    """The bare public key that snapshots are signed with, or None where there is none yet."""
    public = installation_key.public(session)
    return None if public is None else public.public_bytes_raw()


def _issuers(session: Session, installation: Installation) -> list[Known]:
    rows = session.execute(
        select(OrganisationRecord, KeyRecord)
        .join(KeyRecord, KeyRecord.organisation_id == OrganisationRecord.id)
        .order_by(OrganisationRecord.id, KeyRecord.id)
    )
    found: dict[str, Known] = {}
    for organisation, record in rows:
        did = keys.did_of(installation, organisation)
        before = found.get(did, Known(did, organisation.name, ()))
        public: PublicKey = key_texts.read_public(record.public_key)
        found[did] = Known(did, organisation.name, (*before.keys, Key(record.fragment, public, record.revoked_at)))
    return list(found.values())


def _recognitions(session: Session, installation: Installation, keyed: Container[str]) -> list[Recognition]:
    """The recognitions of the issuers that have a key."""
    told = (verification.recognition_of(row, installation) for row in verification.recognition_rows(session))
    return [each for each in told if each.issuer in keyed]


def _lists(session: Session, installation: Installation) -> list[List]:
    rows = session.execute(
        select(StatusListRecord.id, StatusListRecord.purpose, StatusListRecord.bits, OrganisationRecord.slug)
        .join(OrganisationRecord, OrganisationRecord.id == StatusListRecord.organisation_id)
        .order_by(StatusListRecord.id)
    )
    return [
        List(
            row.id,
            keys.did_of_slug(installation, row.slug),
            REVOCATION if row.purpose == status.REVOCATION else SUSPENSION,
            StatusBits.read(row.bits).bits(),
        )
        for row in rows
    ]
