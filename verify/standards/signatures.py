"""Keys and raw signatures. The key decides the algorithm; nothing in a message ever does.

Knows four kinds of key and one algorithm for each, and refuses every other. An ECDSA signature is the two numbers one
behind the other, each as long as the curve; never DER.

Source: RFC 8032 (Ed25519); FIPS 186-5, section 6 (ECDSA), with SHA-256 on P-256 and SHA-384 on P-384 as RFC 7518,
section 3.4, pairs them; RFC 8017, section 8.2 (RSASSA-PKCS1-v1_5) with SHA-256.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256, SHA384

from verify.errors import Defect, Undecided
from verify.reasons import Reason

PublicKey = Ed25519PublicKey | EllipticCurvePublicKey | RSAPublicKey
PrivateKey = Ed25519PrivateKey | EllipticCurvePrivateKey | RSAPrivateKey

LEAST_RSA_BITS, MOST_RSA_BITS = 2048, 4096
"""Source: RFC 7518, section 3.3, for the least; beyond the most, checking costs more than a badge is worth."""
_RSA_EXPONENT = 65537


class KeyKind(StrEnum):
    """The kinds of key that are known here."""

    ED25519 = "Ed25519"
    P256 = "P-256"
    P384 = "P-384"
    RSA = "RSA"


class Signer(Protocol):
    """Whoever holds a private key: a file, a token, a service elsewhere."""

    @property
    def public(self) -> PublicKey:
        """The public half."""

    @property
    def verification_method(self) -> str:
        """The full DID URL of the key."""

    def sign(self, data: bytes) -> bytes:
        """The raw signature over the data, with the one algorithm that the key's kind allows."""


@dataclass(frozen=True, slots=True)
class LocalSigner:
    """A private key in memory."""

    private: PrivateKey = field(repr=False)
    verification_method: str

    @property
    def public(self) -> PublicKey:
        """The public half."""
        return self.private.public_key()

    def sign(self, data: bytes) -> bytes:
        """The raw signature over the data."""
        return sign(self.private, data)


def generate(kind: KeyKind) -> PrivateKey:
    """A new private key of that kind; RSA keys have 2048 bits."""
    if kind is KeyKind.ED25519:
        return Ed25519PrivateKey.generate()
    if kind is KeyKind.RSA:
        return rsa.generate_private_key(_RSA_EXPONENT, LEAST_RSA_BITS)
    return ec.generate_private_key(ec.SECP256R1() if kind is KeyKind.P256 else ec.SECP384R1())


def kind_of(key: PublicKey) -> KeyKind:
    """The kind of the key.

    Raises:
        Undecided: `key_unsupported`, for another curve or an RSA key of another size than is taken here.
    """
    if isinstance(key, Ed25519PublicKey):
        return KeyKind.ED25519
    if isinstance(key, RSAPublicKey):
        if LEAST_RSA_BITS <= key.key_size <= MOST_RSA_BITS:
            return KeyKind.RSA
        raise Undecided(Reason.KEY_UNSUPPORTED, f"RSA with {key.key_size} bits")
    if isinstance(key.curve, ec.SECP256R1):
        return KeyKind.P256
    if isinstance(key.curve, ec.SECP384R1):
        return KeyKind.P384
    raise Undecided(Reason.KEY_UNSUPPORTED, key.curve.name)


def sign(key: PrivateKey, data: bytes) -> bytes:
    """The raw signature over the data.

    Raises:
        Undecided: `key_unsupported`.
    """
    kind = kind_of(key.public_key())
    if isinstance(key, Ed25519PrivateKey):
        return key.sign(data)
    if isinstance(key, RSAPrivateKey):
        return key.sign(data, padding.PKCS1v15(), SHA256())
    first, second = decode_dss_signature(key.sign(data, _ECDSA[kind]))
    return first.to_bytes(_HALF[kind], "big") + second.to_bytes(_HALF[kind], "big")


def verify(key: PublicKey, signature: bytes, data: bytes) -> None:
    """Return where the signature is the key's over the data.

    Raises:
        Defect: `signature_wrong`.
        Undecided: `key_unsupported`.
    """
    kind = kind_of(key)
    try:
        if isinstance(key, Ed25519PublicKey):
            key.verify(signature, data)
        elif isinstance(key, RSAPublicKey):
            key.verify(signature, data, padding.PKCS1v15(), SHA256())
        else:
            key.verify(_der(signature, _HALF[kind]), data, _ECDSA[kind])
    except InvalidSignature:
        raise Defect(Reason.SIGNATURE_WRONG) from None


def _der(signature: bytes, half: int) -> bytes:
    if len(signature) != 2 * half:
        raise InvalidSignature
    return encode_dss_signature(int.from_bytes(signature[:half], "big"), int.from_bytes(signature[half:], "big"))


_HALF: Mapping[KeyKind, int] = {KeyKind.P256: 32, KeyKind.P384: 48}
_ECDSA: Mapping[KeyKind, ec.ECDSA] = {
    # A repeated or guessed random number gives the key away; without one there is nothing to get wrong.
    # Source: RFC 6979; VC-DI-ECDSA, section 4.2.
    KeyKind.P256: ec.ECDSA(SHA256(), deterministic_signing=True),
    KeyKind.P384: ec.ECDSA(SHA384(), deterministic_signing=True),
}
