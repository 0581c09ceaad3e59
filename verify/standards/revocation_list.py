"""The 1EdTech revocation list: an issuer's plain list of the credentials it has revoked. Deprecated, still met.

The list is not signed: it is trusted as far as the connection it came over, and only where it names the issuer. One
whose shape leaves doubt about what it lists is as good as none.

Source: 1EdTech Revocation List Status Method 1.0; Open Badges 3.0, section 9.1, step 4.
"""

from __future__ import annotations

from typing import Any

from verify.errors import Undecided, Unreadable
from verify.reasons import Reason
from verify.standards import documents

STATUS_TYPE = "1EdTechRevocationList"
MAX_BYTES = 8 * 1024 * 1024
_MAX_VALUES = 400_000
# The specification's name and the one that the 1EdTech validator reads.
_MEMBERS = ("revokedCredential", "revokedCredentials")


def is_revoked(data: bytes, *, issuer: str, credential_id: str) -> bool:
    """Whether the list of the issuer says that the credential is revoked: listed, unless with `revoked` false.

    Raises:
        Undecided: `status_unreachable` where it is no such list, `status_issuer_differs` where it is another issuer's.
    """
    try:
        listed = documents.load(data, max_bytes=MAX_BYTES, max_values=_MAX_VALUES)
    except Unreadable as error:
        raise Undecided(Reason.STATUS_UNREACHABLE, str(error)) from None
    named = listed.get("issuer")
    if (named.get("id") if isinstance(named, dict) else named) != issuer:
        raise Undecided(Reason.STATUS_ISSUER_DIFFERS)
    members = [member for member in _MEMBERS if member in listed]
    if not members:
        raise Undecided(Reason.STATUS_UNREACHABLE, "no list of revoked credentials")
    entries = [entry for member in members for entry in _entries(listed[member])]
    return any(entry["id"] == credential_id and entry.get("revoked") is not False for entry in entries)


def _entries(value: Any) -> list[dict[str, Any]]:
    entries = value if isinstance(value, list) else [value]
    if not all(isinstance(entry, dict) and isinstance(entry.get("id"), str) for entry in entries):
        raise Undecided(Reason.STATUS_UNREACHABLE, "a revoked credential without an id")
    return entries
