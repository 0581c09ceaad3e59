"""The other documents that a credential names together with their digests.

The digests are held against the documents that we have: W3C's contexts, whose bytes come with our dependencies. What a
digest of another document is worth, nobody can say here; it is neither good nor bad.

Source: Verifiable Credentials Data Model 2.0, section 5.3 (integrity of related resources); Subresource Integrity,
section 3.1; Controlled Identifiers 1.0, section 2.5 (Multihash).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from verify.errors import Defect
from verify.reasons import Reason
from verify.standards import documents, multibase
from verify.standards.nodes import Node, is_url, objects_of

_MAX_RESOURCES = 100
_MAX_DIGEST = 400
_HASHES = ("sha256", "sha384", "sha512")
_SIZES = {32: "sha256", 48: "sha384", 64: "sha512"}
_MULTIHASHES = {b"\x12\x20": "sha256", b"\x20\x30": "sha384", b"\x13\x40": "sha512"}
_SRI = re.compile(r"(sha256|sha384|sha512)-([A-Za-z0-9+/]+={0,2})(?:\?[!-~]*)?")

_HELD = (documents.CREDENTIALS_V2, documents.DATA_INTEGRITY, documents.MULTIKEY)
_FORMER: Mapping[str, Mapping[str, str]] = {
    documents.CREDENTIALS_V2: {
        "sha256": "24a18c90e9856d526111f29376e302d970b2bd10182e33959995b0207d7043b9",
        "sha384": "35239c36999d2155312091af194a1edb61634d6ad789a5e5b19f2aebdd762dd9d1dcaada40eda7ef921c6b8c0ae107a0",
    }
}
"""What W3C served at the address until February 2025: who signed before that names it rightly."""


def check(value: Any) -> None:
    """Return where each resource is named once, with a digest, and none that we hold differs from its digest.

    Raises:
        Defect: `related_resource_invalid` or `related_resource_differs`.
    """
    resources = objects_of(value, Reason.RELATED_RESOURCE_INVALID)
    if not 0 < len(resources) <= _MAX_RESOURCES:
        raise Defect(Reason.RELATED_RESOURCE_INVALID, "none, or too many")
    named = [resource.get("id") for resource in resources]
    if not all(is_url(each) for each in named) or len(set(named)) != len(named):
        raise Defect(Reason.RELATED_RESOURCE_INVALID, "id")
    for resource in resources:
        _check_one(resource)


def _check_one(resource: Node) -> None:
    digests = [*_sri_digests(resource), *_multibase_digests(resource)]
    if not digests:
        raise Defect(Reason.RELATED_RESOURCE_INVALID, "no digest")
    editions = _editions(resource["id"])
    for name, digest in digests:
        if editions and all(edition.get(name) != digest for edition in editions):
            raise Defect(Reason.RELATED_RESOURCE_DIFFERS, name)


def _sri_digests(resource: Node) -> list[tuple[str, bytes]]:
    """The digests; Subresource Integrity asks for one that is right, here each has to be."""
    digests = []
    for expression in _text(resource, "digestSRI").split():
        found = _SRI.fullmatch(expression)
        try:
            digest = base64.b64decode(found[2], validate=True) if found else b""
        except binascii.Error:
            digest = b""
        if found is None or _SIZES.get(len(digest)) != found[1]:
            raise Defect(Reason.RELATED_RESOURCE_INVALID, "digestSRI")
        digests.append((found[1], digest))
    return digests


def _multibase_digests(resource: Node) -> list[tuple[str, bytes]]:
    """The digest, which is written as a Multihash or, by many, bare."""
    text = _text(resource, "digestMultibase")
    if not text:
        return []
    try:
        data = multibase.decode(text)
    except Defect:
        raise Defect(Reason.RELATED_RESOURCE_INVALID, "digestMultibase") from None
    name, bare = _MULTIHASHES.get(data[:2]), data[2:]
    if name is not None and _SIZES.get(len(bare)) == name:
        return [(name, bare)]
    if len(data) not in _SIZES:
        raise Defect(Reason.RELATED_RESOURCE_INVALID, "digestMultibase")
    return [(_SIZES[len(data)], data)]


def _text(resource: Node, member: str) -> str:
    value = resource.get(member, "")
    if not isinstance(value, str) or len(value) > _MAX_DIGEST:
        raise Defect(Reason.RELATED_RESOURCE_INVALID, member)
    return value


@cache
def _editions(url: str) -> tuple[Mapping[str, bytes], ...]:
    """The digests, by the name of the hash, of each edition that we know of the document at the address."""
    if url not in _HELD:
        return ()
    data = documents.shipped_bytes(url)
    held = {name: hashlib.new(name, data).digest() for name in _HASHES}
    former = {name: bytes.fromhex(digest) for name, digest in _FORMER.get(url, {}).items()}
    return (held, former) if former else (held,)
