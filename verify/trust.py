"""Reading what somebody chose to trust: a signed trust bundle, a plain file of the same members, or a folder.

A bundle holds all that verifying takes once its issuers have closed: their DID documents, signed status lists,
recognitions, the digests that a journal states, and the moment for which all of it is so. Whoever gathered it has
signed it. The key stands in the bundle itself, so the signature alone says only that nothing was changed on the way;
whose bundle it is, is told by the key that a reader learnt elsewhere and pins.

Refuses a bundle whose signature is wrong, whoever hands it in, and one of a format that is not known here.

Source: docs/trust-bundle.md; VC-DI-EDDSA, section 3.3 (eddsa-jcs-2022).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from verify import resolution
from verify.errors import Defect, Undecided, Unreadable
from verify.sources import Recognition, TrustBundle
from verify.standards import data_integrity, did, documents, timestamps

FORMAT = "jalon-trust/1"
FILE = "trust.json"
"""What a bundle is called in a folder."""

MAX_BYTES = 64 * 1024 * 1024
_MAX_VALUES = 1_000_000
_PLAIN = frozenset({"did_documents", "status_lists", "recognitions", "documents", "witnessed", "as_of"})
_SIGNED = _PLAIN | {"format", "id", "issuer", "issuers", "proof"}
_SUITE = "eddsa-jcs-2022"
_DIGEST = re.compile(r"[0-9a-f]{64}")


class TrustUnusable(Exception):  # noqa: N818 - it names what is so, as a reader would say it
    """What was handed in as trusted cannot be used; the message says which file and why."""


def read_trust(path: Path, *, signed_by: str | None = None) -> TrustBundle:
    """The trust bundle in a folder or in one JSON file.

    The folder holds a bundle called `trust.json`, beside which only `documents/*.json` are read, and they only where no
    key is pinned; or else `did/*.json`, `status/*.json`, `documents/*.json` and
    `recognitions.json`. The file is a signed bundle, or holds {"did_documents": […], "status_lists": […],
    "documents": […], "recognitions": […], "witnessed": {…}}, each of them optional. All but the recognitions are known
    by their `id`, whatever their file is called. Beside the recognitions, `as_of` says when all of it was gathered:
    "2026-11-21T09:00:00Z". `signed_by` is the did:key of the only key whose signature will do; without one, whatever
    is handed in is trusted.

    Raises:
        TrustUnusable: where something cannot be read, is not of that shape, or is not signed by that key.
    """
    if not path.is_dir():
        return read_bundle(_bytes_of(path), str(path), signed_by=signed_by)
    if (path / FILE).is_file():
        bundle = read_bundle(_bytes_of(path / FILE), str(path / FILE), signed_by=signed_by)
        beside = {} if signed_by is not None else _by_id(path / "documents")
        return replace(bundle, documents={**beside, **bundle.documents})
    if signed_by is not None:
        raise TrustUnusable(f"{path}: no {FILE} in it, and what is there is not signed")
    return _read_folder(path)


def read_bundle(data: bytes, name: str = FILE, *, signed_by: str | None = None) -> TrustBundle:
    """The trust bundle that the bytes spell; `name` is what messages call it.

    Raises:
        TrustUnusable: as `read_trust`.
    """
    bundle = _load(data, name)
    members = _PLAIN if "format" not in bundle else _SIGNED
    unknown = sorted(bundle.keys() - members)
    if unknown:
        raise TrustUnusable(f"{name}: not a trust bundle, it holds {unknown[0]}")
    did_documents = {_id_of(document, name): document for document in _objects(bundle, "did_documents", name)}
    if members is _SIGNED:
        _check_signature(bundle, did_documents, name, signed_by)
    elif signed_by is not None:
        raise TrustUnusable(f"{name}: it is not signed")
    return TrustBundle(
        did_documents,
        # Written again from what was read: no proof in JSON depends on how it is spaced.
        _written(bundle, "status_lists", name),
        _recognitions(bundle, name),
        _written(bundle, "documents", name),
        _witnessed(bundle, name),
        _as_of(bundle, name),
    )


def _check_signature(
    bundle: dict[str, Any], did_documents: Mapping[str, dict[str, Any]], name: str, signed_by: str | None
) -> None:
    """Return where the bundle is signed by a key of its issuer, and that is the pinned one where one is pinned."""
    if bundle["format"] != FORMAT:
        raise TrustUnusable(f"{name}: of a format that is not known here, or newer: {str(bundle['format'])[:40]}")
    proof = bundle.get("proof")
    if not isinstance(proof, dict) or "as_of" not in bundle:
        raise TrustUnusable(f"{name}: without a proof, or without a date")
    try:
        method = resolution.find(_text(proof, "verificationMethod"), TrustBundle(did_documents))
        if resolution.did_of(method.url) != bundle.get("issuer") or not method.is_for(data_integrity.ASSERTION):
            raise TrustUnusable(f"{name}: signed by a key that is not its issuer's")
        if proof.get("cryptosuite") != _SUITE or proof.get("proofPurpose") != data_integrity.ASSERTION:
            raise TrustUnusable(f"{name}: signed in another way than bundles are")
        data_integrity.verify_proof(bundle, proof, method.public_key)
        key = did.did_key(method.public_key)
    except (Defect, Undecided) as stop:
        raise TrustUnusable(f"{name}: its signature is not good ({stop.reason})") from None
    if signed_by is not None and key != signed_by:
        raise TrustUnusable(f"{name}: signed by another key than the one that is trusted: {key}")


def _read_folder(folder: Path) -> TrustBundle:
    did_documents = [_load(_bytes_of(file), str(file)) for file in sorted((folder / "did").glob("*.json"))]
    listed = folder / "recognitions.json"
    if not (listed.is_file() or (folder / "did").is_dir() or (folder / "status").is_dir()):
        raise TrustUnusable(f"{folder}: neither {FILE}, did/, status/ nor recognitions.json is there")
    recognitions = _load(_bytes_of(listed), str(listed)) if listed.is_file() else {}
    return TrustBundle(
        {_id_of(document, str(folder / "did")): document for document in did_documents},
        _by_id(folder / "status"),
        _recognitions(recognitions, str(listed)),
        _by_id(folder / "documents"),
        as_of=_as_of(recognitions, str(listed)),
    )


def _by_id(folder: Path) -> dict[str, bytes]:
    """The exact bytes of every document in the folder."""
    contents = {str(file): _bytes_of(file) for file in sorted(folder.glob("*.json"))}
    return {_id_of(_load(data, name), name): data for name, data in contents.items()}


def _written(bundle: dict[str, Any], member: str, name: str) -> dict[str, bytes]:
    return {_id_of(document, name): documents.dump(document) for document in _objects(bundle, member, name)}


def _bytes_of(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(MAX_BYTES + 1)
    except OSError as error:
        raise TrustUnusable(f"{file}: {error.strerror or 'cannot be read'}") from None


def _load(data: bytes, name: str) -> dict[str, Any]:
    try:
        return documents.load(data, max_bytes=MAX_BYTES, max_values=_MAX_VALUES)
    except Unreadable as error:
        raise TrustUnusable(f"{name}: {error}") from None


def _id_of(document: dict[str, Any], name: str) -> str:
    id_ = document.get("id")
    if not isinstance(id_, str):
        raise TrustUnusable(f"{name}: a document without an id")
    return id_


def _text(node: dict[str, Any], member: str) -> str:
    value = node.get(member)
    return value if isinstance(value, str) else ""


def _objects(bundle: dict[str, Any], member: str, name: str) -> list[dict[str, Any]]:
    listed = bundle.get(member, [])
    if not isinstance(listed, list) or not all(isinstance(each, dict) for each in listed):
        raise TrustUnusable(f"{name}: {member} is not a list of objects")
    return listed


def _as_of(bundle: dict[str, Any], name: str) -> datetime | None:
    try:
        return timestamps.read(bundle["as_of"]) if "as_of" in bundle else None
    except Defect:
        raise TrustUnusable(f"{name}: as_of is not a moment") from None


def _witnessed(bundle: dict[str, Any], name: str) -> dict[str, datetime]:
    stated = bundle.get("witnessed", {})
    if not isinstance(stated, dict) or not all(_DIGEST.fullmatch(digest) for digest in stated):
        raise TrustUnusable(f"{name}: witnessed is not an object of digests")
    try:
        return {digest: timestamps.read(moment) for digest, moment in stated.items()}
    except Defect:
        raise TrustUnusable(f"{name}: a digest is witnessed at no moment") from None


def _recognitions(bundle: dict[str, Any], name: str) -> tuple[Recognition, ...]:
    return tuple(_recognition(each, name) for each in _objects(bundle, "recognitions", name))


def _recognition(entry: dict[str, Any], name: str) -> Recognition:
    try:
        until = entry.get("until")
        referentiel = entry.get("referentiel")
        recognition = Recognition(
            issuer=entry["issuer"],
            name=entry.get("name", ""),
            recognised_by=entry.get("recognised_by", ""),
            referentiel=referentiel,
            starts=date.fromisoformat(entry["from"]),
            ends=None if until is None else date.fromisoformat(until),
        )
    except (KeyError, TypeError, ValueError):
        raise TrustUnusable(f"{name}: a recognition without issuer, or with a wrong date") from None
    texts = (recognition.issuer, recognition.name, recognition.recognised_by, referentiel or "")
    if not all(isinstance(text, str) for text in texts):
        raise TrustUnusable(f"{name}: a recognition whose members are not texts")
    return recognition
