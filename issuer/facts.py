"""What a credential will say, as frozen values that cannot hold what must not be signed.

Text is kept in Unicode NFC with its outer spaces gone. Refuses, by raising `FactRefused`: control characters and
invisible reordering marks, lone surrogates, dates without a zone, addresses that are not absolute, results on a
competence or a level the badge does not name.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

from issuer.errors import FactRefused, Refusal
from verify.errors import VerifyError
from verify.standards import did as did_standard
from verify.standards.status_list import MINIMUM_ENTRIES

MOST_CHARACTERS = 10_000
SHORTEST_SALT = 16

ACHIEVEMENT_TYPES = frozenset({"Achievement", "Assessment", "Badge", "Competency", "MicroCredential"})
"""The types a référentiel may give its badges: those that do not claim to be a diploma, a certificate or a licence.

Source: Open Badges 3.0, appendix B.2.1 AchievementType Enumeration.
"""

# The first group is dropped by JSON-LD processors, the second hides what a reader believes to read.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]|[\u202a-\u202e\u2066-\u2069]")
_LINE_BREAK = re.compile("[\t\n\r\u2028\u2029]")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_ADDRESS = re.compile(r"https?://[^\x00-\x20\x7f-\x9f<>\"{}|^`\\]+")


def written(text: str, field: str, *, empty: bool = True, lines: bool = False) -> str:
    """The text as it will be signed: NFC, without spaces around it.

    Raises:
        FactRefused: `character`, `too_long`, or `empty` unless `empty` is allowed; line breaks only with `lines`.
    """
    if _FORBIDDEN.search(text) or (not lines and _LINE_BREAK.search(text.strip())):
        raise FactRefused(Refusal.CHARACTER, field)
    text = unicodedata.normalize("NFC", text).strip()
    if len(text) > MOST_CHARACTERS:
        raise FactRefused(Refusal.TOO_LONG, field)
    if not text and not empty:
        raise FactRefused(Refusal.EMPTY, field)
    return text


@dataclass(frozen=True, slots=True)
class Issuer:
    """The organisation that signs."""

    did: str
    name: str
    url: str
    email: str = ""

    def __post_init__(self) -> None:
        _write(self, "name", empty=False)
        _write(self, "email")
        _check_did(self.did, "Issuer.did")
        _check_address(self.url, "Issuer.url")


@dataclass(frozen=True, slots=True)
class Alignment:
    """A competence of somebody else's framework that this one answers to; `source` names the framework."""

    name: str
    code: str
    url: str
    source: str

    def __post_init__(self) -> None:
        _write(self, "name", empty=False)
        _write(self, "code", "source")
        _check_address(self.url, "Alignment.url")


@dataclass(frozen=True, slots=True)
class ScaleLevel:
    """One level of a scale; `meaning` is the behaviour observed at that level, empty where none is written."""

    level: int
    name: str
    meaning: str = ""

    def __post_init__(self) -> None:
        _write(self, "name", empty=False)
        _write(self, "meaning", lines=True)


@dataclass(frozen=True, slots=True)
class Requirement:
    """One competence of a badge, the level it asks for, and every level of the scale with its behaviour."""

    competence_code: str
    competence_name: str
    required_level: int
    levels: tuple[ScaleLevel, ...]

    def __post_init__(self) -> None:
        _write(self, "competence_name", empty=False)
        if not _CODE.fullmatch(self.competence_code):
            raise FactRefused(Refusal.IDENTIFIER, "Requirement.competence_code")
        _check_unique([step.level for step in self.levels], "Requirement.levels")
        if self.required_level not in {step.level for step in self.levels}:
            raise FactRefused(Refusal.LEVEL_UNKNOWN, "Requirement.required_level")


@dataclass(frozen=True, slots=True)
class Achievement:
    """What the badge recognises, as a published version of a référentiel says it.

    `id_url` is its address in that version: BASE/r/SLUG/VERSION#badge-CODE.
    """

    id_url: str
    name: str
    description: str
    criteria_url: str
    criteria_narrative: str
    version: str
    language: str
    achievement_type: str = "Badge"
    image_url: str = ""
    tags: tuple[str, ...] = ()
    alignments: tuple[Alignment, ...] = ()
    requirements: tuple[Requirement, ...] = ()

    def __post_init__(self) -> None:
        _write(self, "name", "version", empty=False)
        _write(self, "description", "criteria_narrative", empty=False, lines=True)
        object.__setattr__(self, "tags", tuple(written(tag, "Achievement.tags", empty=False) for tag in self.tags))
        _check_address(self.id_url, "Achievement.id_url")
        _check_address(self.criteria_url, "Achievement.criteria_url")
        if self.image_url:
            _check_address(self.image_url, "Achievement.image_url")
        if not _LANGUAGE.fullmatch(self.language):
            raise FactRefused(Refusal.LANGUAGE, "Achievement.language")
        if self.achievement_type not in ACHIEVEMENT_TYPES:
            raise FactRefused(Refusal.VOCABULARY, "Achievement.achievement_type")
        # Codes such as `calcul` and `calcul-3` could give one address to two things.
        _check_unique(self.addresses(), "Achievement.requirements")

    def addresses(self) -> list[str]:
        """The address of everything the achievement describes."""
        found = {self.criteria_url, self.image_url} - {"", self.id_url}
        listed = [self.id_url, *sorted(found)]
        for each in self.requirements:
            listed += [self.description_url(each), *(self.level_url(each, step.level) for step in each.levels)]
        return listed

    def description_url(self, requirement: Requirement) -> str:
        """The address of one competence of the badge."""
        return f"{self.id_url}-{requirement.competence_code}"

    def level_url(self, requirement: Requirement, level: int) -> str:
        """The address of one level of that competence."""
        return f"{self.description_url(requirement)}-{level}"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that was seen or made, as the person chose to show it."""

    name: str
    narrative: str
    genre: str = ""
    url: str = ""
    audience: str = ""

    def __post_init__(self) -> None:
        _write(self, "name", empty=False)
        _write(self, "narrative", lines=True)
        _write(self, "genre", "audience")
        if self.url:
            _check_address(self.url, "Evidence.url")


@dataclass(frozen=True, slots=True)
class Holder:
    """The person, by name in clear or hashed with a salt of their own, never the same twice."""

    name: str
    hashed: bool
    salt: str = ""

    def __post_init__(self) -> None:
        _write(self, "name", empty=False)
        _write(self, "salt")
        if self.hashed != (len(self.salt) >= SHORTEST_SALT) or (self.salt and not self.hashed):
            raise FactRefused(Refusal.SALT, "Holder.salt")


@dataclass(frozen=True, slots=True)
class AgreedResult:
    """The level that person and coach agreed on for one competence."""

    competence_code: str
    level: int


@dataclass(frozen=True, slots=True)
class StatusSlot:
    """The place of one award in the issuer's two lists: the same index for revocation and for suspension."""

    list_url: str
    suspension_list_url: str
    index: int

    def __post_init__(self) -> None:
        _check_address(self.list_url, "StatusSlot.list_url")
        _check_address(self.suspension_list_url, "StatusSlot.suspension_list_url")
        if not 0 <= self.index < MINIMUM_ENTRIES:
            raise FactRefused(Refusal.STATUS_INDEX, "StatusSlot.index")


@dataclass(frozen=True, slots=True)
class AwardFacts:
    """Everything one credential says."""

    credential_url: str
    subject_id: str
    issuer: Issuer
    achievement: Achievement
    holder: Holder
    results: tuple[AgreedResult, ...]
    evidence: tuple[Evidence, ...]
    valid_from: datetime
    valid_until: datetime | None
    status: StatusSlot

    def __post_init__(self) -> None:
        _check_address(self.credential_url, "AwardFacts.credential_url")
        _check_subject(self.subject_id)
        _check_dates(self.valid_from, self.valid_until)
        _check_results(self.results, self.achievement.requirements)
        # What shares an address is one thing once it is RDF, and says everything that is said of either.
        addresses = [self.credential_url, self.issuer.did, *self.achievement.addresses()]
        _check_unique(addresses + [each.url for each in self.evidence if each.url], "AwardFacts.evidence")


def _write(fact: object, *names: str, empty: bool = True, lines: bool = False) -> None:
    for name in names:
        field = f"{type(fact).__name__}.{name}"
        object.__setattr__(fact, name, written(getattr(fact, name), field, empty=empty, lines=lines))


def _check_address(url: str, field: str) -> None:
    """Refuse whatever is not an absolute http(s) address in the characters of an IRI."""
    try:
        host = urlsplit(url).hostname
    except ValueError:
        host = None
    if not _ADDRESS.fullmatch(url) or not host or unicodedata.normalize("NFC", url) != url or _FORBIDDEN.search(url):
        raise FactRefused(Refusal.ADDRESS, field)


def _check_did(did: str, field: str) -> None:
    try:
        if did_standard.method_of(did) == "key":
            did_standard.resolve_did_key(did)
        else:
            did_standard.did_web_url(did)
    except VerifyError:
        raise FactRefused(Refusal.IDENTIFIER, field) from None


def _check_subject(subject_id: str) -> None:
    text = subject_id.removeprefix("urn:uuid:")
    try:
        good = text != subject_id and str(UUID(text)) == text
    except ValueError:
        good = False
    if not good:
        raise FactRefused(Refusal.IDENTIFIER, "AwardFacts.subject_id")


def _check_dates(valid_from: datetime, valid_until: datetime | None) -> None:
    for field, moment in (("valid_from", valid_from), ("valid_until", valid_until)):
        if moment is not None and moment.utcoffset() is None:
            raise FactRefused(Refusal.TIME_ZONE, f"AwardFacts.{field}")
    if valid_until is not None and valid_until <= valid_from:
        raise FactRefused(Refusal.DATES_REVERSED, "AwardFacts.valid_until")


def _check_results(results: tuple[AgreedResult, ...], requirements: tuple[Requirement, ...]) -> None:
    _check_unique([result.competence_code for result in results], "AwardFacts.results")
    levels = {requirement.competence_code: {step.level for step in requirement.levels} for requirement in requirements}
    if levels and not results:
        raise FactRefused(Refusal.EMPTY, "AwardFacts.results")
    for result in results:
        if result.competence_code not in levels:
            raise FactRefused(Refusal.COMPETENCE_UNKNOWN, "AwardFacts.results")
        if result.level not in levels[result.competence_code]:
            raise FactRefused(Refusal.LEVEL_UNKNOWN, "AwardFacts.results")


def _check_unique(values: list[int] | list[str], field: str) -> None:
    if len(set(values)) != len(values):
        raise FactRefused(Refusal.TWICE, field)
