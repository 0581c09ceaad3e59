"""Does somebody whom this installation trusts recognise the issuer, for this badge, at the time it was issued?

An unknown issuer is unknown, not false: the check is never failed, only not made. The moment that counts is the start
of the credential's validity, so that a badge outlives the recognition under which it was earned.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from verify.checks import validity
from verify.errors import Defect
from verify.reasons import Reason
from verify.report import Check, CheckName
from verify.sources import IssuerSource
from verify.standards import credentials

_NAME = CheckName.ISSUER_RECOGNISED


def check(credential: dict[str, Any], issuers: IssuerSource, now: datetime) -> Check:
    """The check; a credential without a start of validity is asked about at `now`."""
    issuer = credentials.issuer_id_of(credential)
    try:
        at = validity.start_of(credential) or now
    except Defect:
        return Check.not_checked(_NAME, Reason.NOT_REACHED)
    if issuer is None:
        return Check.not_checked(_NAME, Reason.NOT_REACHED)
    return recognised(issuers, issuer, _achievement_id(credential), at)


def recognised(issuers: IssuerSource, issuer: str, achievement: str | None, at: datetime) -> Check:
    """The check for an issuer, an achievement and a moment."""
    recognition = issuers.recognition(issuer, achievement, at)
    if recognition is None:
        return Check.not_checked(_NAME, Reason.ISSUER_UNKNOWN)
    if not recognition.covers(achievement):
        return Check.not_checked(_NAME, Reason.RECOGNITION_NOT_COVERING)
    if not recognition.in_force(at):
        return Check.not_checked(_NAME, Reason.RECOGNITION_EXPIRED)
    return Check.passed(_NAME)


def _achievement_id(credential: dict[str, Any]) -> str | None:
    node: Any = credential
    for member in ("credentialSubject", "achievement"):
        value = node.get(member) if isinstance(node, dict) else None
        node = value[0] if isinstance(value, list) and len(value) == 1 else value
    named = node.get("id") if isinstance(node, dict) else None
    return named if isinstance(named, str) else None
