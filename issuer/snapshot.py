"""The snapshot for phones: keys, recognitions and the bits of every status list, as small as they go, dated and signed.

A trust bundle holds whole documents with their own proofs, for anybody and for ever; this one is for a page that was
opened before and has no network now. Who has pinned the installation's key needs no other proof. Refuses to judge: what
is in it comes from the same tables as the bundle.

Source: docs/offline-code.md, "The snapshot".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from verify import Recognition
from verify.standards import cbor, cose, signatures
from verify.standards.signatures import PublicKey, Signer

VERSION = 1
CONTENT_TYPE = "application/vnd.jalon.snapshot"
REVOCATION, SUSPENSION = 0, 1

_EPOCH = date(1970, 1, 1)
_DIGEST = 16
_MOMENT = 4
_COORDINATE = 32
_SEVEN = 7


@dataclass(frozen=True, slots=True)
class Key:
    """One key of an issuer: the fragment that names it, and since when it is in other hands."""

    fragment: str
    public: PublicKey
    revoked: datetime | None


@dataclass(frozen=True, slots=True)
class Known:
    """An issuer with every key it ever used."""

    did: str
    name: str
    keys: tuple[Key, ...]


@dataclass(frozen=True, slots=True)
class List:
    """A status list: its number, whose it is, what for, and its bits."""

    number: int
    issuer: str
    purpose: int
    bits: bytes


def snapshot(
    *,
    site: str,
    as_of: datetime,
    issuers: Iterable[Known],
    recognitions: Iterable[Recognition],
    lists: Iterable[List],
    witnessed: Mapping[str, datetime],
    signer: Signer,
) -> bytes:
    """The signed snapshot, the same bytes for the same knowledge; `witnessed` are digests in hexadecimal.

    Raises:
        ValueError: a recognition or a list of an issuer who is not among them.
    """
    known = list(issuers)
    place = {issuer.did: number for number, issuer in enumerate(known)}
    payload = {
        0: VERSION,
        1: site,
        2: int(as_of.timestamp()),
        3: [[issuer.did, issuer.name, [_key(key) for key in issuer.keys]] for issuer in known],
        4: [_recognition(each, place[each.issuer]) for each in recognitions],
        5: [[place[each.issuer], each.number, each.purpose, len(each.bits) * 8, gaps(each.bits)] for each in lists],
        6: b"".join(sorted(_witness(digest, at) for digest, at in witnessed.items())),
    }
    fragment = signer.verification_method.partition("#")[2].encode("ascii")
    message = cose.sign(cbor.encode(payload), signer, {cose.CONTENT_TYPE: CONTENT_TYPE, cose.KEY_ID: fragment})
    cose.verify(cose.read(message), signer.public)
    return message


def gaps(bits: bytes) -> bytes:
    """Which bits are set: how many clear ones lie before each, as LEB128 (seven bits a byte, the lowest first)."""
    written = bytearray()
    before = -1
    for place, byte in enumerate(bits):
        if not byte:
            continue
        for bit in range(8):
            if byte & 0x80 >> bit:
                index = place * 8 + bit
                gap, before = index - before - 1, index
                while gap >= 1 << _SEVEN:
                    written.append(gap & 0x7F | 0x80)
                    gap >>= _SEVEN
                written.append(gap)
    return bytes(written)


def _key(key: Key) -> list[object]:
    revoked = [] if key.revoked is None else [int(key.revoked.timestamp())]
    return [key.fragment, *_public(key.public), *revoked]


def _public(public: PublicKey) -> tuple[int, bytes]:
    """The algorithm and the bare key; 0 and nothing for a kind that signs no statements."""
    algorithm = cose.ALGORITHMS.get(signatures.kind_of(public), 0)
    if isinstance(public, Ed25519PublicKey):
        return algorithm, public.public_bytes_raw()
    if algorithm and isinstance(public, EllipticCurvePublicKey):
        numbers = public.public_numbers()
        return algorithm, numbers.x.to_bytes(_COORDINATE, "big") + numbers.y.to_bytes(_COORDINATE, "big")
    return 0, b""


def _recognition(recognition: Recognition, issuer: int) -> list[object]:
    until = [] if recognition.ends is None else [(recognition.ends - _EPOCH).days]
    starts = (recognition.starts - _EPOCH).days
    return [issuer, recognition.recognised_by, recognition.referentiel or "", starts, *until]


def _witness(digest: str, at: datetime) -> bytes:
    return bytes.fromhex(digest)[:_DIGEST] + int(at.timestamp()).to_bytes(_MOMENT, "big")
