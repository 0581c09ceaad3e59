"""COSE_Sign1: one payload, one signature, and the headers that say how it was made.

Refuses what names or carries a key that the reader did not already have: the algorithm has to be that of the key, and
nothing in a message is ever taken for a key. Signs with Ed25519 and with ECDSA on P-256, and with nothing else.

Source: RFC 9052, sections 2, 3, 4.2 and 4.4; RFC 9053, sections 2.1 (ES256) and 2.2 (EdDSA).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from verify.errors import Defect, Undecided
from verify.reasons import Reason
from verify.standards import cbor, signatures
from verify.standards.signatures import KeyKind, PublicKey, Signer

TAG = 18
ALGORITHM, CRITICAL, CONTENT_TYPE, KEY_ID = 1, 2, 3, 4
"""Source: RFC 9052, section 3.1, table 3."""

ALGORITHMS: Mapping[KeyKind, int] = {KeyKind.ED25519: -8, KeyKind.P256: -7}
"""Source: RFC 9053, tables 1 and 2. RFC 9864 has newer numbers for the same; few libraries write them yet."""

_CONTEXT = "Signature1"
_PARTS = 4


@dataclass(frozen=True, slots=True)
class Sign1:
    """A message as it was read. `protected` are the bytes that were signed, `headers` what they spell."""

    protected: bytes
    headers: Mapping[int | str, Any]
    unprotected: Mapping[int | str, Any]
    payload: bytes
    signature: bytes


def is_message(data: bytes) -> bool:
    """Whether the bytes begin like a tagged COSE_Sign1."""
    return data[:2] == b"\xd2\x84"


def read(data: bytes) -> Sign1:
    """The message that the bytes spell; nothing of it is believed yet.

    Raises:
        Defect: `statement_malformed`.
    """
    message = cbor.decode(data)
    if not isinstance(message, cbor.Tag) or message.number != TAG:
        raise _malformed("not a tagged COSE_Sign1")
    parts = message.value
    if not isinstance(parts, list) or len(parts) != _PARTS:
        raise _malformed("not four parts")
    protected, unprotected, payload, signature = parts
    bytes_wrong = not all(isinstance(each, bytes) for each in (protected, payload, signature))
    if bytes_wrong or not isinstance(unprotected, dict):
        raise _malformed("a part of another kind")
    headers = cbor.decode(protected) if protected else {}
    if not isinstance(headers, dict) or headers.keys() & unprotected.keys():
        raise _malformed("headers")
    return Sign1(protected, headers, unprotected, payload, signature)


def sign(payload: bytes, signer: Signer, headers: Mapping[int, Any]) -> bytes:
    """The payload as a tagged message with these protected headers and the algorithm of the key.

    Raises:
        Undecided: `key_unsupported`.
    """
    protected = cbor.encode({ALGORITHM: _algorithm_of(signer.public), **headers})
    signature = signer.sign(_to_sign(protected, payload))
    return cbor.encode(cbor.Tag(TAG, [protected, {}, payload, signature]))


def verify(message: Sign1, key: PublicKey, *, external: bytes = b"") -> None:
    """Return where the signature is the key's, with the algorithm of the key and no other.

    Raises:
        Defect: `signature_wrong`, or `key_mismatch` where the headers name another algorithm.
        Undecided: `key_unsupported`, or `algorithm_unsupported` for one that is not known here.
    """
    algorithm = message.headers.get(ALGORITHM)
    if algorithm not in ALGORITHMS.values() or CRITICAL in message.headers:
        raise Undecided(Reason.ALGORITHM_UNSUPPORTED)
    if algorithm != _algorithm_of(key):
        raise Defect(Reason.KEY_MISMATCH, "another algorithm than the key's")
    # Source: RFC 9052, section 3: no protected headers are signed as no bytes, however they were written.
    protected = message.protected if message.headers else b""
    signatures.verify(key, message.signature, _to_sign(protected, message.payload, external))


def _to_sign(protected: bytes, payload: bytes, external: bytes = b"") -> bytes:
    return cbor.encode([_CONTEXT, protected, external, payload])


def _algorithm_of(key: PublicKey) -> int:
    algorithm = ALGORITHMS.get(signatures.kind_of(key))
    if algorithm is None:
        raise Undecided(Reason.KEY_UNSUPPORTED)
    return algorithm


def _malformed(detail: str) -> Defect:
    return Defect(Reason.STATEMENT_MALFORMED, detail)
