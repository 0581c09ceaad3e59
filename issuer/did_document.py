"""The DID document of an organisation: the keys it signs with, and has ever signed with.

A retired key keeps its place, so that the badges it signed still verify. A key that fell into other hands keeps it
too, marked with the moment from which nothing it signs counts. Refuses keys of another DID.

Source: DID Core 1.0, section 5; Controlled Identifiers 1.0, section 2.2 (verification methods, `revoked`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from verify.standards import documents, multibase, multikey, timestamps
from verify.standards.signatures import PublicKey

CONTEXTS = (documents.DID, documents.MULTIKEY)
JWK_CONTEXT = "https://w3id.org/security/jwk/v1"
"""Joins the others where a key is spelt as a JWK."""


def did_document(
    did: str,
    keys: Mapping[str, PublicKey],
    also_known_as: Iterable[str] = (),
    revoked: Mapping[str, datetime] | None = None,
) -> dict[str, Any]:
    """The DID document; `keys` maps the full DID URL of each verification method to its public key.

    `revoked` maps those of them that fell into other hands to the moment since when.

    Raises:
        ValueError: where there is no key, or one of another DID.
    """
    if not keys or any(not method.startswith(f"{did}#") or method == f"{did}#" for method in keys):
        raise ValueError("A DID document lists keys of its own DID, at least one.")
    known = list(also_known_as)
    ended = revoked or {}
    return {
        "@context": [
            *CONTEXTS,
            *([JWK_CONTEXT] if any(isinstance(key, RSAPublicKey) for key in keys.values()) else []),
        ],
        "id": did,
        **({"alsoKnownAs": known} if known else {}),
        "verificationMethod": [_method(did, method, key, ended.get(method)) for method, key in keys.items()],
        "assertionMethod": list(keys),
    }


def _method(did: str, method: str, key: PublicKey, revoked: datetime | None) -> dict[str, Any]:
    return {
        "id": method,
        **_spelling(key),
        "controller": did,
        **({} if revoked is None else {"revoked": timestamps.write(revoked)}),
    }


def _spelling(key: PublicKey) -> dict[str, Any]:
    """The key as a Multikey, or as a JWK where it is an RSA key, for which there is no Multikey.

    Source: Controlled Identifiers 1.0, sections 2.2.2 and 2.2.3; RFC 7518, section 6.3.1.
    """
    if not isinstance(key, RSAPublicKey):
        return {"type": "Multikey", "publicKeyMultibase": multikey.encode_public(key)}
    numbers = key.public_numbers()
    spelt = {
        name: multibase.encode_base64url(number.to_bytes((number.bit_length() + 7) // 8, "big"))
        for name, number in (("n", numbers.n), ("e", numbers.e))
    }
    return {"type": "JsonWebKey", "publicKeyJwk": {"kty": "RSA", **spelt}}
