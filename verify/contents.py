"""The documents inside a document: the credentials in a CLR or a presentation, and what others endorse of a badge.

Finds them and reads them, in bounded number; says nothing about whether they are any good, and looks no deeper than
into the document it is handed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any

from verify import intake
from verify.errors import Unreadable
from verify.intake import Presented
from verify.reasons import Reason
from verify.report import Kind
from verify.standards import clr, endorsements, presentations

MAX_MEMBERS = 50
"""In one document handed in, members of members included."""
MAX_ENDORSEMENTS = 20
"""Of one badge."""
MAX_SECONDS = 0.5
"""Of computing, after which no further document inside is opened; fifty badges like ours take a fifth of it."""
MAX_DEPTH = 2
"""A presentation may hold a record, and the record credentials."""


@dataclass(frozen=True, slots=True)
class Inside:
    """One document inside another: what could be read of it, or why nothing could.

    `about` is the id of what an endorsement is attached to, None for a member.
    """

    found: Presented | Reason
    about: str | None = None


def members_of(presented: Presented) -> list[Any]:
    """The credentials inside the document, as they stand; none in what is neither a CLR nor a presentation."""
    if presented.kind is Kind.CLR:
        return clr.members_of(presented.credential)
    if presented.kind is Kind.PRESENTATION:
        return presentations.members_of(presented.credential)
    return []


def read_members(members: Iterable[Any]) -> list[Inside]:
    """Each member, read."""
    return [Inside(_read(member)) for member in members]


def endorsements_of(presented: Presented) -> tuple[list[Inside], bool]:
    """The endorsements in the document, read, and whether there are more of them than are looked at."""
    found = list(islice(endorsements.embedded(presented.credential), MAX_ENDORSEMENTS + 1))
    kept = found[:MAX_ENDORSEMENTS]
    return [Inside(_read(value), about) for about, value in kept], len(found) > len(kept)


def is_about(endorsement: Presented, endorsed: str | None) -> bool:
    """Whether the document is an endorsement of the thing with this id."""
    return endorsement.kind is Kind.ENDORSEMENT and endorsements.endorsed_by(endorsement.credential) == endorsed


def _read(value: Any) -> Presented | Reason:
    try:
        return intake.read_inside(value)
    except Unreadable as error:
        return error.reason
