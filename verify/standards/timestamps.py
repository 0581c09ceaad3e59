"""Moments as credentials write them: date, time and zone, always all three.

Refuses a moment without a zone: it would be another moment elsewhere; and one beyond the years 1 to 9999.

Source: Verifiable Credentials Data Model 2.0, section 4.9 (dateTimeStamp of XML Schema 1.1).
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from verify.errors import Defect
from verify.reasons import Reason

_STAMP = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,30})?(?:Z|[+-][0-9]{2}:[0-9]{2})"
)
_LONGEST = 60
_END_OF_DAY = re.compile(r"T24:00:00(?=(?:\.0+)?[Z+-])")


def read(value: Any, reason: Reason = Reason.DATE_INVALID) -> datetime:
    """The moment, in UTC.

    Raises:
        Defect: with the reason given, where the value is no text, has no zone or names no moment.
    """
    moment = _moment(value) if isinstance(value, str) and len(value) <= _LONGEST else None
    if moment is None:
        raise Defect(reason, "not a moment with date, time and zone")
    return moment


@lru_cache(maxsize=4096)
def _moment(text: str) -> datetime | None:
    if not _STAMP.fullmatch(text):
        return None
    # Source: XML Schema 1.1, part 2, section 3.3.7.1: the end of a day is the beginning of the next.
    start, ended = _END_OF_DAY.subn("T00:00:00", text)
    try:
        return datetime.fromisoformat(start).astimezone(UTC) + timedelta(days=ended)
    except (ValueError, OverflowError):
        return None


def write(moment: datetime) -> str:
    """The moment as `YYYY-MM-DDThh:mm:ssZ`; what is below a second is cut off.

    Raises:
        ValueError: where the moment has no zone.
    """
    if moment.tzinfo is None:
        raise ValueError("a moment without a zone cannot be written")
    return moment.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"
