"""Does the key that signed belong to the issuer named in the credential?

Anybody can sign a document that names somebody else as its issuer. The key has to stand in the DID document whose id
is the issuer's, under the issuer's control, listed for assertions, and neither revoked nor past its end.

A key is revoked because somebody else may hold it. Whoever does can write any date into what they sign; so a document
counts only where a journal that the reader trusts states that it was there before the key was revoked.

Source: Verifiable Credential Data Integrity 1.0, section 4.4; Controlled Identifiers 1.0, sections 2.2 and 3.3.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from verify import resolution
from verify.errors import Defect
from verify.reasons import Reason
from verify.resolution import Method
from verify.sources import WitnessSource
from verify.standards import timestamps
from verify.standards.data_integrity import ASSERTION


@dataclass(frozen=True, slots=True)
class Witness:
    """What is stated of one document, in its exact bytes; asked only where its key has been revoked."""

    text: bytes
    source: WitnessSource

    def saw_before(self, moment: datetime) -> bool:
        """Whether a journal states the document for an earlier moment."""
        at = self.source.witnessed_at(hashlib.sha256(self.text).hexdigest()) if self.text else None
        return at is not None and at < moment


def require_same_issuer(method_url: str, issuer_id: str) -> None:
    """Return where the key's name lies within the issuer's own identifier.

    Raises:
        Defect: `key_not_of_issuer`.
    """
    if resolution.did_of(method_url) != issuer_id:
        raise Defect(Reason.KEY_NOT_OF_ISSUER)


def require_control(method: Method, issuer_id: str, now: datetime, witness: Witness, purpose: str = ASSERTION) -> None:
    """Return where the issuer controls the method and lets it sign for this purpose now, or did when it signed this.

    Raises:
        Defect: `key_not_of_issuer`, `key_not_for_assertion`, `key_not_for_authentication`, `key_revoked`,
            `key_expired` or `key_malformed`.
    """
    if method.document.get("id") != issuer_id or method.entry.get("controller") != issuer_id:
        raise Defect(Reason.KEY_NOT_OF_ISSUER)
    if not method.is_for(purpose):
        asserting = purpose == ASSERTION
        raise Defect(Reason.KEY_NOT_FOR_ASSERTION if asserting else Reason.KEY_NOT_FOR_AUTHENTICATION)
    revoked, expires = (_moment(method.entry, member) for member in ("revoked", "expires"))
    if revoked is not None and revoked <= now and not witness.saw_before(revoked):
        raise Defect(Reason.KEY_REVOKED)
    if expires is not None and expires <= now:
        raise Defect(Reason.KEY_EXPIRED)


def _moment(entry: dict[str, Any], member: str) -> datetime | None:
    return None if entry.get(member) is None else timestamps.read(entry[member], Reason.KEY_MALFORMED)
