"""Does the key that signed belong to the issuer named in the credential?

Anybody can sign a document that names somebody else as its issuer. The key has to stand in the DID document whose id
is the issuer's, under the issuer's control, listed for assertions, and neither revoked nor past its end.

Source: Verifiable Credential Data Integrity 1.0, section 4.4; Controlled Identifiers 1.0, sections 2.2 and 3.3.
"""

from __future__ import annotations

from datetime import datetime

from verify import resolution
from verify.errors import Defect
from verify.reasons import Reason
from verify.resolution import Method
from verify.standards import timestamps
from verify.standards.data_integrity import ASSERTION


def require_same_issuer(method_url: str, issuer_id: str) -> None:
    """Return where the key's name lies within the issuer's own identifier.

    Raises:
        Defect: `key_not_of_issuer`.
    """
    if resolution.did_of(method_url) != issuer_id:
        raise Defect(Reason.KEY_NOT_OF_ISSUER)


def require_control(method: Method, issuer_id: str, now: datetime) -> None:
    """Return where the issuer controls the method and lets it make assertions now.

    Raises:
        Defect: `key_not_of_issuer`, `key_not_for_assertion`, `key_revoked`, `key_expired` or `key_malformed`.
    """
    if method.document.get("id") != issuer_id or method.entry.get("controller") != issuer_id:
        raise Defect(Reason.KEY_NOT_OF_ISSUER)
    if not method.is_for(ASSERTION):
        raise Defect(Reason.KEY_NOT_FOR_ASSERTION)
    for member, reason in (("revoked", Reason.KEY_REVOKED), ("expires", Reason.KEY_EXPIRED)):
        ended = method.entry.get(member)
        if ended is not None and timestamps.read(ended, Reason.KEY_MALFORMED) <= now:
            raise Defect(reason)
