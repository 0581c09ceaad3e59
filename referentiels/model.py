"""What a référentiel is: families, a scale, competences described level by level, badges resting on them.

Plain frozen values, in the order and under the names of the document. They hold no rule: `document` refuses
what has no shape, `completeness` and `publishing` what is not ready.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

Rater = Literal["self", "coach", "tutor"]
RATERS: tuple[Rater, ...] = ("self", "coach", "tutor")


class Coded(Protocol):
    """A family, a competence or a badge: what is found by its code."""

    @property
    def code(self) -> str:
        """The code, which never changes."""


class UnknownCodeError(LookupError):
    """The référentiel holds nothing under this code, level or position."""


@dataclass(frozen=True, slots=True)
class Family:
    """A group of competences, shown together."""

    code: str
    name: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class Level:
    """One step of the scale; `level` is the number written in every rating."""

    level: int
    name: str
    meaning: str = ""


@dataclass(frozen=True, slots=True)
class Behaviour:
    """What is seen of a competence at one level."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Alignment:
    """A competence's neighbour in someone else's framework; `source` names it, `note` says who validated it."""

    name: str
    code: str = ""
    url: str = ""
    source: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Competence:
    """A skill in two wordings, with its observable behaviours in the scale's order."""

    code: str
    family: str
    name: str
    for_person: str = ""
    for_recruiter: str = ""
    pictogram: str = ""
    behaviours: tuple[Behaviour, ...] = ()
    alignments: tuple[Alignment, ...] = ()

    def behaviour(self, level: int) -> str:
        """The behaviour seen at `level`, empty where none is written yet."""
        return next((seen.text for seen in self.behaviours if seen.level == level), "")


@dataclass(frozen=True, slots=True)
class Requirement:
    """The level a competence must reach for a badge."""

    competence: str
    level: int


@dataclass(frozen=True, slots=True)
class Badge:
    """What can be earned: requirements, who must have rated, what proof, for how long.

    `at_least` None means all requirements, a number means that many of them. `validity_months` None means
    without end.
    """

    code: str
    name: str
    description: str
    family: str
    pictogram: str = ""
    requirements: tuple[Requirement, ...] = ()
    at_least: int | None = None
    raters: tuple[Rater, ...] = ("self", "coach")
    evidence_required: bool = True
    coach_may_grant: bool = False
    validity_months: int | None = None
    calibration: str = ""


@dataclass(frozen=True, slots=True)
class RetiredCodes:
    """Codes once used in this lineage and never to be used again, since old badges still speak of them."""

    families: tuple[str, ...] = ()
    competences: tuple[str, ...] = ()
    badges: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KeptPassage:
    """Words that the lint pointed out and an editor kept, with the reason; `place` is one of `lint.places`."""

    place: str
    passage: str
    reason: str


@dataclass(frozen=True, slots=True)
class Referentiel:
    """A competency framework. A draft has neither `version` nor `published`; a published one has both.

    `owner_as_issuer` tells that the owner lets badges be issued in its own name, for those whom it gives a mandate.
    """

    code: str
    title: str
    description: str = ""
    language: str = ""
    owner: str = ""
    scope: str = ""
    co_authors: tuple[str, ...] = ()
    families: tuple[Family, ...] = ()
    scale: tuple[Level, ...] = ()
    competences: tuple[Competence, ...] = ()
    badges: tuple[Badge, ...] = ()
    retired_codes: RetiredCodes = RetiredCodes()
    owner_as_issuer: bool = False
    kept_passages: tuple[KeptPassage, ...] = ()
    version: int | None = None
    published: datetime | None = None

    @property
    def levels(self) -> tuple[int, ...]:
        """The numbers of the scale, ascending."""
        return tuple(step.level for step in self.scale)

    def family(self, code: str) -> Family:
        """The family under `code`.

        Raises:
            UnknownCodeError: there is none.
        """
        return self.families[position(self.families, code)]

    def competence(self, code: str) -> Competence:
        """The competence under `code`.

        Raises:
            UnknownCodeError: there is none.
        """
        return self.competences[position(self.competences, code)]

    def badge(self, code: str) -> Badge:
        """The badge under `code`.

        Raises:
            UnknownCodeError: there is none.
        """
        return self.badges[position(self.badges, code)]

    def level(self, number: int) -> Level:
        """The step of the scale with this number.

        Raises:
            UnknownCodeError: there is none.
        """
        for step in self.scale:
            if step.level == number:
                return step
        raise UnknownCodeError(number)


def position(items: Sequence[Coded], code: str) -> int:
    """Where the item under `code` stands.

    Raises:
        UnknownCodeError: nowhere.
    """
    for index, item in enumerate(items):
        if item.code == code:
            return index
    raise UnknownCodeError(code)
