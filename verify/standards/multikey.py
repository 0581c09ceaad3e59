"""Public keys as Multikey text (`publicKeyMultibase`): Ed25519, P-256 and P-384.

Refuses every other kind of key, and bytes that are not a point of the named curve.

Source: Controlled Identifiers 1.0, section 2.2.2 Multikey.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, SECP384R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from verify.errors import Defect, Undecided
from verify.reasons import Reason
from verify.standards import multibase
from verify.standards.signatures import KeyKind, PublicKey, kind_of

_ED25519 = b"\xed\x01"
_CURVES: Mapping[bytes, tuple[KeyKind, type[SECP256R1 | SECP384R1]]] = {
    b"\x80\x24": (KeyKind.P256, SECP256R1),
    b"\x81\x24": (KeyKind.P384, SECP384R1),
}
_LONGEST = 600
_LENGTHS = {_ED25519: 32, b"\x80\x24": 33, b"\x81\x24": 49}


def encode_public(key: PublicKey) -> str:
    """The key as `z…` text.

    Raises:
        ValueError: where the key is of another kind.
        Undecided: `key_unsupported`, where it is on another curve.
    """
    if isinstance(key, Ed25519PublicKey):
        return multibase.encode(_ED25519 + key.public_bytes_raw())
    if not isinstance(key, EllipticCurvePublicKey):
        raise ValueError("an RSA key is written as a JWK, not as a Multikey")  # noqa: TRY004 - the kind is a value
    prefix = next(prefix for prefix, (kind, _) in _CURVES.items() if kind is kind_of(key))
    return multibase.encode(prefix + key.public_bytes(Encoding.X962, PublicFormat.CompressedPoint))


def decode_public(text: str) -> PublicKey:
    """The key that the text spells.

    Raises:
        Undecided: `key_unsupported`, for another kind of key.
        Defect: `key_malformed`.
    """
    if len(text) > _LONGEST:
        raise Defect(Reason.KEY_MALFORMED, "longer than any key")
    return _decoded(text)


@lru_cache(maxsize=1024)
def _decoded(text: str) -> PublicKey:
    data = multibase.decode(text)
    kind, raw = data[:2], data[2:]
    if kind not in _LENGTHS:
        raise Undecided(Reason.KEY_UNSUPPORTED, "neither Ed25519, P-256 nor P-384")
    if len(raw) != _LENGTHS[kind]:
        raise Defect(Reason.KEY_MALFORMED, "wrong length")
    if kind == _ED25519:
        return Ed25519PublicKey.from_public_bytes(raw)
    try:
        return EllipticCurvePublicKey.from_encoded_point(_CURVES[kind][1](), raw)
    except ValueError:
        raise Defect(Reason.KEY_MALFORMED, "not a point of the curve") from None
