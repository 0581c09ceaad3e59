"""Decentralised identifiers: did:key computed, did:web named; nothing is fetched here.

Refuses did:web on IP addresses (the method forbids them) and names with characters that could lead a fetcher
elsewhere than the reader expects.

Source: did:key method 0.9 (W3C CCG); did:web method (W3C CCG), sections 3.1 and 3.2.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from verify.errors import Defect, Undecided
from verify.reasons import Reason
from verify.standards import multikey
from verify.standards.signatures import PublicKey

_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
_SEGMENT = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*")
_MAX_DID = 512
_MAX_HOST = 253
_MAX_PORT = 65535


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
    """The public key that a verification method spells out.

    Raises:
        Undecided: `key_unsupported`, for a verification method of another type than Multikey.
        Defect: `key_malformed`.
    """
    if method.get("type") != "Multikey":
        raise Undecided(Reason.KEY_UNSUPPORTED, "not a Multikey")
    text = method.get("publicKeyMultibase")
    if not isinstance(text, str):
        raise Defect(Reason.KEY_MALFORMED, "no publicKeyMultibase")
    return multikey.decode_public(text)


def _check_host(host: str) -> None:
    if len(host) > _MAX_HOST or not _HOST.fullmatch(host):
        raise Defect(Reason.DID_INVALID, "host")
    last = host.rpartition(".")[2]
    if last.isdigit() or last.startswith("0x"):
        # No top-level domain is a number: what ends in one is read as an IPv4 address, in whatever base.
        raise Defect(Reason.DID_INVALID, "an IP address")
