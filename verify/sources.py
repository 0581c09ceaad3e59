"""Where the verifier's knowledge comes from: keys, status lists, recognised issuers, witnesses, documents pointed at.

Five protocols, each of which may answer None: "cannot be had", never "fine". The ones here hold everything in memory
or read it from a folder or file that somebody chose to trust; none of them opens a network connection.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from verify.errors import Defect, Unreadable
from verify.standards import documents, timestamps

_MAX_TRUST_BYTES = 64 * 1024 * 1024
_MAX_TRUST_VALUES = 1_000_000
MAX_STATUS_BYTES = 8 * 1024 * 1024
_MEMBERS = frozenset({"did_documents", "status_lists", "recognitions", "documents", "as_of"})
_CLIMBING = re.compile(r"/\.{1,2}(/|\Z)|%|\\")


class TrustUnusable(Exception):  # noqa: N818 - it names what is so, as a reader would say it
    """What was handed in as trusted cannot be used; the message says which file and why."""


@dataclass(frozen=True, slots=True)
class Recognition:
    """Who says that an issuer may issue, on what, and for how long.

    `referentiel` is the address of a référentiel without its version, or None for anything the issuer issues;
    `starts` and `ends` are days in UTC, both included.
    """

    issuer: str
    name: str
    recognised_by: str
    referentiel: str | None
    starts: date
    ends: date | None

    def covers(self, achievement_id: str | None) -> bool:
        """Whether the recognition is about this achievement: its référentiel, in any version."""
        if self.referentiel is None:
            return True
        inside = self.referentiel.rstrip("/") + "/"
        if achievement_id is None or not achievement_id.startswith(inside):
            return False
        # A path that climbs back out would name another référentiel once resolved.
        return not _CLIMBING.search(achievement_id[len(inside) - 1 :].partition("#")[0])

    def in_force(self, at: datetime) -> bool:
        """Whether the day of the moment, in UTC, lies within the recognition."""
        day = at.astimezone(UTC).date()
        return self.starts <= day and (self.ends is None or day <= self.ends)


class KeySource(Protocol):
    """Finds DID documents of the methods that need finding (did:web; a did:key needs none)."""

    def did_document(self, did: str) -> dict[str, Any] | None:
        """The DID document, or None where it cannot be had."""


class StatusSource(Protocol):
    """Finds signed status lists."""

    def status_list(self, url: str) -> bytes | None:
        """The signed list credential, untouched, or None where it cannot be had. The verifier checks it."""


@runtime_checkable
class DatedSource(Protocol):
    """A source of status lists or documents that tells how fresh they are."""

    def known_at(self, url: str) -> datetime | None:
        """The moment for which what it gave for the address is known to be so, or None where that is not known."""


class DocumentSource(Protocol):
    """Finds any other document that a credential points at: parts of an Open Badges 2 badge, a refreshed credential."""

    def document(self, url: str) -> bytes | None:
        """The document, untouched, or None where it cannot be had. Nothing in it is trusted for having been found."""


class WitnessSource(Protocol):
    """Knows journals, kept by somebody whom the reader trusts, that state when a document was there."""

    def witnessed_at(self, digest: str) -> datetime | None:
        """The moment for which a journal states the document, or None where none does.

        `digest` is SHA-256 of the document's exact bytes, in lower-case hexadecimal.
        """


class Schema(Protocol):
    """A JSON Schema, ready to hold documents against."""

    def check(self, document: dict[str, Any]) -> None:
        """Return where the document follows the schema; raises `Defect` where it does not, `Undecided` if untold."""


class SchemaSource(Protocol):
    """Holds the schemas that credentials name."""

    def schema(self, url: str) -> Schema | None:
        """The schema at the address, or None where it is not held."""


class IssuerSource(Protocol):
    """Knows which issuers are recognised."""

    def recognition(self, issuer_id: str, achievement_id: str | None, at: datetime) -> Recognition | None:
        """The recognition that says most about the issuer, or None where the issuer is unknown.

        It need not cover the achievement or be in force at the moment: the verifier asks it. `best_recognition`
        chooses.
        """


def best_recognition(
    recognitions: Iterable[Recognition], achievement_id: str | None, at: datetime
) -> Recognition | None:
    """One that covers the achievement and is in force; else one that covers it; else any; else None."""
    return max(
        recognitions,
        key=lambda each: (each.covers(achievement_id), each.in_force(at)),
        default=None,
    )


@dataclass(frozen=True, slots=True)
class TrustBundle:
    """Keys, status lists, recognitions, documents, schemas in memory; an empty one knows nobody. Is every source.

    `witnessed` maps digests to the moments for which a journal states them; `as_of` is when all of it was gathered,
    where that is known.
    """

    did_documents: Mapping[str, dict[str, Any]] = field(default_factory=dict)
    status_lists: Mapping[str, bytes] = field(default_factory=dict)
    recognitions: tuple[Recognition, ...] = ()
    documents: Mapping[str, bytes] = field(default_factory=dict)
    witnessed: Mapping[str, datetime] = field(default_factory=dict)
    as_of: datetime | None = None
    schemas: Mapping[str, Schema] = field(default_factory=dict)

    def did_document(self, did: str) -> dict[str, Any] | None:
        """The DID document, or None where it is not in the bundle."""
        return self.did_documents.get(did)

    def status_list(self, url: str) -> bytes | None:
        """The signed list credential, or None where it is not in the bundle."""
        return self.status_lists.get(url)

    def document(self, url: str) -> bytes | None:
        """The document at the address, or None where it is not in the bundle."""
        return self.documents.get(url)

    def schema(self, url: str) -> Schema | None:
        """The schema at the address, or None where it is not in the bundle."""
        return self.schemas.get(url)

    def witnessed_at(self, digest: str) -> datetime | None:
        """The moment for which a journal states the document, or None where the bundle knows of none."""
        return self.witnessed.get(digest)

    def known_at(self, url: str) -> datetime | None:
        """When the bundle was gathered, of whatever is in it."""
        return self.as_of if url in self.status_lists or url in self.documents else None

    def recognition(self, issuer_id: str, achievement_id: str | None, at: datetime) -> Recognition | None:
        """The recognition that says most about the issuer, or None where the bundle has none."""
        own = (each for each in self.recognitions if each.issuer == issuer_id)
        return best_recognition(own, achievement_id, at)


def read_trust(path: Path) -> TrustBundle:
    """The trust bundle in a folder or in one JSON file.

    The folder holds `did/*.json`, `status/*.json`, `documents/*.json` and `recognitions.json`. The file holds
    {"did_documents": […], "status_lists": […], "documents": […], "recognitions": […]}, each of them optional. All but
    the recognitions are known by their `id`, whatever their file is called. Beside the recognitions, `as_of` says when
    all of it was gathered: "2026-11-21T09:00:00Z".

    Raises:
        TrustUnusable: where something cannot be read or is not of that shape.
    """
    return _read_folder(path) if path.is_dir() else _read_file(path)


def _read_folder(folder: Path) -> TrustBundle:
    did_documents = [_load(file) for file in sorted((folder / "did").glob("*.json"))]
    listed = folder / "recognitions.json"
    if not (listed.is_file() or (folder / "did").is_dir() or (folder / "status").is_dir()):
        raise TrustUnusable(f"{folder}: neither did/, status/ nor recognitions.json is there")
    recognitions = _load(listed) if listed.is_file() else {}
    return TrustBundle(
        {_id_of(document, folder / "did"): document for document in did_documents},
        _by_id(folder / "status"),
        _recognitions(recognitions, listed),
        _by_id(folder / "documents"),
        as_of=_as_of(recognitions, listed),
    )


def _by_id(folder: Path) -> dict[str, bytes]:
    """The exact bytes of every document in the folder."""
    return {_id_of(_load(file), file): _bytes_of(file) for file in sorted(folder.glob("*.json"))}


def _read_file(path: Path) -> TrustBundle:
    bundle = _load(path)
    unknown = sorted(bundle.keys() - _MEMBERS)
    if unknown:
        raise TrustUnusable(f"{path}: not a trust bundle, it holds {unknown[0]}")
    did_documents = _objects(bundle, "did_documents", path)
    lists = _objects(bundle, "status_lists", path)
    return TrustBundle(
        {_id_of(document, path): document for document in did_documents},
        # Written again from what was read: canonical N-Quads do not depend on how JSON is spaced.
        {_id_of(document, path): documents.dump(document) for document in lists},
        _recognitions(bundle, path),
        {_id_of(document, path): documents.dump(document) for document in _objects(bundle, "documents", path)},
        as_of=_as_of(bundle, path),
    )


def _bytes_of(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise TrustUnusable(f"{file}: {error.strerror or 'cannot be read'}") from None


def _load(file: Path) -> dict[str, Any]:
    try:
        return documents.load(_bytes_of(file), max_bytes=_MAX_TRUST_BYTES, max_values=_MAX_TRUST_VALUES)
    except Unreadable as error:
        raise TrustUnusable(f"{file}: {error}") from None


def _id_of(document: dict[str, Any], file: Path) -> str:
    id_ = document.get("id")
    if not isinstance(id_, str):
        raise TrustUnusable(f"{file}: a document without an id")
    return id_


def _objects(bundle: dict[str, Any], member: str, file: Path) -> list[dict[str, Any]]:
    listed = bundle.get(member, [])
    if not isinstance(listed, list) or not all(isinstance(each, dict) for each in listed):
        raise TrustUnusable(f"{file}: {member} is not a list of objects")
    return listed


def _as_of(bundle: dict[str, Any], file: Path) -> datetime | None:
    try:
        return timestamps.read(bundle["as_of"]) if "as_of" in bundle else None
    except Defect:
        raise TrustUnusable(f"{file}: as_of is not a moment") from None


def _recognitions(bundle: dict[str, Any], file: Path) -> tuple[Recognition, ...]:
    return tuple(_recognition(each, file) for each in _objects(bundle, "recognitions", file))


def _recognition(entry: dict[str, Any], file: Path) -> Recognition:
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
        raise TrustUnusable(f"{file}: a recognition without issuer, or with a wrong date") from None
    texts = (recognition.issuer, recognition.name, recognition.recognised_by, referentiel or "")
    if not all(isinstance(text, str) for text in texts):
        raise TrustUnusable(f"{file}: a recognition whose members are not texts")
    return recognition
