"""Decentralised identifiers: did:key and did:jwk computed, did:web named; nothing is fetched here.

Refuses did:web on IP addresses (the method forbids them) and names with characters that could lead a fetcher
elsewhere than the reader expects.

Source: did:key method 0.9 (W3C CCG); did:web method (W3C CCG), sections 3.1 and 3.2; did:jwk method.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from verify.errors import Defect, Undecided, Unreadable
from verify.reasons import Reason
from verify.standards import documents, jcs, jwk, multikey
from verify.standards.multibase import decode_base64url, encode_base64url
from verify.standards.signatures import KeyKind, PublicKey, kind_of

_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
_SEGMENT = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*")
_MAX_DID = 512
_MAX_DID_JWK = 2_048  # an RSA key of 4,096 bits takes half of it
_MAX_HOST = 253
_MAX_PORT = 65535

_KEY_MEMBERS: Mapping[str, str] = {
    "Multikey": "publicKeyMultibase",
    "JsonWebKey": "publicKeyJwk",
    "JsonWebKey2020": "publicKeyJwk",
    "Ed25519VerificationKey2020": "publicKeyMultibase",
}
"""Where each type of verification method has its key."""
_KEY_MEMBERS_ALL = frozenset(_KEY_MEMBERS.values()) | {
    "publicKeyBase58",
    "publicKeyPem",
    "secretKeyJwk",
    "secretKeyMultibase",
    "privateKeyJwk",
    "privateKeyMultibase",
}


def method_of(did: str) -> str:
    """The method of the DID, such as `key` or `web`; empty where the text is no DID."""
    match = re.match(r"did:([a-z0-9]+):", did)
    return match[1] if match else ""


def did_key(key: PublicKey) -> str:
    """The did:key of a public key."""
    return "did:key:" + multikey.encode_public(key)


def resolve_did_key(did: str) -> dict[str, Any]:
    """The DID document that a did:key stands for, with its one key as a Multikey for assertions.

    Raises:
        Defect: `did_invalid` or `key_malformed`.
        Undecided: `key_unsupported`.
    """
    text = did.removeprefix("did:key:")
    if text == did or not text.startswith("z"):
        raise Defect(Reason.DID_INVALID, "not a did:key")
    multikey.decode_public(text)
    method = f"{did}#{text}"
    return {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": did,
        "verificationMethod": [{"id": method, "type": "Multikey", "controller": did, "publicKeyMultibase": text}],
        "assertionMethod": [method],
        "authentication": [method],
    }


def did_jwk(key: PublicKey) -> str:
    """The did:jwk of a public key."""
    return "did:jwk:" + encode_base64url(jcs.canonicalise(jwk.encode_public(key)))


def resolve_did_jwk(did: str) -> dict[str, Any]:
    """The DID document that a did:jwk stands for, with its one key as `#0`.

    Raises:
        Defect: `did_invalid` or `key_malformed`.
        Undecided: `key_unsupported`.
    """
    text = did.removeprefix("did:jwk:")
    if text == did or len(did) > _MAX_DID_JWK:
        raise Defect(Reason.DID_INVALID, "not a did:jwk")
    try:
        key = documents.load(decode_base64url(text, Reason.DID_INVALID), max_bytes=_MAX_DID_JWK)
    except Unreadable as error:
        raise Defect(Reason.DID_INVALID, error.detail) from None
    jwk.decode_public(key)
    method = f"{did}#0"
    return {
        "@context": [documents.DID, "https://w3id.org/security/jwk/v1"],
        "id": did,
        "verificationMethod": [{"id": method, "type": "JsonWebKey", "controller": did, "publicKeyJwk": key}],
        "assertionMethod": [method],
        "authentication": [method],
    }


def did_web(base_url: str, *path: str) -> str:
    """The did:web of a site, or of a path below it: `did:web:HOST%3APORT:o:SLUG`.

    Raises:
        Defect: `did_invalid`, for an IP address, a base URL with a path of its own, or odd characters.
    """
    parts = urlsplit(base_url)
    try:
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise Defect(Reason.DID_INVALID, "port") from None
    if parts.path.strip("/") or parts.query or parts.fragment or parts.username is not None:
        raise Defect(Reason.DID_INVALID, "the base URL names more than a site")
    did = ":".join(("did:web", host if port is None else f"{host}%3A{port}", *path))
    did_web_url(did)
    return did


def did_web_url(did: str) -> str:
    """The https address of the DID document of a did:web.

    Raises:
        Defect: `did_invalid`.
    """
    name = did.removeprefix("did:web:")
    if name == did or len(did) > _MAX_DID:
        raise Defect(Reason.DID_INVALID, "not a did:web")
    site, *path = name.split(":")
    host, colon, port = site.replace("%3a", "%3A").partition("%3A")
    _check_host(host)
    if colon and not (re.fullmatch(r"[1-9][0-9]{0,4}", port) and int(port) <= _MAX_PORT):
        raise Defect(Reason.DID_INVALID, "port")
    if not all(_SEGMENT.fullmatch(segment) for segment in path):
        raise Defect(Reason.DID_INVALID, "path")
    address = f"https://{host}:{port}" if colon else f"https://{host}"
    return f"{address}/{'/'.join(path) if path else '.well-known'}/did.json"


def public_key_of(method: dict[str, Any]) -> PublicKey:
    """The public key that a verification method spells out: a Multikey or a JsonWebKey, or their forerunners.

    Raises:
        Undecided: `key_unsupported`, for a verification method of another type.
        Defect: `key_malformed`; also where it says two keys, or gives its private half away.
        Source: Controlled Identifiers 1.0, sections 2.2, 2.2.2 and 2.2.3.
    """
    type_ = method.get("type")
    member = _KEY_MEMBERS.get(type_) if isinstance(type_, str) else None
    if member is None:
        raise Undecided(Reason.KEY_UNSUPPORTED, "another type of verification method")
    if not method.keys().isdisjoint(_KEY_MEMBERS_ALL - {member}):
        raise Defect(Reason.KEY_MALFORMED, "two keys in one, or a private one")
    if member == "publicKeyJwk":
        return jwk.decode_public(method.get(member))
    text = method.get(member)
    if not isinstance(text, str):
        raise Defect(Reason.KEY_MALFORMED, "no publicKeyMultibase")
    key = multikey.decode_public(text)
    if type_ == "Ed25519VerificationKey2020" and kind_of(key) is not KeyKind.ED25519:
        raise Defect(Reason.KEY_MALFORMED, "not the kind of key that its type says")
    return key


def _check_host(host: str) -> None:
    if len(host) > _MAX_HOST or not _HOST.fullmatch(host):
        raise Defect(Reason.DID_INVALID, "host")
    last = host.rpartition(".")[2]
    if last.isdigit() or last.startswith("0x"):
        # No top-level domain is a number: what ends in one is read as an IPv4 address, in whatever base.
        raise Defect(Reason.DID_INVALID, "an IP address")
