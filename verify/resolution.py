"""From the name of a key to the key: which DID document holds it, and what that document says of it.

A did:key and a did:jwk are computed, a did:web is asked of the key source, every other identifier is left undecided.
Whether the key may speak for an issuer is not decided here.

Source: Controlled Identifiers 1.0, section 3.3 (retrieve a verification method).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from verify.errors import Defect, Undecided
from verify.reasons import Reason
from verify.sources import KeySource
from verify.standards import did as dids
from verify.standards.signatures import PublicKey

_MAX_METHODS = 1_000
_COMPUTED: Mapping[str, Callable[[str], dict[str, Any]]] = {"key": dids.resolve_did_key, "jwk": dids.resolve_did_jwk}


@dataclass(frozen=True, slots=True)
class Method:
    """A verification method and the DID document that it was found in."""

    url: str
    document: dict[str, Any]
    entry: dict[str, Any]

    @property
    def public_key(self) -> PublicKey:
        """The public key.

        Raises:
            Undecided: `key_unsupported`.
            Defect: `key_malformed`.
        """
        return dids.public_key_of(self.entry)

    def is_for(self, purpose: str) -> bool:
        """Whether the document lists the method for this purpose."""
        return any(url == self.url for url, _ in _listed(self.document, purpose))


def did_of(url: str) -> str:
    """The DID part of a DID URL, or of anything written like one."""
    return url.partition("#")[0].partition("?")[0]


def find(url: str, keys: KeySource) -> Method:
    """The verification method with this full DID URL.

    Raises:
        Defect: `key_unknown` where its document does not hold it, `did_invalid`, `key_malformed`.
        Undecided: `key_unreachable`, `did_method_unsupported`, `key_unsupported`.
    """
    document = _document(did_of(url), keys)
    found = [entry for listed, entry in _methods(document) if listed == url]
    if not found:
        raise Defect(Reason.KEY_UNKNOWN)
    if any(entry != found[0] for entry in found):
        raise Defect(Reason.KEY_MALFORMED, "two keys of one name")
    return Method(url, document, found[0])


def find_by_key(did: str, key: PublicKey, keys: KeySource) -> Method:
    """The verification method of the DID that holds this very key.

    Raises:
        Defect: `key_unknown` where its document does not hold it, `did_invalid`.
        Undecided: `key_unreachable`, `did_method_unsupported`.
    """
    document = _document(did, keys)
    for url, entry in _methods(document):
        try:
            if dids.public_key_of(entry) == key:
                return Method(url, document, entry)
        except (Defect, Undecided):
            continue
    raise Defect(Reason.KEY_UNKNOWN)


def _document(did: str, keys: KeySource) -> dict[str, Any]:
    method = dids.method_of(did)
    if method in _COMPUTED:
        return _COMPUTED[method](did)
    if method != "web":
        raise Undecided(Reason.DID_METHOD_UNSUPPORTED, method)
    dids.did_web_url(did)
    document = keys.did_document(did)
    if document is None or document.get("id") != did:
        raise Undecided(Reason.KEY_UNREACHABLE)
    return document


def _methods(document: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Every verification method spelt out in the document, with its full DID URL."""
    members = ("verificationMethod", "assertionMethod", "authentication")
    listed = [each for member in members for each in _listed(document, member)]
    return [(url, entry) for url, entry in listed if entry is not None][:_MAX_METHODS]


def _listed(document: dict[str, Any], member: str) -> list[tuple[str, dict[str, Any] | None]]:
    """What the member lists: the full URL of each method, and the method where it stands there itself."""
    listed = document.get(member)
    urls: list[tuple[str, dict[str, Any] | None]] = []
    for each in listed if isinstance(listed, list) else []:
        name = each.get("id") if isinstance(each, dict) else each
        if isinstance(name, str):
            # Source: DID Core 1.0, section 3.2.2: a relative DID URL is relative to the document's id.
            url = f"{document['id']}{name}" if name.startswith("#") else name
            urls.append((url, each if isinstance(each, dict) else None))
    return urls
