"""What every reader of a badge shall see, however little its holder chooses to show of it.

Without this a holder could leave out what speaks against them: that the badge has ended, where its status stands, what
it was given for. The name, the levels and the evidence are the holder's own to show.

Source: Data Integrity ECDSA Cryptosuites 1.0, section 3.6.2 (mandatory pointers).
"""

from __future__ import annotations

from typing import Any

_ALWAYS = (
    "issuer",
    "validFrom",
    "validUntil",
    "credentialStatus",
    "credentialSchema",
    "refreshService",
    "termsOfUse",
)


def mandatory_pointers(document: dict[str, Any]) -> list[str]:
    """The JSON pointers to those parts of the badge; ids and types come with them.

    Whole members, never items of arrays: other implementations count those differently.
    """
    pointers = [f"/{member}" for member in _ALWAYS if member in document]
    if "achievement" in document.get("credentialSubject", {}):
        pointers.append("/credentialSubject/achievement")
    return pointers
