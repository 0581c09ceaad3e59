"""What a share shows of a signed badge, and whether a file of it would say more.

What is signed cannot be hidden inside its file. So a share that hides something hands out no file of the badge, but
where the badge was signed to be disclosed in part: then the file that is handed out proves exactly what is shown.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from verify import Summary
from verify.standards import documents, ecdsa_sd
from verify.summary import Evidence, summarise

_KEY = 16
# What a reader of a derived badge gets beside what the issuer made mandatory, and what may be left out.
_FRAME = ("/name", "/description", "/image")


@dataclass(frozen=True, slots=True)
class Shows:
    """What a page shows of a badge. `evidence` are the keys of the items shown; None: all, whatever they become."""

    name: bool = True
    levels: bool = True
    words: bool = False
    radar: bool = False
    evidence: frozenset[str] | None = None

    @property
    def whole(self) -> bool:
        """Whether nothing of any badge is hidden."""
        return self.name and self.levels and self.evidence is None


EVERYTHING = Shows()


def of_share(share: Any, evidence: Sequence[str] | None) -> Shows:
    """What a share, or a row that tells the same of one, shows of a badge whose shown evidence is that."""
    return Shows(
        name=share.show_name,
        levels=share.show_levels,
        words=share.show_words,
        radar=share.show_radar,
        evidence=None if evidence is None else frozenset(evidence),
    )


def evidence_key(item: Evidence) -> str:
    """What names an item of evidence: its words, so that other words are another item."""
    words = json.dumps([item.name or "", item.narrative or ""], ensure_ascii=False)
    return hashlib.sha256(words.encode()).hexdigest()[:_KEY]


@lru_cache(maxsize=256)
def summary_of(document: bytes) -> Summary:
    """What a signed badge says."""
    return summarise(documents.load(document), written_as="json")


def hides(document: bytes, shows: Shows) -> bool:
    """Whether the badge says something that is not shown: its file would tell it."""
    if shows.whole:
        return False
    summary = summary_of(document)
    name = summary.holder_name is not None and not shows.name
    levels = bool(summary.results) and not shows.levels
    return name or levels or bool(_hidden(summary.evidence, shows))


def cut(summary: Summary, shows: Shows) -> Summary:
    """The summary without what is not shown."""
    if shows.whole:
        return summary
    hidden = _hidden(summary.evidence, shows)
    return replace(
        summary,
        holder_name=summary.holder_name if shows.name else None,
        identifiers=summary.identifiers if shows.name else (),
        results=summary.results if shows.levels else (),
        evidence=tuple(item for item in summary.evidence if item not in hidden),
    )


@lru_cache(maxsize=256)
def discloses(document: bytes) -> bool:
    """Whether the badge was signed so that parts of it can be shown and still be proved."""
    return any(proof.get("cryptosuite") == ecdsa_sd.ECDSA_SD_2023.name for proof in _proofs(documents.load(document)))


@lru_cache(maxsize=64)
def derived(document: bytes, shows: Shows) -> bytes | None:
    """The badge with what is shown and nothing else, proved by its issuer; None where it was not signed for that."""
    if not discloses(document):
        return None
    whole = documents.load(document)
    pointers = list(_pointers(whole, summary_of(document).evidence, shows))
    return documents.dump(ecdsa_sd.derive(whole, pointers))


def _pointers(document: dict[str, Any], evidence: Sequence[Evidence], shows: Shows) -> Iterable[str]:
    yield from (pointer for pointer in _FRAME if pointer[1:] in document)
    subject = document["credentialSubject"]
    if shows.name and "identifier" in subject:
        yield "/credentialSubject/identifier"
    if shows.levels and "result" in subject:
        yield "/credentialSubject/result"
    hidden = _hidden(evidence, shows)
    yield from (f"/evidence/{place}" for place, item in enumerate(evidence) if item not in hidden)


def _hidden(evidence: Iterable[Evidence], shows: Shows) -> frozenset[Evidence]:
    if shows.evidence is None:
        return frozenset()
    return frozenset(item for item in evidence if evidence_key(item) not in shows.evidence)


def _proofs(document: dict[str, Any]) -> list[dict[str, Any]]:
    found = document.get("proof", [])
    return found if isinstance(found, list) else [found]
