"""The status lists that the conformance server refers to: one for revocation, one for suspension, in memory.

Source: Bitstring Status List 1.0, sections 2.1 and 3.2.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from issuer import status
from issuer.facts import Issuer
from issuer.status import Purpose
from issuer.status_bits import StatusBits

PURPOSES: tuple[Purpose, ...] = ("revocation", "suspension")
_MOST_CREDENTIALS = 50_000


@dataclass(slots=True)
class Statuses:
    """Bits by purpose, and the place that each credential was given, by its id."""

    base: str
    did: str
    _bits: dict[Purpose, StatusBits] = field(default_factory=lambda: dict.fromkeys(PURPOSES, status.new_bits()))
    _places: dict[str, int] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def entries(self, credential_id: str | None) -> list[dict[str, Any]]:
        """Fresh status entries for a credential, one per purpose, at one place drawn at random.

        Raises:
            ListFull: where no place is left.
        """
        with self._lock:
            if len(self._places) >= _MOST_CREDENTIALS:
                raise status.ListFull
            place = status.random_free_index(frozenset(self._places.values()))
            self._places[credential_id or f"{self.base}/status#{place}"] = place
        return [
            {
                "id": f"{self.url(purpose)}#{place}",
                "type": "BitstringStatusListEntry",
                "statusPurpose": purpose,
                "statusListIndex": str(place),
                "statusListCredential": self.url(purpose),
            }
            for purpose in PURPOSES
        ]

    def change(self, credential_id: str, purpose: Purpose, *, value: bool) -> bool:
        """Set or clear a credential's bit; whether the credential is known."""
        with self._lock:
            place = self._places.get(credential_id)
            if place is None:
                return False
            self._bits[purpose] = self._bits[purpose].with_bit(place, value=value)
        return True

    def url(self, purpose: Purpose) -> str:
        """Where the list of that purpose is served."""
        return f"{self.base}/status/{purpose}"

    def unsigned(self, purpose: Purpose, now: datetime) -> dict[str, Any]:
        """The list as an unsigned credential."""
        issuer = Issuer(did=self.did, name="Jalon", url=self.base)
        return status.status_list_credential(self.url(purpose), issuer, purpose, self._bits[purpose], now)
