"""Pieces of a portfolio: a link to a film, a photograph or a text, and the SHA-256 of the file. Nothing is hosted.

The person adds and removes their own; the coach who follows them adds with them. A file handed in to be measured is
read once and kept nowhere: who sees the link later can tell whether it still shows the same file.
"""

import hashlib
import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO
from urllib.parse import urlsplit

from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from badges.models.evidence import PieceRecord
from badges.services import assessments, journal, round_choices
from badges.services.access import Actor
from badges.services.errors import N_, Invalid, NotFound

LONGEST_TITLE = 120
LONGEST_ADDRESS = 500
MOST_PIECES = 50
SHA256 = re.compile(r"[0-9a-f]{64}")
CHUNK = 1 << 16
NO_PIECE = N_("Cette pièce n’existe pas, ou n’est pas à vous.")


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece as its form says it."""

    title: str
    url: str
    sha256: str
    made_on: date | None
    competences: Sequence[str]


def fingerprint(file: IO[bytes]) -> str:
    """The SHA-256 of what is read from a file, which is kept nowhere; empty where there is nothing to read."""
    digest, any_byte = hashlib.sha256(), False
    while chunk := file.read(CHUNK):
        digest.update(chunk)
        any_byte = True
    return digest.hexdigest() if any_byte else ""


def pieces_of(session: Session, actor: Actor, person_id: uuid.UUID) -> tuple[PieceRecord, ...]:
    """A person's pieces, the latest first: all of theirs for themselves.

    For the coach who follows them, those the person added and those of the structure.

    Raises:
        NotFound: not a person this coach's structures follow. Forbidden: a colleague follows them.
    """
    query = select(PieceRecord).where(PieceRecord.person_id == person_id)
    if actor.person_id != person_id:
        place = assessments.followed_by(session, actor, person_id).organisation_id
        query = query.where(or_(PieceRecord.organisation_id == place, PieceRecord.organisation_id.is_(None)))
    query = query.options(joinedload(PieceRecord.referentiel))
    return tuple(session.scalars(query.order_by(PieceRecord.made_on.desc(), PieceRecord.added_at.desc())))


def add(
    session: Session,
    actor: Actor,
    person_id: uuid.UUID,
    piece: Piece,
    *,
    version_id: int,
    piece_id: uuid.UUID,
    now: datetime,
    today: date,
) -> PieceRecord:
    """A piece added by the person, or by the coach who follows them; the same form sent twice adds one.

    Raises:
        NotFound: not a person this coach's structures follow. Forbidden: a colleague follows them.
        Invalid: a title, an address, a hash, a day or a competence is missing or cannot be used; too many pieces.
    """
    held = pieces_of(session, actor, person_id)
    for one in held:
        if one.id == piece_id:
            return one
    if len(held) >= MOST_PIECES:
        raise Invalid(N_("Gardez au plus %(number)s pièces : retirez-en une d’abord."), number=MOST_PIECES)
    version = round_choices.current_version(session, version_id)
    organisation_id = None
    if actor.person_id is None:
        organisation_id = assessments.followed_by(session, actor, person_id).organisation_id
    row = PieceRecord(
        id=piece_id,
        person_id=person_id,
        organisation_id=organisation_id,
        referentiel_id=version.referentiel_id,
        competences=round_choices.competences(version, piece.competences),
        title=_title(piece.title),
        url=_address(piece.url),
        sha256=_hash(piece.sha256),
        made_on=_made_on(piece.made_on, today),
        added_by=actor.staff_id,
        added_at=now,
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:  # somebody else's, or the same form a moment ago
        return piece_for(session, actor, piece_id)
    _note(session, actor, row, "piece.added", now)
    return row


def piece_for(session: Session, actor: Actor, piece_id: uuid.UUID) -> PieceRecord:
    """A piece that this actor may remove: the person any of theirs, a coach those of their structure.

    Raises:
        NotFound: no such piece, or not this actor's. Forbidden: a colleague follows the person.
    """
    row = session.get(PieceRecord, piece_id, options=[joinedload(PieceRecord.referentiel)])
    if row is None:
        raise NotFound(NO_PIECE)
    if actor.person_id is not None and actor.person_id == row.person_id:
        return row
    if actor.person_id is not None or row.organisation_id is None:
        raise NotFound(NO_PIECE)
    assessments.followed_by(session, actor, row.person_id, organisation_id=row.organisation_id)
    return row


def remove(session: Session, actor: Actor, piece_id: uuid.UUID, *, now: datetime) -> uuid.UUID:
    """Forget the piece; returns whose it was. A badge that names it already keeps naming it.

    Raises:
        NotFound, Forbidden: as `piece_for`.
    """
    row = piece_for(session, actor, piece_id)
    _note(session, actor, row, "piece.removed", now)
    session.delete(row)
    session.flush()
    return row.person_id


def _title(text: str) -> str:
    title = " ".join(text.split())
    if not title or len(title) > LONGEST_TITLE:
        raise Invalid(N_("Donnez un titre : %(number)s caractères au plus."), field="title", number=LONGEST_TITLE)
    return title


def _address(text: str) -> str:
    address = text.strip()
    try:
        parts = urlsplit(address)
        usable = parts.scheme == "https" and parts.hostname is not None and parts.username is None
    except ValueError:
        usable = False
    if not usable or len(address) > LONGEST_ADDRESS or not address.isprintable() or " " in address:
        raise Invalid(N_("Donnez l’adresse complète : elle commence par https://"), field="url")
    return address


def _hash(text: str) -> str:
    digest = "".join(text.split()).lower()
    if not SHA256.fullmatch(digest):
        raise Invalid(N_("Choisissez le fichier, ou écrivez son empreinte SHA-256 : 64 signes."), field="sha256")
    return digest


def _made_on(day: date | None, today: date) -> date:
    if day is None or day > today:
        raise Invalid(N_("Donnez le jour : aujourd’hui, ou un jour passé."), field="made_on")
    return day


def _note(session: Session, actor: Actor, row: PieceRecord, action: str, now: datetime) -> None:
    journal.record(
        session,
        actor=actor.label,
        action=action,
        object=f"piece:{row.id}",
        now=now,
        organisation_id=row.organisation_id,
    )
