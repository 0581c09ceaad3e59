"""Everything about one person, as a zip they alone may have: rows, badges with their exact bytes, pages to read.

The rows are gathered once, by `personal`; whatever is in the zip to be read is another writing of them, and no more.
Made a file at a time, so that memory holds one badge at most. What a coach or a tutor answered in a round that is not
revealed yet is left out until it is, as on every page: the manifest says so. What a company typed and has not sent is
not the person's, nor is the name of whoever only looked. Secrets of the service are no data of theirs and stay out too.
"""

import base64
import enum
import hashlib
import json
import uuid
import zipfile
from collections.abc import Collection, Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime
from io import RawIOBase
from typing import Any

from sqlalchemy import Table, select
from sqlalchemy.orm import Session, joinedload

from badges.models.assessments import Rater, RoundRecord
from badges.models.awards import AssertionRecord, AwardRecord, CredentialRecord
from badges.models.evidence import GroupSessionRecord
from badges.models.people import OrganisationRecord, PersonRecord, StaffRecord
from badges.models.referentiels import VersionRecord
from badges.services import access, assessments, inventory, journal, people, person_rows, pictures
from badges.services.access import Actor
from badges.services.errors import NotFound
from badges.services.installation import Installation
from verify.standards import timestamps

FORMAT = "jalon-personal-export/1"
SIGNED_BYTES = {"document", "token"}
"""Columns that hold signed bytes: they are files of the zip, to the byte."""

Rows = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class GroupSession:
    """What a group session was that a person took part in: neither who else was there, nor what was seen of them."""

    activity: str
    place: str
    held_on: date


@dataclass(frozen=True, slots=True)
class Personal:
    """Every row about a person that is theirs to have, by table; how many answers wait for their round to be revealed.

    `staff`, `organisations` and `group_sessions` tell what is meant by the numbers that stand in the rows.
    """

    tables: Rows
    staff: dict[int, str]
    organisations: dict[int, str]
    group_sessions: dict[uuid.UUID, GroupSession]
    waiting: int


def allow(session: Session, installation: Installation, actor: Actor, pin: str, now: datetime) -> bool:
    """Whether the person may have their export now: the PIN is right. The caller commits either way.

    Raises:
        NotFound: the actor is no person. TooMany: too many wrong PINs, or too many exports within the hour.
    """
    person = session.get(PersonRecord, actor.person_id, with_for_update=True) if actor.person_id else None
    if person is None:
        raise NotFound(people.UNKNOWN)
    if not people.confirm_pin(session, person, pin, installation.secret, now):
        return False
    access.count_guess(session, "export", str(person.id), installation.secret, now)
    journal.record(session, actor=actor.label, action="person.exported", object=f"person:{person.id}", now=now)
    return True


def personal(session: Session, person_id: uuid.UUID) -> Personal:
    """The rows about the person, without secrets and without what is not revealed yet."""
    blind = {
        row.id
        for row in session.scalars(select(RoundRecord).where(RoundRecord.person_id == person_id))
        if not assessments.revealed(row)
    }
    tables: Rows = {}
    waiting = 0
    for table in person_rows.tables():
        names = _exported(table)
        found = session.execute(
            select(*(table.c[name] for name in names))
            .where(person_rows.of(table, person_id))
            .order_by(*table.primary_key)
        )
        rows = [dict(row._mapping) for row in found]  # noqa: SLF001 - SQLAlchemy's own public name for it
        if table.name == "ratings":
            shown = [row for row in rows if row["rater"] == Rater.SELF or row["round_id"] not in blind]
            waiting, rows = waiting + len(rows) - len(shown), shown
        if table.name == "tutor_views":
            waiting += sum(1 for row in rows if row["round_id"] in blind)
            rows = [row | {"answers": None} if _is_kept_back(row, blind) else row for row in rows]
        if rows:
            tables[table.name] = rows
    return Personal(
        tables,
        staff=_named(session, tables, StaffRecord),
        organisations=_named(session, tables, OrganisationRecord),
        group_sessions=_group_sessions(session, tables),
        waiting=waiting,
    )


def _is_kept_back(view: dict[str, Any], blind: Collection[uuid.UUID]) -> bool:
    """Whether what a company answered is not the person's to read: not sent yet, or not before the talk."""
    return view["sent_at"] is None or view["round_id"] in blind


def stream(
    session: Session,
    person_id: uuid.UUID,
    found: Personal,
    extras: Iterable[tuple[str, bytes]],
    now: datetime,
) -> Iterator[bytes]:
    """The zip, in pieces: `donnees.json`, `extras` (pages to read: name and content), badges, `manifest.json`."""
    pipe = _Pipe()
    listed: list[dict[str, Any]] = []
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in _files(session, person_id, found, extras):
            listed.append({"name": name, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()})
            archive.writestr(name, content)
            yield pipe.taken()
        archive.writestr("manifest.json", _json(_manifest(found, listed, now)))
    yield pipe.taken()


class _Pipe(RawIOBase):
    """What the zip is written to, and taken from in pieces; nothing seeks in it."""

    def __init__(self) -> None:
        super().__init__()
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, data: Any) -> int:
        """Keep a piece."""
        self._pieces.append(bytes(data))
        return len(data)

    def taken(self) -> bytes:
        """What was written since the last time."""
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)


def _files(
    session: Session,
    person_id: uuid.UUID,
    found: Personal,
    extras: Iterable[tuple[str, bytes]],
) -> Iterator[tuple[str, bytes]]:
    rows = {
        "tables": found.tables,
        "equipe": found.staff,
        "organisations": found.organisations,
        "seances": {str(number): asdict(one) for number, one in found.group_sessions.items()},
    }
    yield "donnees.json", _json(rows)
    yield from extras
    numbers = session.scalars(
        select(CredentialRecord.id)
        .join(AwardRecord, AwardRecord.id == CredentialRecord.award_id)
        .where(AwardRecord.person_id == person_id)
        .order_by(CredentialRecord.issued_at, CredentialRecord.id)
    ).all()
    for place, number in enumerate(numbers, start=1):
        yield from _badge(session, number, place)


def _badge(session: Session, credential_id: uuid.UUID, place: int) -> Iterator[tuple[str, bytes]]:
    """The files of one badge: the signed bytes as they are, the pictures that carry them, every other signed form."""
    credential = session.get_one(
        CredentialRecord,
        credential_id,
        options=[
            joinedload(CredentialRecord.signer),
            joinedload(CredentialRecord.award).joinedload(AwardRecord.version).joinedload(VersionRecord.referentiel),
        ],
    )
    award, document = credential.award, credential.document
    name = f"badges/{place:03}-{award.badge_code}"
    picture = pictures.picture_of_award(
        award.version,
        award.badge_code,
        award.results,
        issuer=credential.signer.name,
        year=credential.issued_at.year,
    )
    yield f"{name}.json", document
    yield f"{name}.png", pictures.baked_png(picture, document)
    yield f"{name}.svg", pictures.baked_svg(picture, document)
    if credential.token is not None:
        yield f"{name}.jwt", credential.token
    older = session.scalar(select(AssertionRecord.document).where(AssertionRecord.credential_id == credential_id))
    if older is not None:
        yield f"{name}-open-badges-2.jws", older


def _exported(table: Table) -> list[str]:
    """The columns of a table that the person receives."""
    return [
        name
        for part in inventory.TABLES[table.name]
        if part.exported
        for name in part.names
        if name not in SIGNED_BYTES
    ]


def _named(session: Session, tables: Rows, record: type[StaffRecord | OrganisationRecord]) -> dict[int, str]:
    """The members of staff or the organisations whose numbers stand in the rows, by name."""
    numbers = _numbers(tables, record.__tablename__)
    rows = session.execute(select(record.id, record.name).where(record.id.in_(numbers)))
    return {row.id: row.name for row in rows}


def _group_sessions(session: Session, tables: Rows) -> dict[uuid.UUID, GroupSession]:
    numbers = _numbers(tables, GroupSessionRecord.__tablename__)
    rows = session.scalars(select(GroupSessionRecord).where(GroupSessionRecord.id.in_(numbers)))
    return {row.id: GroupSession(row.activity, row.place, row.held_on) for row in rows}


def _numbers(tables: Rows, target: str) -> set[Any]:
    """What stands in the rows to lead to another table."""
    pointing = {
        (table.name, key.parent.name)
        for table in person_rows.tables()
        for key in table.foreign_keys
        if key.column.table.name == target
    }
    return {row[name] for table, name in pointing for row in tables.get(table, ()) if row.get(name) is not None}


def _manifest(found: Personal, files: list[dict[str, Any]], now: datetime) -> dict[str, Any]:
    """What is in the zip, what each table is for, how long it is kept, and what is left out for now."""
    return {
        "format": FORMAT,
        "made_at": timestamps.write(now),
        "files": files,
        "tables": {
            table: {
                "rows": len(rows),
                "purpose": inventory.TABLES[table][0].activity.title,
                "basis": inventory.TABLES[table][0].activity.basis,
                "kept": inventory.TABLES[table][0].activity.retention,
            }
            for table, rows in found.tables.items()
        },
        "left_out": {"answers_of_rounds_not_revealed": found.waiting},
    }


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1, default=_plain) + "\n").encode()


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return timestamps.write(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, enum.Enum):
        return value.value
    return base64.b64encode(value).decode() if isinstance(value, bytes) else str(value)
