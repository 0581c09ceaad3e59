"""Is the credential in force at this moment?

Both the newer names of the dates and the older ones count, wherever they appear: the latest start and the earliest
end. Dates that cannot be read leave the question open here; `structure` has failed them already.

Source: Verifiable Credentials Data Model 2.0, section 4.9, and 1.1, sections 4.6 and 4.7 (expiration).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from verify.errors import Defect
from verify.reasons import Reason
from verify.report import Check, CheckName
from verify.standards import timestamps

_NAME = CheckName.VALIDITY
_STARTS = ("validFrom", "issuanceDate")
_ENDS = ("validUntil", "expirationDate")


def check(credential: dict[str, Any], now: datetime) -> Check:
    """The check at the moment `now`; both the first and the last moment are within."""
    try:
        starts = _moments(credential, _STARTS)
        ends = _moments(credential, _ENDS)
    except Defect:
        return Check.not_checked(_NAME, Reason.NOT_REACHED)
    if starts and ends and max(starts) > min(ends):
        return Check.failed(_NAME, Reason.DATES_REVERSED)
    if starts and now < max(starts):
        return Check.failed(_NAME, Reason.NOT_YET_VALID)
    if ends and now > min(ends):
        return Check.failed(_NAME, Reason.EXPIRED)
    return Check.passed(_NAME)


def start_of(credential: dict[str, Any]) -> datetime | None:
    """The moment from which the credential is in force, or None where it names none.

    Raises:
        Defect: `date_invalid`.
    """
    return max(_moments(credential, _STARTS), default=None)


def _moments(credential: dict[str, Any], members: tuple[str, ...]) -> list[datetime]:
    return [timestamps.read(credential[member]) for member in members if member in credential]
