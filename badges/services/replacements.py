"""Badges of ours that a newer one took the place of: told to whoever verifies an old file.

Found in the database is no reason to say valid: this only says « replaced » where the signed status says withdrawn.
"""

import re
import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from badges.models.awards import CORRECTED, REPLACED, CredentialRecord
from badges.services import public_badges
from badges.services.errors import Refused
from badges.services.installation import Installation

_OWN_ADDRESS = re.compile(r"(?:/ob2)?/c/(?P<id>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")


@dataclass(frozen=True, slots=True)
class Replacement:
    """That a newer badge took a badge's place, when, and the newer one, where the person shares it."""

    at: datetime
    credential_id: uuid.UUID | None


def replacement(session: Session, installation: Installation, credential_url: str | None) -> Replacement | None:
    """What took the place of a badge of ours, by its own address of either version; None where nothing did."""
    found = _OWN_ADDRESS.fullmatch((credential_url or "").removeprefix(installation.base_url))
    old = None if found is None else session.get(CredentialRecord, uuid.UUID(found["id"]))
    if old is None or old.revoked_at is None or old.revoked_reason not in {CORRECTED, REPLACED}:
        return None
    now = installation.clock()
    try:
        newer = public_badges.by_credential(session, old.id, now).successor
        shared = None if newer is None else public_badges.by_credential(session, newer, now).credential_id
    except Refused:
        shared = None
    return Replacement(old.revoked_at, shared)
