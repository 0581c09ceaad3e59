"""Adds to the journal, and asks it for what it states. Nothing here changes or removes a row; the database refuses."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from badges.models.journal import JournalRecord, WitnessRecord


def record(
    session: Session,
    *,
    actor: str,
    action: str,
    object: str,  # noqa: A002 - the journal's own word for what was acted on
    now: datetime,
    organisation_id: int | None = None,
    **details: Any,
) -> JournalRecord:
    """Write one act: `actor` is `staff:ID`, `person:UUID` or `command`, `object` is `kind:id`.

    `details` must hold no name, rating, phrase or secret: identifiers, numbers and digests only.
    """
    row = JournalRecord(
        at=now, actor=actor, organisation_id=organisation_id, action=action, object=object, details=details
    )
    session.add(row)
    session.flush()
    return row


def record_all(session: Session, entries: Iterable[dict[str, Any]]) -> None:
    """Write many acts in one statement, each as `entry` gives it."""
    rows = list(entries)
    if rows:
        session.execute(insert(JournalRecord), rows)


def entry(
    *,
    actor: str,
    action: str,
    object: str,  # noqa: A002 - the journal's own word for what was acted on
    now: datetime,
    organisation_id: int | None = None,
    **details: Any,
) -> dict[str, Any]:
    """One act as `record` writes it, not written yet: for many at once."""
    return {
        "at": now,
        "actor": actor,
        "organisation_id": organisation_id,
        "action": action,
        "object": object,
        "details": details,
    }


def state(session: Session, entry: JournalRecord, digests: Iterable[str]) -> None:
    """Let the entry state that documents with these digests (SHA-256, hexadecimal) were there at its moment."""
    session.add_all(WitnessRecord(digest=digest, journal_id=entry.id) for digest in digests)
    session.flush()


def stated_at(session: Session, digest: str) -> datetime | None:
    """The moment for which the journal states a document, or None where it does not."""
    return session.scalar(
        select(JournalRecord.at)
        .join(WitnessRecord, WitnessRecord.journal_id == JournalRecord.id)
        .where(WitnessRecord.digest == digest)
    )
