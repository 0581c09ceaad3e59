"""Adds to the journal. Nothing here changes or removes a row; the database refuses it too."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from badges.models.journal import JournalRecord


def record(
    session: Session,
    *,
    actor: str,
    action: str,
    object: str,  # noqa: A002 - the journal's own word for what was acted on
    now: datetime,
    organisation_id: int | None = None,
    **details: Any,
) -> None:
    """Write one act: `actor` is `staff:ID`, `person:UUID` or `command`, `object` is `kind:id`.

    `details` must hold no name, rating, phrase or secret: identifiers, numbers and digests only.
    """
    session.add(
        JournalRecord(
            at=now, actor=actor, organisation_id=organisation_id, action=action, object=object, details=details
        )
    )
    session.flush()
