"""Why nothing was signed: the closed list of refusals, and the exceptions that carry them.

No exception here repeats what a person wrote, nor any key or secret, so that logging one reveals nothing. The wording
for people stands in `issuer.sentences`.
"""

from __future__ import annotations

from enum import StrEnum


class Refusal(StrEnum):
    """One stable word for each fact that cannot be signed."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    CHARACTER = "character"
    ADDRESS = "address"
    IDENTIFIER = "identifier"
    LANGUAGE = "language"
    VOCABULARY = "vocabulary"
    TIME_ZONE = "time_zone"
    DATES_REVERSED = "dates_reversed"
    LEVEL_UNKNOWN = "level_unknown"
    COMPETENCE_UNKNOWN = "competence_unknown"
    TWICE = "twice"
    SALT = "salt"
    STATUS_INDEX = "status_index"


class FactRefused(ValueError):  # noqa: N818 - it names what happened
    """A fact that no credential may carry; `field` names it as the dataclass does."""

    def __init__(self, refusal: Refusal, field: str) -> None:
        super().__init__(f"{field} cannot be signed: {refusal.value}")
        self.refusal = refusal
        self.field = field


class SigningRefused(Exception):  # noqa: N818 - it names what happened, and is nobody's input error
    """Our own verifier did not accept what was about to leave; `reason` is the word it gave."""

    def __init__(self, check: str, reason: str) -> None:
        super().__init__(f"the verifier did not accept our own document: {check}: {reason}")
        self.check = check
        self.reason = reason


class WrongSecret(ValueError):  # noqa: N818 - it names what is wrong
    """The secret does not open this sealed key, or the sealed bytes were changed."""

    def __init__(self) -> None:
        super().__init__("This secret does not open the signing key: is it the one of this installation?")
