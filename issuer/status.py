"""Status lists before they are signed, and free places in them.

A place is drawn at random, so that its number tells nobody when a badge was issued or to whom. Refuses to decide what
a set bit means: revocation is final and suspension is not, but that is the caller's rule to keep.

Source: Bitstring Status List 1.0, sections 2.1, 2.2 and 3.1.
"""

from __future__ import annotations

import secrets
from collections.abc import Container
from datetime import datetime
from typing import Any, Literal

from issuer.facts import Issuer
from issuer.status_bits import StatusBits
from verify.standards import documents, status_list, timestamps

ENTRIES = status_list.MINIMUM_ENTRIES
FRESH_FOR_SECONDS = 300
"""How long a reader may do with the list it has. Source: Bitstring Status List 1.0, section 2.2, `ttl`."""
_MOST_DRAWS = 1000

Purpose = Literal["revocation", "suspension"]


class ListFull(Exception):  # noqa: N818 - it names what is so
    """No free place was found: the issuer needs a new list."""


def new_bits() -> StatusBits:
    """The bits of a list on which nothing is set."""
    return StatusBits.of(bytes(status_list.new(ENTRIES)))


def random_free_index(taken: Container[int]) -> int:
    """A place that is not taken, every free one as likely as another.

    Raises:
        ListFull: where a thousand draws met taken places only.
    """
    for _ in range(_MOST_DRAWS):
        index = secrets.randbelow(ENTRIES)
        if index not in taken:
            return index
    raise ListFull


def status_list_credential(
    url: str, issuer: Issuer, purpose: Purpose, bits: StatusBits, now: datetime
) -> dict[str, Any]:
    """The list as an unsigned credential, in force from `now`, without an end: a badge outlives its issuer.

    Its time to live asks readers to look again; it ends nothing.

    Raises:
        ValueError: where `now` has no zone.
    """
    return {
        "@context": [documents.CREDENTIALS_V2],
        "id": url,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer.did,  # the bare DID: the Profile of Open Badges means nothing in this context
        "validFrom": timestamps.write(now),
        "credentialSubject": {
            "id": f"{url}#list",
            "type": "BitstringStatusList",
            "statusPurpose": purpose,
            "encodedList": bits.encoded(),
            "ttl": FRESH_FOR_SECONDS * 1000,
        },
    }
