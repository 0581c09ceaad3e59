"""The compact signed statement that a printed square carries behind the address: made at claim, never again.

It follows the badge: the organisation that the signed badge names as its issuer signs it, and a reissue has its own. A
badge that cannot be said in a statement, or is signed with a kind of key that no statement knows, is printed with its
address alone.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from badges.models.awards import CredentialRecord, ShareRecord, StatementRecord
from badges.services import keys, showing
from badges.services.installation import Installation
from issuer import statement as statements
from issuer.qr_code import qr_version
from issuer.statement import DoesNotFit
from verify.standards import cose
from verify.statement import to_digits

LARGEST_CODE = 20
"""The version of the largest square that is printed: beyond it an older phone takes long to find it on paper."""


@dataclass(frozen=True, slots=True)
class Printed:
    """What a square holds: the address, and the moment for which the statement behind it speaks, where there is one."""

    address: str
    signed_at: datetime | None


def sign(
    session: Session, installation: Installation, credential: CredentialRecord, now: datetime
) -> StatementRecord | None:
    """The statement about the credential, signed by its issuer and stored; None where it can have none.

    Raises:
        SigningRefused: our own verifier does not accept the result.
    """
    organisation = credential.signer
    kind = next((kind for kind in cose.ALGORITHMS if keys.has_key(session, organisation, kind)), None)
    if kind is None:
        return None
    key = keys.signing_key(session, installation, organisation, kind)
    published = keys.did_document(session, installation, organisation.slug) or {}
    try:
        content = statements.sign(credential.document, key, now=now, did_document=published)
    except DoesNotFit:
        return None
    row = StatementRecord(credential_id=credential.id, content=content, created_at=now)
    session.add(row)
    session.flush()
    return row


def digest(statement: StatementRecord) -> str:
    """SHA-256 of the message, as the journal states it: it stays good should the key be stolen later."""
    return hashlib.sha256(statement.content).hexdigest()


def printed(session: Session, installation: Installation, share: ShareRecord) -> Printed:
    """What to print in a large square: the address, with its statement where the share shows the whole badge."""
    plain = f"{installation.base_url}/v/{share.code}"
    credential = _shown_whole(share)
    if credential is None or credential.revoked_at is not None or credential.suspended_at is not None:
        return Printed(plain, None)
    statement = session.get(StatementRecord, credential.id)
    if statement is None:
        return Printed(plain, None)
    address = f"{plain}#{to_digits(statement.content)}"
    return Printed(address, statement.created_at) if qr_version(address) <= LARGEST_CODE else Printed(plain, None)


def _shown_whole(share: ShareRecord) -> CredentialRecord | None:
    """The credential of a share of one badge that hides nothing and asks for no password: its statement may be told."""
    if share.secret_hash is not None or len(share.badges) != 1:
        return None
    [one] = share.badges
    if not one.award.credentials:
        return None
    credential = one.award.credentials[-1]
    hidden = showing.hides(credential.document, showing.of_share(share, one.evidence))
    return None if hidden or credential.withheld_at is not None else credential


_OPEN_SHARE = select(ShareRecord).where(ShareRecord.code == bindparam("code"))


def printed_for(session: Session, installation: Installation, code: str) -> Printed:
    """What to print in a large square for the share of that code, which is open."""
    return printed(session, installation, session.scalars(_OPEN_SHARE, {"code": code}).one())
