"""Public keys as JSON Web Keys: Ed25519, P-256, P-384 and RSA.

Refuses every other kind of key, a key that says it is for something else than checking signatures of its own algorithm,
and one that gives its private half away: whoever reads it could sign.

Source: RFC 7517; RFC 7518, section 6; RFC 8037, section 2.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey, RSAPublicNumbers

from verify.errors import Defect, Undecided
from verify.reasons import Reason
from verify.standards.multibase import decode_base64url, encode_base64url
from verify.standards.signatures import MOST_RSA_BITS, KeyKind, PublicKey, kind_of

ALGORITHMS: Mapping[KeyKind, tuple[str, ...]] = {
    KeyKind.ED25519: ("EdDSA", "Ed25519"),
    KeyKind.P256: ("ES256",),
    KeyKind.P384: ("ES384",),
    KeyKind.RSA: ("RS256",),
}
"""The names of the one algorithm that goes with each kind of key, the one to write first.

Source: RFC 7518, section 3.1; RFC 8037, section 3.1; RFC 9864, section 2.2.
"""

_PRIVATE = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
_CURVES: Mapping[str, tuple[ec.EllipticCurve, int]] = {
    "P-256": (ec.SECP256R1(), 32),
    "P-384": (ec.SECP384R1(), 48),
}
_MOST_EXPONENT_BYTES = 4


def is_private(jwk: Mapping[str, Any]) -> bool:
    """Whether the key has a member that only private and symmetric keys have."""
    return not _PRIVATE.isdisjoint(jwk)


def decode_public(jwk: Any) -> PublicKey:
    """The key that the JSON Web Key spells.

    Raises:
        Undecided: `key_unsupported`, for another kind of key.
        Defect: `key_malformed`.
    """
    if not isinstance(jwk, dict) or not isinstance(jwk.get("kty"), str):
        raise Defect(Reason.KEY_MALFORMED, "jwk")
    if is_private(jwk):
        raise Defect(Reason.KEY_MALFORMED, "a private or symmetric jwk")
    reader = _READERS.get(jwk["kty"])
    if reader is None:
        raise Undecided(Reason.KEY_UNSUPPORTED, f"jwk of type {jwk['kty'][:20]}")
    try:
        key = reader(jwk)
    except ValueError:
        raise Defect(Reason.KEY_MALFORMED, "jwk") from None
    _check_use(jwk, kind_of(key))
    return key


def encode_public(key: PublicKey) -> dict[str, str]:
    """The key as a JSON Web Key, members in alphabetical order.

    Raises:
        Undecided: `key_unsupported`.
    """
    kind = kind_of(key)
    if isinstance(key, Ed25519PublicKey):
        return {"crv": kind.value, "kty": "OKP", "x": encode_base64url(key.public_bytes_raw())}
    if isinstance(key, RSAPublicKey):
        numbers = key.public_numbers()
        return {"e": _unsigned(numbers.e), "kty": "RSA", "n": _unsigned(numbers.n)}
    point, (_, size) = key.public_numbers(), _CURVES[kind.value]
    x, y = (encode_base64url(number.to_bytes(size, "big")) for number in (point.x, point.y))
    return {"crv": kind.value, "kty": "EC", "x": x, "y": y}


def _check_use(jwk: Mapping[str, Any], kind: KeyKind) -> None:
    """Source: RFC 7517, sections 4.2 to 4.4."""
    operations = jwk.get("key_ops", ["verify"])
    if not isinstance(operations, list) or "verify" not in operations or jwk.get("use", "sig") != "sig":
        raise Defect(Reason.KEY_MALFORMED, "a jwk for another use")
    if jwk.get("alg", ALGORITHMS[kind][0]) not in ALGORITHMS[kind]:
        raise Defect(Reason.KEY_MALFORMED, "a jwk for another algorithm")


def _read_edwards(jwk: Mapping[str, Any]) -> PublicKey:
    if jwk.get("crv") != "Ed25519":
        raise Undecided(Reason.KEY_UNSUPPORTED, "jwk on another curve")
    return Ed25519PublicKey.from_public_bytes(_bytes(jwk, "x"))


def _read_elliptic(jwk: Mapping[str, Any]) -> PublicKey:
    curve, size = _CURVES.get(str(jwk.get("crv")), (None, 0))
    if curve is None:
        raise Undecided(Reason.KEY_UNSUPPORTED, "jwk on another curve")
    x, y = _bytes(jwk, "x"), _bytes(jwk, "y")
    if len(x) != size or len(y) != size:
        raise Defect(Reason.KEY_MALFORMED, "jwk with coordinates of another length")
    return ec.EllipticCurvePublicNumbers(int.from_bytes(x, "big"), int.from_bytes(y, "big"), curve).public_key()


def _read_rsa(jwk: Mapping[str, Any]) -> PublicKey:
    exponent, modulus = _bytes(jwk, "e"), _bytes(jwk, "n")
    if len(exponent) > _MOST_EXPONENT_BYTES or len(modulus) > MOST_RSA_BITS // 8 + 1:
        raise Undecided(Reason.KEY_UNSUPPORTED, "RSA beyond what is checked here")
    return RSAPublicNumbers(int.from_bytes(exponent, "big"), int.from_bytes(modulus, "big")).public_key()


_READERS: Mapping[str, Callable[[Mapping[str, Any]], PublicKey]] = {
    "OKP": _read_edwards,
    "EC": _read_elliptic,
    "RSA": _read_rsa,
}


def _bytes(jwk: Mapping[str, Any], member: str) -> bytes:
    value = jwk.get(member)
    if not isinstance(value, str) or not value:
        raise Defect(Reason.KEY_MALFORMED, f"jwk without {member}")
    return decode_base64url(value)


def _unsigned(number: int) -> str:
    return encode_base64url(number.to_bytes((number.bit_length() + 7) // 8, "big"))
