"""A credential as a compact JWT: split, and held against the rules of its header and claims.

Reads only the form of Open Badges 3.0, in which the payload is the credential itself and the registered claims repeat
some of its members. Verifies EdDSA; another algorithm leaves the question undecided, `none` is a defect.

Source: Open Badges 3.0, section 8.2; RFC 7515; RFC 7519; RFC 8037.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from verify.errors import Defect, Undecided, Unreadable
from verify.reasons import Reason
from verify.standards import documents, timestamps
from verify.standards.multibase import decode_base64url
from verify.standards.signatures import PublicKey

_COMPACT = re.compile(rb"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*")
_MAX_HEADER_BYTES = 8 * 1024
_HEADERS = frozenset({"alg", "kid", "jwk", "typ"})
_EDDSA = frozenset({"EdDSA", "Ed25519"})
"""Source: RFC 8037, section 3.1, and RFC 9864, section 2.2."""


@dataclass(frozen=True, slots=True)
class Token:
    """A compact JWT taken apart; nothing in it has been checked yet."""

    header: dict[str, Any]
    payload: dict[str, Any]
    signing_input: bytes
    signature: bytes


def is_compact(data: bytes) -> bool:
    """Whether the bytes, without the space around them, are three base64url parts."""
    return _COMPACT.fullmatch(data.strip()) is not None


def read(data: bytes) -> Token:
    """The token that the bytes spell.

    Raises:
        Unreadable: `jwt_malformed`, or as `documents.load` does for the payload.
    """
    compact = data.strip()
    if not is_compact(compact):
        raise Unreadable(Reason.JWT_MALFORMED)
    header, payload, signature = compact.decode("ascii").split(".")
    try:
        parts = [decode_base64url(part, Reason.JWT_MALFORMED) for part in (header, payload, signature)]
        heading = documents.load(parts[0], max_bytes=_MAX_HEADER_BYTES)
    except (Defect, Unreadable) as error:
        raise Unreadable(Reason.JWT_MALFORMED, error.detail) from None
    return Token(heading, documents.load(parts[1]), f"{header}.{payload}".encode("ascii"), parts[2])


def check_header(token: Token) -> None:
    """Return where the header keeps to the rules and names an algorithm that can be checked here.

    Raises:
        Defect: `algorithm_none` or `jwt_header_wrong`.
        Undecided: `algorithm_unsupported`.
        Source: Open Badges 3.0, section 8.2.1.
    """
    header = token.header
    algorithm = header.get("alg")
    if isinstance(algorithm, str) and algorithm.lower() == "none":
        raise Defect(Reason.ALGORITHM_NONE)
    if not isinstance(algorithm, str) or header.get("typ", "JWT") != "JWT" or header.keys() - _HEADERS:
        raise Defect(Reason.JWT_HEADER_WRONG)
    jwk = header.get("jwk")
    named = isinstance(header.get("kid"), str)
    if not (named or isinstance(jwk, dict)) or (isinstance(jwk, dict) and "d" in jwk):
        raise Defect(Reason.JWT_HEADER_WRONG, "no key is named, or a private one")
    if algorithm not in _EDDSA:
        raise Undecided(Reason.ALGORITHM_UNSUPPORTED, algorithm[:50])


def public_key_of(token: Token) -> Ed25519PublicKey | None:
    """The public key that stands in the header, or None where there is none.

    Raises:
        Defect: `key_malformed`.
        Undecided: `key_unsupported`.
        Source: RFC 8037, section 2.
    """
    jwk = token.header.get("jwk")
    if not isinstance(jwk, dict):
        return None
    if jwk.get("kty") != "OKP" or jwk.get("crv") != "Ed25519":
        raise Undecided(Reason.KEY_UNSUPPORTED, "jwk is no Ed25519 key")
    if not isinstance(jwk.get("x"), str):
        raise Defect(Reason.KEY_MALFORMED, "jwk")
    raw = decode_base64url(jwk["x"])
    try:
        return Ed25519PublicKey.from_public_bytes(raw)
    except ValueError:
        raise Defect(Reason.KEY_MALFORMED, "jwk") from None


def verify_signature(token: Token, public_key: PublicKey) -> None:
    """Return where the signature is the key's over header and payload.

    Raises:
        Defect: `signature_wrong` or `key_mismatch`.
    """
    if not isinstance(public_key, Ed25519PublicKey):
        raise Defect(Reason.KEY_MISMATCH, "EdDSA needs an Ed25519 key")
    try:
        public_key.verify(token.signature, token.signing_input)
    except InvalidSignature:
        raise Defect(Reason.SIGNATURE_WRONG) from None


def check_claims(payload: dict[str, Any]) -> None:
    """Return where the registered claims say what the credential says.

    Raises:
        Defect: `jwt_claims_differ`.
        Source: Open Badges 3.0, section 8.2.2.
    """
    issuer = payload.get("issuer")
    subject = payload.get("credentialSubject")
    expected = {
        "iss": issuer.get("id") if isinstance(issuer, dict) else issuer,
        "jti": payload.get("id"),
        "sub": subject.get("id") if isinstance(subject, dict) else None,
        "nbf": _seconds(payload.get("validFrom", payload.get("issuanceDate"))),
        "exp": _seconds(payload.get("validUntil", payload.get("expirationDate"))),
    }
    for claim, value in expected.items():
        given = payload.get(claim)
        if isinstance(given, float):
            given = int(given)
        if given != value or isinstance(given, bool):
            raise Defect(Reason.JWT_CLAIMS_DIFFER, claim)


def _seconds(moment: Any) -> int | None:
    if moment is None:
        return None
    return int(timestamps.read(moment, Reason.JWT_CLAIMS_DIFFER).timestamp())
