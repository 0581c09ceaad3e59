"""The keyring as one encrypted file: made while all is well, brought back once database or secret are lost.

It holds what the addresses signed into badges need to go on answering, and what signing needs to go on: the
installation's secret, every key as its store keeps it, the organisations they belong to, and their status lists. It is
no copy of the database: people, assessments and awards are not in it, nor what the journal states.

Refuses to overwrite: what is there already stays, and what contradicts it stops everything. A list brought back takes
no further badge, because nobody knows which of its places were given since; new lists leave a gap behind the numbers
that may have been given since, so that no address ever means two lists.

Source: RFC 9106, section 4 (argon2id, the second recommended option); NIST SP 800-38D (AES-GCM).
"""

import base64
import json
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from badges.models.people import OrganisationKind, OrganisationRecord
from badges.models.status import KeyRecord, StatusListRecord
from badges.services import installation as installations
from badges.services import journal, status
from badges.services.errors import N_, Conflict, Invalid
from badges.services.installation import Installation
from badges.settings import Settings
from verify.standards import timestamps
from verify.standards.signatures import KeyKind

FORMAT = "jalon-keyring/1"
SHORTEST_PASSPHRASE = 12
GAP = 1000
"""How many list numbers are left out after a restore."""

_HEADER = b"jalon-keyring-1\n"
_SALT, _NONCE, _KEY = 16, 12, 32
_PASSES, _KIBIBYTES, _LANES = 3, 64 * 1024, 4

_Node = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back: how many keys and lists were missing, and whether the secret was."""

    keys: int
    lists: int
    secret: bool


def backup(session: Session, installation: Installation, passphrase: str, now: datetime) -> bytes:
    """The keyring, encrypted under the passphrase.

    Raises:
        Invalid: the passphrase is too short.
    """
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise Invalid(
            N_("La phrase secrète est trop courte : au moins %(least)s caractères."), least=SHORTEST_PASSPHRASE
        )
    contents = {
        "format": FORMAT,
        "made": timestamps.write(now),
        "base_url": installation.base_url,
        "secret": _text(installation.secret),
        "organisations": [_organisation(row) for row in session.scalars(select(OrganisationRecord))],
        "keys": [_key(row) for row in session.scalars(select(KeyRecord).order_by(KeyRecord.id))],
        "lists": [_list(row) for row in session.scalars(select(StatusListRecord).order_by(StatusListRecord.id))],
    }
    salt, nonce = secrets.token_bytes(_SALT), secrets.token_bytes(_NONCE)
    return _HEADER + salt + nonce + _cipher(passphrase, salt).encrypt(nonce, json.dumps(contents).encode(), _HEADER)


def restore(settings: Settings, file: bytes, passphrase: str, *, now: datetime) -> Restored:
    """Bring back what is missing: the secret's file, tables, organisations, keys, lists.

    Raises:
        Invalid: no such file, or another passphrase.
        Conflict: what is there already is another installation's, or another key of the same name.
        SettingsError: as `installation.prepare`.
    """
    contents = _opened(file, passphrase)
    if settings.base_url_given and settings.base_url != contents["base_url"]:
        raise Conflict(N_("Cette sauvegarde est celle de %(address)s."), address=contents["base_url"])
    secret = _bytes(contents["secret"])
    written = installations.bring_back(settings, contents["base_url"], secret)
    with installations.opened(settings) as installation, installation.database.writing() as session:
        organisations = {each["slug"]: _bring_organisation(session, each) for each in contents["organisations"]}
        keys = [_bring_key(session, each, organisations) for each in contents["keys"]]
        lists = [row for row in (_bring_list(session, each, organisations) for each in contents["lists"]) if row]
        _open_lists(session, installation, lists, now)
        journal.record(
            session,
            actor="command",
            action="keyring.restored",
            object="keyring:1",
            now=now,
            keys=sum(keys),
            lists=len(lists),
        )
        session.commit()
    return Restored(sum(keys), len(lists), written)


def _opened(file: bytes, passphrase: str) -> _Node:
    salt, nonce, encrypted = (
        file[len(_HEADER) :][:_SALT],
        file[len(_HEADER) + _SALT :][:_NONCE],
        file[len(_HEADER) + _SALT + _NONCE :],
    )
    if not file.startswith(_HEADER) or len(nonce) != _NONCE:
        raise Invalid(N_("Ce fichier n’est pas une sauvegarde du trousseau."))
    try:
        plain = _cipher(passphrase, salt).decrypt(nonce, encrypted, _HEADER)
    except InvalidTag:
        raise Invalid(N_("La phrase secrète n’ouvre pas cette sauvegarde, ou le fichier est abîmé.")) from None
    contents: _Node = json.loads(plain)
    if contents["format"] != FORMAT:
        raise Invalid(N_("Ce fichier n’est pas une sauvegarde du trousseau."))
    return contents


def _bring_organisation(session: Session, kept: _Node) -> OrganisationRecord:
    row = session.scalar(select(OrganisationRecord).where(OrganisationRecord.slug == kept["slug"]))
    if row is None:
        moments = {member: _moment(kept[member]) for member in ("created_at", "closed_at")}
        row = OrganisationRecord(**{**kept, **moments, "kind": OrganisationKind(kept["kind"])})
        session.add(row)
        session.flush()
    return row


def _bring_key(session: Session, kept: _Node, organisations: dict[str, OrganisationRecord]) -> bool:
    """Whether the key was missing; of one that is there, what was known of its end is kept."""
    organisation = organisations.get(kept["organisation"])
    owner = None if organisation is None else organisation.id
    same_name = select(KeyRecord).where(KeyRecord.organisation_id.is_not_distinct_from(owner))
    row = session.scalar(same_name.where(KeyRecord.fragment == kept["fragment"]))
    if row is None:
        session.add(
            KeyRecord(
                organisation_id=owner,
                fragment=kept["fragment"],
                kind=KeyKind(kept["kind"]),
                public_key=kept["public_key"],
                sealed=_bytes(kept["sealed"]),
                **{member: _moment(kept[member]) for member in ("created_at", "retired_at", "revoked_at")},
            )
        )
        session.flush()
    elif row.public_key != kept["public_key"]:
        raise Conflict(N_("La clé « %(key)s » est là, et ce n’est pas celle de la sauvegarde."), key=kept["fragment"])
    return row is None


def _bring_list(session: Session, kept: _Node, organisations: dict[str, OrganisationRecord]) -> StatusListRecord | None:
    """The list where it was missing, closed to new badges; one that is there is newer and stays."""
    organisation = organisations[kept["organisation"]]
    there = session.get(StatusListRecord, kept["id"])
    if there is not None:
        if there.organisation_id != organisation.id:
            raise Conflict(
                N_("La liste d’états %(number)s est là, et elle est d’une autre organisation."), number=there.id
            )
        return None
    row = StatusListRecord(
        **{member: kept[member] for member in ("id", "purpose", "suspension_list_id", "revision", "proof")},
        organisation_id=organisation.id,
        bits=_bytes(kept["bits"]),
        document=_bytes(kept["document"]),
        taken=max(kept["taken"], status.MOST_TAKEN),
        updated_at=_moment(kept["updated_at"]),
    )
    session.add(row)
    session.flush()
    return row


def _open_lists(session: Session, installation: Installation, lists: list[StatusListRecord], now: datetime) -> None:
    """Give every organisation whose lists came back a fresh pair, numbered behind the gap."""
    if not lists:
        return
    following = session.scalars(select(func.max(StatusListRecord.id))).one() + GAP
    for organisation_id in dict.fromkeys(row.organisation_id for row in lists):
        organisation = session.get_one(OrganisationRecord, organisation_id)
        status.open_pair(session, installation, organisation, now, numbers=(following, following + 1))
        following += 2
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT setval(pg_get_serial_sequence('status_lists', 'id'), :last)"), {"last": following})


def _organisation(row: OrganisationRecord) -> _Node:
    plain = ("slug", "name", "territory", "url", "phone", "word_for_person", "address_form", "proof", "token")
    return {
        **{member: getattr(row, member) for member in plain},
        "kind": row.kind.value,
        "created_at": _written(row.created_at),
        "closed_at": _written(row.closed_at),
    }


def _key(row: KeyRecord) -> _Node:
    return {
        "organisation": None if row.organisation is None else row.organisation.slug,
        "fragment": row.fragment,
        "kind": row.kind.value,
        "public_key": row.public_key,
        "sealed": _text(row.sealed),
        **{member: _written(getattr(row, member)) for member in ("created_at", "retired_at", "revoked_at")},
    }


def _list(row: StatusListRecord) -> _Node:
    return {
        **{
            member: getattr(row, member)
            for member in ("id", "purpose", "suspension_list_id", "taken", "revision", "proof")
        },
        "organisation": row.organisation.slug,
        "bits": _text(row.bits),
        "document": _text(row.document),
        "updated_at": _written(row.updated_at),
    }


def _cipher(passphrase: str, salt: bytes) -> AESGCM:
    return AESGCM(hash_secret_raw(passphrase.encode(), salt, _PASSES, _KIBIBYTES, _LANES, _KEY, Type.ID))


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _bytes(written: str) -> bytes:
    return base64.b64decode(written)


def _written(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _moment(written: str | None) -> datetime | None:
    return None if written is None else datetime.fromisoformat(written)
