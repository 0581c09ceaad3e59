"""The DID document of an organisation: the keys it signs with, and has ever signed with.

A retired key keeps its place, so that the badges it signed still verify. A key that fell into other hands has to be
left out by the caller. Refuses keys of another DID.

Source: DID Core 1.0, section 5; Controlled Identifiers 1.0, section 2.2 (verification methods).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from verify.standards import documents, multikey

CONTEXTS = (documents.DID, documents.MULTIKEY)


def did_document(did: str, keys: Mapping[str, Ed25519PublicKey], also_known_as: Iterable[str] = ()) -> dict[str, Any]:
    """The DID document; `keys` maps the full DID URL of each verification method to its public key.

    Raises:
        ValueError: where there is no key, or one of another DID.
    """
    if not keys or any(not method.startswith(f"{did}#") or method == f"{did}#" for method in keys):
        raise ValueError("A DID document lists keys of its own DID, at least one.")
    known = list(also_known_as)
    return {
        "@context": list(CONTEXTS),
        "id": did,
        **({"alsoKnownAs": known} if known else {}),
        "verificationMethod": [
            {"id": method, "type": "Multikey", "controller": did, "publicKeyMultibase": multikey.encode_public(key)}
            for method, key in keys.items()
        ],
        "assertionMethod": list(keys),
    }
