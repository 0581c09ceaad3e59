"""Sources that ask the network, within a bound for each verification, and sources asked in turn.

What cannot be had, for whatever reason, is None: the reason goes into the log, with the host and nothing more of the
address. Nothing found here is believed for having been found.

Source: did:web method (W3C CCG), section 3.2 (read); Bitstring Status List 1.0, section 3.2.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from verify.errors import Defect, Unreadable
from verify.fetch_memory import Answer
from verify.fetching import Deadline, Fetcher
from verify.sources import DatedSource, DocumentSource, KeySource, StatusSource
from verify.standards import did as dids
from verify.standards import documents
from verify.web_address import NotFetched, Refusal

SECONDS = 12.0
MOST_FETCHES = 24
"""A badge, its lists and a handful of endorsements: a document that asks for more is asking for something else."""

_DID = "application/did+json, application/did+ld+json, application/json;q=0.9, */*;q=0.1"
_CREDENTIAL = "application/vc+ld+json, application/vc, application/ld+json, application/json;q=0.9, */*;q=0.1"

_log = logging.getLogger(__name__)


class FetchingSources:
    """Keys, status lists and documents from the network, for one verification: so many fetches, so much time.

    Each address is asked for once, whether it answers or not. `before_waiting` is called before the network is: for
    whoever holds something that others wait for.
    """

    def __init__(
        self,
        fetcher: Fetcher,
        *,
        seconds: float = SECONDS,
        most_fetches: int = MOST_FETCHES,
        before_waiting: Callable[[], object] = lambda: None,
    ) -> None:
        self._fetcher = fetcher
        self._before_waiting = before_waiting
        self._deadline = Deadline(seconds)
        self._left = most_fetches
        self._answers: dict[tuple[str, str], Answer | None] = {}
        self._known_at: dict[str, datetime] = {}

    def did_document(self, did: str) -> dict[str, Any] | None:
        """The DID document of a did:web, where its address gives one that says it is."""
        try:
            data = self._get(dids.did_web_url(did), _DID)
            document = None if data is None else documents.load(data)
        except (Defect, Unreadable) as stop:
            _log.info("no DID document: %s", stop.reason)
            return None
        return document if document is not None and document.get("id") == did else None

    def status_list(self, url: str) -> bytes | None:
        """What the address of a status list gives."""
        return self._get(url, _CREDENTIAL)

    def document(self, url: str) -> bytes | None:
        """What the address gives, also where it says that what was there is gone."""
        return self._get(url, _CREDENTIAL, gone=True)

    def known_at(self, url: str) -> datetime | None:
        """When it was fetched, or last confirmed by the host."""
        return self._known_at.get(url)

    def _get(self, url: str, accept: str, *, gone: bool = False) -> bytes | None:
        key = (url, f"{accept} {gone}")
        if key not in self._answers:
            self._answers[key] = self._fetch(url, accept, gone=gone)
        answer = self._answers[key]
        if answer is None:
            return None
        self._known_at[url] = answer.at
        return answer.body

    def _fetch(self, url: str, accept: str, *, gone: bool) -> Answer | None:
        if self._left <= 0:
            _log.info("not fetched: %s", Refusal.ERRAND_BUDGET_SPENT)
            return None
        self._left -= 1
        self._before_waiting()
        try:
            return self._fetcher.fetch(url, accept=accept, deadline=self._deadline, gone=gone)
        except NotFetched as refused:
            _log.info("not fetched: %s", refused)
            return None


class EverySource(KeySource, StatusSource, DocumentSource, DatedSource, Protocol):
    """Keys, status lists and documents from one place."""


@dataclass(frozen=True, slots=True)
class InTurn:
    """Two places: what the first does not have is asked of the second."""

    first: EverySource
    then: EverySource

    def did_document(self, did: str) -> dict[str, Any] | None:
        """The first's DID document, or else the second's."""
        found = self.first.did_document(did)
        return self.then.did_document(did) if found is None else found

    def status_list(self, url: str) -> bytes | None:
        """The first's status list, or else the second's."""
        found = self.first.status_list(url)
        return self.then.status_list(url) if found is None else found

    def document(self, url: str) -> bytes | None:
        """The first's document, or else the second's."""
        found = self.first.document(url)
        return self.then.document(url) if found is None else found

    def known_at(self, url: str) -> datetime | None:
        """The moment that whichever gave it tells."""
        return self.first.known_at(url) or self.then.known_at(url)
