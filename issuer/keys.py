"""Signing keys: made, sealed for storage, and opened again.

A sealed key is worthless without the installation's secret, and cannot be moved to another place in the database: the
`context` (organisation and key id) is authenticated with it. Refuses to show a key or a secret, in a repr as in an
error.

Two sealed forms are read and the newer is written. The first knew Ed25519 alone: 32 bytes of key, then its name. The
second holds the length of the name, the name, and the key as PKCS #8, which says of what kind it is.

Source: RFC 5869 (HKDF); NIST SP 800-38D (AES-GCM, 96-bit nonce); RFC 5958 (PKCS #8).
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
    load_der_public_key,
)

from issuer.errors import WrongSecret
from verify.standards import multibase, multikey, signatures
from verify.standards.signatures import KeyKind, LocalSigner, PrivateKey, PublicKey, Signer

SHORTEST_SECRET = 32

_FIRST = b"jalon-key-1\n"
_SECOND = b"jalon-key-2\n"
_SALT, _NONCE, _TAG, _KEY = 16, 12, 16, 32
_NAME_LENGTH = 2


class KeyStore(Protocol):
    """Where private keys live: sealed beside the data, in a hardware token, with a service elsewhere.

    What `create` gives is stored as it is and handed back to `open`: the sealed key itself, or a mere reference to it.
    `context` names the place it is stored in; a store that can, refuses to open it anywhere else.
    """

    def create(self, kind: KeyKind, verification_method: str, context: str) -> bytes:
        """A new key, as the bytes to store."""

    def open(self, stored: bytes, context: str) -> Signer:
        """The signer behind the stored bytes.

        Raises:
            WrongSecret: where they do not open here.
        """


@dataclass(frozen=True, slots=True)
class SealedKeys:
    """Keys sealed under a secret: what is stored is the key itself, encrypted."""

    secret: bytes = field(repr=False)

    def create(self, kind: KeyKind, verification_method: str, context: str) -> bytes:
        """A new key, sealed."""
        return seal(generate(verification_method, kind), self.secret, context)

    def open(self, stored: bytes, context: str) -> LocalSigner:
        """The key that was sealed for this context."""
        return unseal(stored, self.secret, context)


def generate(verification_method: str, kind: KeyKind = KeyKind.ED25519) -> LocalSigner:
    """A new key under that full DID URL.

    Raises:
        ValueError: where the URL has no DID or no fragment.
    """
    did, _, fragment = verification_method.partition("#")
    if not (did.startswith("did:") and fragment):
        raise ValueError("A key is named by a DID URL with a fragment.")
    return LocalSigner(signatures.generate(kind), verification_method)


def seal(key: LocalSigner, secret: bytes, context: str) -> bytes:
    """The key, encrypted under the secret and bound to the context; never the same bytes twice.

    Raises:
        ValueError: where the secret is shorter than 32 bytes.
    """
    salt, nonce = secrets.token_bytes(_SALT), secrets.token_bytes(_NONCE)
    name = key.verification_method.encode()
    plain = len(name).to_bytes(_NAME_LENGTH, "big") + name + _der(key.private)
    return _SECOND + salt + nonce + _cipher(secret, salt, _SECOND).encrypt(nonce, plain, _SECOND + context.encode())


def unseal(sealed: bytes, secret: bytes, context: str) -> LocalSigner:
    """The key that was sealed under this secret for this context, in either form.

    Raises:
        WrongSecret: where secret, context or bytes differ from what they were.
        ValueError: where the secret is shorter than 32 bytes.
    """
    header, body = sealed[: len(_SECOND)], sealed[len(_SECOND) :]
    salt, nonce, encrypted = body[:_SALT], body[_SALT : _SALT + _NONCE], body[_SALT + _NONCE :]
    if header not in (_FIRST, _SECOND) or len(encrypted) < _TAG:
        raise WrongSecret
    try:
        plain = _cipher(secret, salt, header).decrypt(nonce, encrypted, header + context.encode())
    except InvalidTag:
        raise WrongSecret from None
    return _first_form(plain) if header == _FIRST else _second_form(plain)


def write_public(key: PublicKey) -> str:
    """The public key as text to store: a Multikey (`z…`), or for RSA, which has none, its SubjectPublicKeyInfo (`u…`).

    Source: Controlled Identifiers 1.0, section 2.2.2; RFC 5280, section 4.1.2.7.
    """
    if isinstance(key, RSAPublicKey):
        return multibase.encode(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo), "u")
    return multikey.encode_public(key)


def read_public(text: str) -> PublicKey:
    """The public key that `write_public` wrote.

    Raises:
        ValueError: where the text is no such key.
    """
    if not text.startswith("u"):
        return multikey.decode_public(text)
    key = load_der_public_key(multibase.decode(text))
    if not isinstance(key, RSAPublicKey):
        raise ValueError("only an RSA key is written like this")  # noqa: TRY004 - the kind is a value
    return key


def _first_form(plain: bytes) -> LocalSigner:
    return LocalSigner(Ed25519PrivateKey.from_private_bytes(plain[:_KEY]), plain[_KEY:].decode())


def _second_form(plain: bytes) -> LocalSigner:
    end = _NAME_LENGTH + int.from_bytes(plain[:_NAME_LENGTH], "big")
    private = load_der_private_key(plain[end:], None)
    if not isinstance(private, Ed25519PrivateKey | EllipticCurvePrivateKey | RSAPrivateKey):
        raise WrongSecret
    return LocalSigner(private, plain[_NAME_LENGTH:end].decode())


def _der(private: PrivateKey) -> bytes:
    return private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


def _cipher(secret: bytes, salt: bytes, header: bytes) -> AESGCM:
    if len(secret) < SHORTEST_SECRET:
        raise ValueError(f"The secret has fewer than {SHORTEST_SECRET} bytes.")
    return AESGCM(HKDF(SHA256(), _KEY, salt, header).derive(secret))
