"""Where the verifier's knowledge comes from: keys, status lists, recognised issuers, witnesses, documents pointed at.

Five protocols, each of which may answer None: "cannot be had", never "fine". The one kept here holds everything in
memory; `verify.trust` reads it from what somebody chose to trust. None of them opens a network connection.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Protocol, runtime_checkable

MAX_STATUS_BYTES = 8 * 1024 * 1024
_CLIMBING = re.compile(r"/\.{1,2}(/|\Z)|%|\\")


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
