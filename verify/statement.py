"""The compact signed statement in a printed code: what it says, how it is written in digits, and what it refuses.

A statement repeats the little of a badge that somebody asks who has no network, signed by the badge's own issuer, and
names the badge it is about by address and digest. It stands behind the `#` of an address, which no server ever sees.
Refuses every member that is not listed, every other spelling of the same, and whatever is longer than a code holds.

Source: docs/offline-code.md, which is its specification; RFC 9052 (COSE_Sign1); RFC 8949, section 4.2.1.
"""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeGuard

from verify.errors import Defect, Undecided
from verify.reasons import Reason
from verify.standards import cbor, cose, did, timestamps
from verify.standards.cose import Sign1

VERSION = 1
MAX_BYTES = 1024
MAX_DIGITS = 2500
MOST_WRITTEN = 8_192
"""What is longer than this is no address with a statement behind it."""

(
    _VERSION,
    _SITE,
    _ISSUER,
    _CREDENTIAL,
    _DIGEST,
    _ACHIEVEMENT,
    _NAME,
    _LEVEL,
    _HOLDER,
    _VALID_FROM,
    _VALID_UNTIL,
    _STATUS,
    _SIGNED_AT,
) = range(13)
_OPTIONAL = {_LEVEL, _VALID_UNTIL}
_MEMBERS = set(range(13))

_WRITTEN = re.compile(rb"(?:(?:https?://[!-\"$-~]+)?#)?([0-9]{60,})")
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_SITE_FORM = re.compile(rf"https?://{_LABEL}(?:\.{_LABEL})*(?::[1-9][0-9]{{0,4}})?")
_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_KEY_NAME = re.compile(rb"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_MAX_SITE, _MAX_TEXT = 255, 255  # bytes
_MAX_NUMBER = 2**32 - 1
_MAX_MOMENT = 253_402_300_799  # the last second of the year 9999
_ID, _SHA256 = 16, 32
_ONE, _SEVERAL = 3, 4


@dataclass(frozen=True, slots=True)
class Level:
    """The level of one competence: its number, the highest one, and its name."""

    number: int
    highest: int
    name: str


@dataclass(frozen=True, slots=True)
class Levels:
    """Of several competences: how many, the lowest and the highest level reached, and the highest there is."""

    count: int
    lowest: int
    highest: int
    top: int


@dataclass(frozen=True, slots=True)
class HiddenName:
    """A name that only whoever knows it can recognise: SHA-256 of the name followed by the salt."""

    salt: str
    hash: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What a statement says. `site` is the address that those of issuer, badge and lists begin with.

    `digest` is SHA-256 of the exact bytes of the whole badge; `signed_at` is when the issuer signed, knowing of no
    withdrawal.
    """

    site: str
    issuer_slug: str
    issuer_name: str
    credential: uuid.UUID
    digest: bytes
    referentiel: str
    version: int
    badge: str
    name: str
    level: Level | Levels | None
    holder: str | HiddenName
    valid_from: datetime
    valid_until: datetime | None
    revocations: int
    suspensions: int
    index: int
    signed_at: datetime

    @property
    def issuer(self) -> str:
        """The issuer's identifier.

        Raises:
            Defect: `did_invalid`, for a site that did:web does not name.
        """
        return did.did_web(self.site, "o", self.issuer_slug)


def carried(data: bytes) -> bytes | None:
    """The message in what was read from a code: an address, its fragment, bare digits, or the message itself.

    None where it is nothing of the kind: whatever else it may be, it is no statement.
    """
    if cose.is_message(data):
        return data
    digits = _digits(data)
    return None if digits is None else _from_digits(digits)


def is_written_in_digits(data: bytes) -> bool:
    """Whether the bytes are many digits, or an address that ends in them, and so were meant to be a statement."""
    return _digits(data) is not None


def to_digits(message: bytes) -> str:
    """The message as one whole number, written in decimal digits: they take a third of a byte less than base64url.

    Source: ISO/IEC 18004:2015, section 7.4.3: three digits in ten bits.
    """
    return str(int.from_bytes(message, "big"))


def encode(statement: Statement) -> bytes:
    """The statement as the payload to sign.

    Raises:
        Defect: `statement_malformed`, where no reader would take it.
    """
    members: dict[int, Any] = {
        _VERSION: VERSION,
        _SITE: statement.site,
        _ISSUER: [statement.issuer_slug, statement.issuer_name],
        _CREDENTIAL: statement.credential.bytes,
        _DIGEST: statement.digest,
        _ACHIEVEMENT: [statement.referentiel, statement.version, statement.badge],
        _NAME: statement.name,
        _HOLDER: statement.holder
        if isinstance(statement.holder, str)
        else [statement.holder.salt, statement.holder.hash],
        _VALID_FROM: int(statement.valid_from.timestamp()),
        _STATUS: [statement.revocations, statement.suspensions, statement.index],
        _SIGNED_AT: int(statement.signed_at.timestamp()),
    }
    if statement.valid_until is not None:
        members[_VALID_UNTIL] = int(statement.valid_until.timestamp())
    if isinstance(statement.level, Level):
        members[_LEVEL] = [statement.level.number, statement.level.highest, statement.level.name]
    elif statement.level is not None:
        level = statement.level
        members[_LEVEL] = [level.count, level.lowest, level.highest, level.top]
    payload = cbor.encode(members)
    decode(payload)
    return payload


def decode(payload: bytes) -> Statement:
    """What the payload says.

    Raises:
        Defect: `statement_malformed`.
        Undecided: `statement_version_unknown`, for a later version than is known here.
    """
    members = cbor.decode(payload)
    if not isinstance(members, dict):
        raise _malformed("no members")
    if members.get(_VERSION) != VERSION:
        if _is_number(members.get(_VERSION)) and members[_VERSION] > VERSION:
            raise Undecided(Reason.STATEMENT_VERSION_UNKNOWN)
        raise _malformed("version")
    if not _MEMBERS - _OPTIONAL <= members.keys() <= _MEMBERS:
        raise _malformed("a member is missing, or one too many")
    slug, issuer_name = _parts(members[_ISSUER], str, str)
    referentiel, version, badge = _parts(members[_ACHIEVEMENT], str, int, str)
    revocations, suspensions, index = _parts(members[_STATUS], int, int, int)
    for named in (slug, referentiel, badge):
        if not _SLUG.fullmatch(named):
            raise _malformed("a name in an address")
    return Statement(
        site=_site(members[_SITE]),
        issuer_slug=slug,
        issuer_name=_text(issuer_name),
        credential=uuid.UUID(bytes=_bytes(members[_CREDENTIAL], _ID)),
        digest=_bytes(members[_DIGEST], _SHA256),
        referentiel=referentiel,
        version=version,
        badge=badge,
        name=_text(members[_NAME]),
        level=_level(members[_LEVEL]) if _LEVEL in members else None,
        holder=_holder(members[_HOLDER]),
        valid_from=_moment(members[_VALID_FROM]),
        valid_until=_moment(members[_VALID_UNTIL]) if _VALID_UNTIL in members else None,
        revocations=revocations,
        suspensions=suspensions,
        index=index,
        signed_at=_moment(members[_SIGNED_AT]),
    )


def read(message: bytes) -> tuple[Sign1, Statement]:
    """The signed message and what it says; nothing of it is believed yet.

    Raises:
        Defect: `statement_malformed`.
        Undecided: `statement_version_unknown`.
    """
    if len(message) > MAX_BYTES:
        raise _malformed("longer than any code")
    signed = cose.read(message)
    named = signed.headers.get(cose.KEY_ID)
    if signed.unprotected or signed.headers.keys() != {cose.ALGORITHM, cose.KEY_ID}:
        raise _malformed("other headers than the algorithm and the name of the key")
    if not isinstance(named, bytes) or not _KEY_NAME.fullmatch(named):
        raise _malformed("the name of the key")
    return signed, decode(signed.payload)


def key_of(signed: Sign1, statement: Statement) -> str:
    """The full name of the key that the message names: one of the issuer's own, whatever it says.

    Raises:
        Defect: `did_invalid`.
    """
    return f"{statement.issuer}#{signed.headers[cose.KEY_ID].decode('ascii')}"


def as_credential(statement: Statement) -> dict[str, Any]:
    """The statement in the members of the badge that it is about, as far as it goes: to be checked and shown alike.

    Raises:
        Defect: `did_invalid`.
    """
    site, slug = statement.site, statement.issuer_slug
    achievement = f"{site}/r/{statement.referentiel}/{statement.version}#badge-{statement.badge}"
    lists = f"{site}/status"
    until = {} if statement.valid_until is None else {"validUntil": timestamps.write(statement.valid_until)}
    described, results = _results(statement, achievement)
    return {
        "id": f"{site}/c/{statement.credential}",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": statement.name,
        "issuer": {"id": statement.issuer, "name": statement.issuer_name, "url": f"{site}/o/{slug}"},
        "validFrom": timestamps.write(statement.valid_from),
        **until,
        "credentialSubject": {
            "identifier": [_identifier(statement.holder)],
            "achievement": {
                "id": achievement,
                "name": statement.name,
                "version": str(statement.version),
                "resultDescription": described,
            },
            "result": results,
        },
        "credentialStatus": {
            "id": f"{lists}/{statement.revocations}#{statement.index}",
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": str(statement.index),
            "statusListCredential": f"{lists}/{statement.revocations}",
            "statusReference": f"{lists}/{statement.suspensions}",
        },
    }


def _results(statement: Statement, achievement: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    level = statement.level
    if not isinstance(level, Level):
        return [], []
    steps = {level.number: level.name, level.highest: level.name if level.highest == level.number else ""}
    scale = [{"id": f"{achievement}-{number}", "level": str(number), "name": name} for number, name in steps.items()]
    described = {"id": achievement, "name": statement.name, "rubricCriterionLevel": scale}
    reached = {"resultDescription": achievement, "achievedLevel": scale[0]["id"], "value": str(level.number)}
    return [described], [reached]


def _identifier(holder: str | HiddenName) -> dict[str, Any]:
    if isinstance(holder, str):
        return {"identityType": "name", "hashed": False, "identityHash": holder}
    return {
        "identityType": "name",
        "hashed": True,
        "identityHash": f"sha256${holder.hash.hex()}",
        "salt": holder.salt,
    }


def _digits(data: bytes) -> str | None:
    found = _WRITTEN.fullmatch(data.strip()) if len(data) <= MOST_WRITTEN else None
    return None if found is None else found[1].decode("ascii")


def _from_digits(digits: str) -> bytes | None:
    if len(digits) > MAX_DIGITS or digits.startswith("0"):
        return None
    number = int(digits)
    message = number.to_bytes((number.bit_length() + 7) // 8, "big")
    return message if cose.is_message(message) else None


def _parts(value: Any, *kinds: type) -> list[Any]:
    if not isinstance(value, list) or len(value) != len(kinds):
        raise _malformed("not so many parts")
    for each, kind in zip(value, kinds, strict=True):
        if not isinstance(each, kind) or (kind is int and not _is_number(each)):
            raise _malformed("a part of another kind")
    return value


def _is_number(value: Any) -> TypeGuard[int]:
    return isinstance(value, int) and 0 <= value <= _MAX_NUMBER


def _text(value: Any) -> str:
    if not isinstance(value, str) or not 0 < len(value.encode()) <= _MAX_TEXT or _CONTROL.search(value):
        raise _malformed("a text")
    return value


def _bytes(value: Any, length: int) -> bytes:
    if not isinstance(value, bytes) or len(value) != length:
        raise _malformed("bytes")
    return value


def _moment(value: Any) -> datetime:
    if not isinstance(value, int) or not 0 <= value <= _MAX_MOMENT:
        raise _malformed("a moment")
    return datetime.fromtimestamp(value, UTC)


def _site(value: Any) -> str:
    if not isinstance(value, str) or len(value) > _MAX_SITE or not _SITE_FORM.fullmatch(value):
        raise _malformed("site")
    try:
        did.did_web(value)
    except Defect as defect:
        raise _malformed(defect.detail) from None
    return value


def _level(value: Any) -> Level | Levels:
    if isinstance(value, list) and len(value) == _SEVERAL:
        return Levels(*_parts(value, int, int, int, int))
    number, highest, name = _parts(value, int, int, str)
    if len(name.encode()) > _MAX_TEXT or _CONTROL.search(name):
        raise _malformed("the name of the level")
    return Level(number, highest, name)


def _holder(value: Any) -> str | HiddenName:
    if isinstance(value, list):
        salt, hashed = _parts(value, str, bytes)
        return HiddenName(_text(salt), _bytes(hashed, _SHA256))
    return _text(value)


def _malformed(detail: str) -> Defect:
    return Defect(Reason.STATEMENT_MALFORMED, detail)
