"""Public keys as Multikey text (`publicKeyMultibase`): Ed25519 and P-256.

Refuses every other kind of key, and bytes that are not a point of the named curve.

Source: Controlled Identifiers 1.0, section 2.2.2 Multikey.
"""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from verify.errors import Defect, Undecided
from verify.reasons import Reason
from verify.standards import multibase

PublicKey = Ed25519PublicKey | EllipticCurvePublicKey

_ED25519 = b"\xed\x01"
_P256 = b"\x80\x24"
_LENGTHS = {_ED25519: 32, _P256: 33}


def encode_public(key: PublicKey) -> str:
    """The key as `z…` text.

    Raises:
        ValueError: where the key is on another curve than P-256.
    """
    if isinstance(key, Ed25519PublicKey):
        return multibase.encode(_ED25519 + key.public_bytes_raw())
    if not isinstance(key.curve, SECP256R1):
        raise ValueError("only Ed25519 and P-256 keys are spelt here")  # noqa: TRY004 - the curve is a value
    return multibase.encode(_P256 + key.public_bytes(Encoding.X962, PublicFormat.CompressedPoint))


def decode_public(text: str) -> PublicKey:
    """The key that the text spells.

    Raises:
        Undecided: `key_unsupported`, for another kind of key.
        Defect: `key_malformed`.
    """
    data = multibase.decode(text)
    kind, raw = data[:2], data[2:]
    if kind not in _LENGTHS:
        raise Undecided(Reason.KEY_UNSUPPORTED, "neither Ed25519 nor P-256")
    if len(raw) != _LENGTHS[kind]:
        raise Defect(Reason.KEY_MALFORMED, "wrong length")
    if kind == _ED25519:
        return Ed25519PublicKey.from_public_bytes(raw)
    try:
        return EllipticCurvePublicKey.from_encoded_point(SECP256R1(), raw)
    except ValueError:
        raise Defect(Reason.KEY_MALFORMED, "not a point of P-256") from None
