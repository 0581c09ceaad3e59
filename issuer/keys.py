"""Signing keys: made, sealed for storage, and opened again.

A sealed key is worthless without the installation's secret, and cannot be moved to another place in the database: the
`context` (organisation and key id) is authenticated with it. Refuses to show a key or a secret, in a repr as in an
error.

Source: RFC 5869 (HKDF); NIST SP 800-38D (AES-GCM, 96-bit nonce); RFC 8032 (Ed25519).
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from issuer.errors import WrongSecret

SHORTEST_SECRET = 32

_HEADER = b"jalon-key-1\n"
_SALT, _NONCE, _TAG, _KEY = 16, 12, 16, 32


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key and the full DID URL of its verification method (`did:web:…#key-1`)."""

    private: Ed25519PrivateKey = field(repr=False)
    verification_method: str

    @property
    def public(self) -> Ed25519PublicKey:
        """The public half."""
        return self.private.public_key()

    def sign(self, data: bytes) -> bytes:
        """The raw signature over the data."""
        return self.private.sign(data)

    @property
    def did(self) -> str:
        """The DID that the verification method belongs to."""
        return self.verification_method.partition("#")[0]


def generate(verification_method: str) -> SigningKey:
    """A new key under that full DID URL.

    Raises:
        ValueError: where the URL has no DID or no fragment.
    """
    did, _, fragment = verification_method.partition("#")
    if not (did.startswith("did:") and fragment):
        raise ValueError("A key is named by a DID URL with a fragment.")
    return SigningKey(Ed25519PrivateKey.generate(), verification_method)


def seal(key: SigningKey, secret: bytes, context: str) -> bytes:
    """The key, encrypted under the secret and bound to the context; never the same bytes twice.

    Raises:
        ValueError: where the secret is shorter than 32 bytes.
    """
    salt, nonce = secrets.token_bytes(_SALT), secrets.token_bytes(_NONCE)
    plain = key.private.private_bytes_raw() + key.verification_method.encode()
    return _HEADER + salt + nonce + _cipher(secret, salt).encrypt(nonce, plain, _HEADER + context.encode())


def unseal(sealed: bytes, secret: bytes, context: str) -> SigningKey:
    """The key that was sealed under this secret for this context.

    Raises:
        WrongSecret: where secret, context or bytes differ from what they were.
        ValueError: where the secret is shorter than 32 bytes.
    """
    body = sealed.removeprefix(_HEADER)
    salt, nonce, encrypted = body[:_SALT], body[_SALT : _SALT + _NONCE], body[_SALT + _NONCE :]
    if body == sealed or len(encrypted) < _TAG:
        raise WrongSecret
    try:
        plain = _cipher(secret, salt).decrypt(nonce, encrypted, _HEADER + context.encode())
    except InvalidTag:
        raise WrongSecret from None
    return SigningKey(Ed25519PrivateKey.from_private_bytes(plain[:_KEY]), plain[_KEY:].decode())


def _cipher(secret: bytes, salt: bytes) -> AESGCM:
    if len(secret) < SHORTEST_SECRET:
        raise ValueError(f"The secret has fewer than {SHORTEST_SECRET} bytes.")
    return AESGCM(HKDF(SHA256(), _KEY, salt, _HEADER).derive(secret))
