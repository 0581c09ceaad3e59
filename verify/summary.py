"""What a credential says, cut to size for display. Never a reason to say valid.

Reads the document as written, in whatever shape it comes: what is absent or of another kind is left out, what is too
long is cut. Whoever shows it escapes it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from verify.errors import Defect
from verify.standards import open_badges_2, timestamps

MAX_TEXT = 4_000
MAX_ITEMS = 60

_Node = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a scale, as the achievement describes it; `level` and `points` are texts in the standard."""

    id: str | None
    name: str | None
    level: str | None
    points: str | None
    description: str | None


@dataclass(frozen=True, slots=True)
class ResultLine:
    """One result: what was assessed, what was reached, and the scale it is on."""

    name: str | None
    value: str | None
    achieved: Level | None
    required: Level | None
    scale: tuple[Level, ...]


@dataclass(frozen=True, slots=True)
class Alignment:
    """A link to something outside that the achievement is close to."""

    name: str | None
    url: str | None
    code: str | None
    framework: str | None
    description: str | None


@dataclass(frozen=True, slots=True)
class Evidence:
    """Something that backs the award."""

    id: str | None
    name: str | None
    narrative: str | None
    genre: str | None = None


@dataclass(frozen=True, slots=True)
class Identity:
    """One identifier of the holder: a SHA-256 with its salt where `hashed`, else the identifier itself."""

    type: str | None
    hashed: bool
    value: str | None
    salt: str | None


@dataclass(frozen=True, slots=True)
class StatusEntry:
    """Where the credential's status can be looked up."""

    id: str | None
    type: str | None
    purpose: str | None
    list_url: str | None
    index: str | None


@dataclass(frozen=True, slots=True)
class Summary:
    """A credential for display; every text is as its author wrote it, cut at 4,000 characters."""

    format: str
    id: str | None
    types: tuple[str, ...]
    name: str | None
    issuer_id: str | None
    issuer_name: str | None
    issuer_url: str | None
    achievement_id: str | None
    achievement_name: str | None
    achievement_description: str | None
    achievement_type: str | None
    achievement_image: str | None
    achievement_version: str | None
    in_language: str | None
    criteria: str | None
    criteria_url: str | None
    holder_id: str | None
    holder_name: str | None
    identifiers: tuple[Identity, ...]
    results: tuple[ResultLine, ...]
    alignments: tuple[Alignment, ...]
    evidence: tuple[Evidence, ...]
    valid_from: datetime | None
    valid_until: datetime | None
    status: tuple[StatusEntry, ...]
    endorsement_comment: str | None = None

    def to_json(self) -> dict[str, Any]:
        """The summary as the command and the API write it."""
        members = asdict(self)
        for name in ("valid_from", "valid_until"):
            members[name] = None if members[name] is None else timestamps.write(members[name])
        return members


class Stated:
    """What a document says, made into a summary when somebody first asks: a verdict alone needs none."""

    __slots__ = ("_make", "_summary")

    def __init__(self, make: Callable[[], Summary]) -> None:
        self._make = make
        self._summary: Summary | None = None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Stated) and self.summary == other.summary

    def __hash__(self) -> int:
        return hash(self.summary)

    @property
    def summary(self) -> Summary:
        """The summary, the same at every call."""
        if self._summary is None:
            self._summary = self._make()
        return self._summary


def summarise(credential: _Node, *, written_as: str) -> Summary:
    """What the credential says; `written_as` is json, jwt, png or svg."""
    issuer = credential.get("issuer")
    profile = issuer if isinstance(issuer, dict) else {"id": issuer}
    subject = next(iter(_objects(credential.get("credentialSubject"))), {})
    achievement = next(iter(_objects(subject.get("achievement"))), {})
    criteria = next(iter(_objects(achievement.get("criteria"))), {})
    identifiers = tuple(_identity(each) for each in _objects(subject.get("identifier")))
    return Summary(
        format=written_as,
        id=_text(credential.get("id")),
        types=tuple(_texts(credential.get("type"))),
        name=_text(credential.get("name")),
        issuer_id=_text(profile.get("id")),
        issuer_name=_text(profile.get("name")),
        issuer_url=_text(profile.get("url")),
        achievement_id=_text(achievement.get("id")),
        achievement_name=_text(achievement.get("name")),
        achievement_description=_text(achievement.get("description")),
        achievement_type=_text(achievement.get("achievementType")),
        achievement_image=_reference(achievement.get("image")),
        achievement_version=_text(achievement.get("version")),
        in_language=_text(achievement.get("inLanguage")),
        endorsement_comment=_text(subject.get("endorsementComment")),
        criteria=_text(criteria.get("narrative")),
        criteria_url=_text(criteria.get("id")),
        holder_id=_text(subject.get("id")) or _reference(credential.get("holder")),
        holder_name=_clear_name(identifiers),
        identifiers=identifiers,
        results=_results(subject, achievement),
        alignments=tuple(_alignment(each) for each in _objects(achievement.get("alignment"))),
        evidence=tuple(_evidence(each) for each in _objects(credential.get("evidence"))),
        valid_from=_moment(credential.get("validFrom", credential.get("issuanceDate"))),
        valid_until=_moment(credential.get("validUntil", credential.get("expirationDate"))),
        status=tuple(_status(each) for each in _objects(credential.get("credentialStatus"))),
    )


def summarise_assertion(assertion: _Node, badge: _Node, profile: _Node, *, written_as: str) -> Summary:
    """What an Open Badges 2.0 Assertion says, with the BadgeClass and the Profile it points at (empty where unknown).

    Source: Open Badges 2.0, section "Open Badges Vocabulary".
    """
    pointed = assertion.get("badge")
    recipient = next(iter(_objects(assertion.get("recipient"))), {})
    identity = _recipient(recipient)
    criteria = badge.get("criteria")
    narrated = criteria if isinstance(criteria, dict) else {}
    return Summary(
        format=written_as,
        id=_text(assertion.get("id")),
        types=tuple(_texts(assertion.get("type"))),
        name=_text(badge.get("name")),
        issuer_id=_text(profile.get("id")) or _reference(badge.get("issuer")),
        issuer_name=_text(profile.get("name")),
        issuer_url=_text(profile.get("url")),
        achievement_id=_text(badge.get("id")) or _reference(pointed),
        achievement_name=_text(badge.get("name")),
        achievement_description=_text(badge.get("description")),
        achievement_type=None,
        achievement_image=_reference(badge.get("image")),
        achievement_version=_text(badge.get("version")),
        in_language=_text(badge.get("@language")) or _text(assertion.get("@language")),
        criteria=_text(narrated.get("narrative")),
        criteria_url=_reference(criteria),
        holder_id=identity.value if identity.type == "id" and not identity.hashed else None,
        holder_name=_text(recipient.get("name")) or _profile_name(assertion),
        identifiers=(identity,) if recipient else (),
        results=(),
        alignments=tuple(_alignment(each) for each in _objects(badge.get("alignment"))),
        evidence=(*_narrative(assertion), *_assertion_evidence(assertion.get("evidence"))),
        valid_from=_any_moment(assertion.get("issuedOn")),
        valid_until=_any_moment(assertion.get("expires")),
        status=(),
    )


def _text(value: Any) -> str | None:
    return value[:MAX_TEXT] if isinstance(value, str) else None


def _texts(value: Any) -> list[str]:
    listed = value if isinstance(value, list) else [value]
    return [each[:MAX_TEXT] for each in listed[:MAX_ITEMS] if isinstance(each, str)]


def _objects(value: Any) -> list[_Node]:
    listed = value if isinstance(value, list) else [value]
    return [each for each in listed[:MAX_ITEMS] if isinstance(each, dict)]


def _reference(value: Any) -> str | None:
    return _text(value.get("id")) if isinstance(value, dict) else _text(value)


def _moment(value: Any) -> datetime | None:
    try:
        return timestamps.read(value)
    except Defect:
        return None


def _identity(node: _Node) -> Identity:
    hashed = node.get("hashed") is not False  # what is not plainly in clear is not shown as if it were
    return Identity(
        type=_text(node.get("identityType")),
        hashed=hashed,
        value=_text(node.get("identityHash")),
        salt=_text(node.get("salt")),
    )


def _clear_name(identifiers: tuple[Identity, ...]) -> str | None:
    """The holder's name where the credential gives it in clear.

    Source: Open Badges 3.0, section B.1.9 (IdentityObject) and IdentifierTypeEnum `name`.
    """
    return next((each.value for each in identifiers if each.type == "name" and not each.hashed), None)


def _results(subject: _Node, achievement: _Node) -> tuple[ResultLine, ...]:
    descriptions = {each.get("id"): each for each in _described(achievement)}
    scales = {id_: _scale(each) for id_, each in descriptions.items()}
    levels = {level.id: level for scale in scales.values() for level in scale}
    lines = []
    for result in _objects(subject.get("result")):
        named = result.get("resultDescription")
        description = descriptions.get(named, {}) if isinstance(named, str) else {}
        line = ResultLine(
            name=_text(description.get("name")),
            value=_text(result.get("value")),
            achieved=_named(levels, result.get("achievedLevel")),
            required=_named(levels, description.get("requiredLevel")),
            scale=scales.get(named, ()) if isinstance(named, str) else (),
        )
        lines.append(line)
    return tuple(lines)


def _described(achievement: _Node) -> list[_Node]:
    listed = _objects(achievement.get("resultDescription"))
    return [each for each in listed if isinstance(each.get("id"), str)]


def _scale(description: _Node) -> tuple[Level, ...]:
    return tuple(_level(each) for each in _objects(description.get("rubricCriterionLevel")))


def _named(levels: dict[str | None, Level], id_: Any) -> Level | None:
    return levels.get(id_) if isinstance(id_, str) else None


def _level(node: _Node) -> Level:
    return Level(
        id=_text(node.get("id")),
        name=_text(node.get("name")),
        level=_text(node.get("level")),
        points=_text(node.get("points")),
        description=_text(node.get("description")),
    )


def _alignment(node: _Node) -> Alignment:
    return Alignment(
        name=_text(node.get("targetName")),
        url=_text(node.get("targetUrl")),
        code=_text(node.get("targetCode")),
        framework=_text(node.get("targetFramework")),
        description=_text(node.get("targetDescription")),
    )


def _evidence(node: _Node) -> Evidence:
    return Evidence(*(_text(node.get(key)) for key in ("id", "name", "narrative", "genre")))


def _status(node: _Node) -> StatusEntry:
    return StatusEntry(
        id=_text(node.get("id")),
        type=_text(node.get("type")),
        purpose=_text(node.get("statusPurpose")),
        list_url=_text(node.get("statusListCredential")),
        index=_text(node.get("statusListIndex")),
    )


def _recipient(node: _Node) -> Identity:
    return Identity(
        type=next(iter(_texts(node.get("type"))), None),
        hashed=node.get("hashed") is not False,
        value=_text(node.get("identity")),
        salt=_text(node.get("salt")),
    )


def _profile_name(assertion: _Node) -> str | None:
    """The holder's name in the extension that displayers know for it.

    Source: Open Badges 2.0, extensions, Recipient Profile.
    """
    extension = assertion.get("extensions:recipientProfile")
    return _text(extension.get("name")) if isinstance(extension, dict) else None


def _narrative(assertion: _Node) -> list[Evidence]:
    narrative = _text(assertion.get("narrative"))
    return [Evidence(None, None, narrative)] if narrative else []


def _assertion_evidence(value: Any) -> list[Evidence]:
    values = value if isinstance(value, list) else [value]
    return [
        _evidence(each) if isinstance(each, dict) else Evidence(_text(each), None, None)
        for each in values[:MAX_ITEMS]
        if isinstance(each, dict | str)
    ]


def _any_moment(value: Any) -> datetime | None:
    try:
        return open_badges_2.moment(value)
    except Defect:
        return None
