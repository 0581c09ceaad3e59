"""What verifying gives: a verdict, the checks it rests on, and what was read.

A check that was not made is told apart from one that failed; silence never means yes. The summary is for display and
takes no part in the verdict.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from verify.errors import Defect, Undecided
from verify.reasons import Reason
from verify.standards import timestamps
from verify.summary import Stated, Summary

_MOST_SHOWN = 500  # characters of what a proof says of itself


class Outcome(StrEnum):
    """How one check ended."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_CHECKED = "not_checked"


class Verdict(StrEnum):
    """What the checks come to under a policy."""

    VALID = "valid"
    INVALID = "invalid"
    UNDETERMINED = "undetermined"


class Kind(StrEnum):
    """What a document is: the type that makes it so, or one of the sort; the last is what a printed code states."""

    OPEN_BADGE_3 = "OpenBadgeCredential"
    OPEN_BADGE_2 = "Assertion"
    ENDORSEMENT = "EndorsementCredential"
    CLR = "ClrCredential"
    CREDENTIAL = "VerifiableCredential"
    PRESENTATION = "VerifiablePresentation"
    STATEMENT = "BadgeStatement"


class CheckName(StrEnum):
    """The questions, in the order in which they are asked."""

    STRUCTURE = "structure"
    PROOF = "proof"
    KEY_CONTROLLED = "key_controlled"
    STATUS = "status"
    VALIDITY = "validity"
    ISSUER_RECOGNISED = "issuer_recognised"


@dataclass(frozen=True, slots=True)
class Check:
    """One question and how it ended; the reason is None where it passed, and only there."""

    name: CheckName
    outcome: Outcome
    reason: Reason | None = None

    @classmethod
    def passed(cls, name: CheckName) -> Check:
        """The check passed."""
        return cls(name, Outcome.PASSED)

    @classmethod
    def failed(cls, name: CheckName, reason: Reason) -> Check:
        """A rule is broken."""
        return cls(name, Outcome.FAILED, reason)

    @classmethod
    def not_checked(cls, name: CheckName, reason: Reason) -> Check:
        """The question could not be answered."""
        return cls(name, Outcome.NOT_CHECKED, reason)

    @classmethod
    def stopped(cls, name: CheckName, stop: Defect | Undecided) -> Check:
        """The check ended as the exception says: a defect failed it, an undecided question left it unmade."""
        outcome = Outcome.FAILED if isinstance(stop, Defect) else Outcome.NOT_CHECKED
        return cls(name, outcome, stop.reason)

    def to_json(self) -> dict[str, Any]:
        """The check as the command and the API write it."""
        return {
            "name": self.name.value,
            "outcome": self.outcome.value,
            "reason": None if self.reason is None else self.reason.value,
        }


_OF_UNSIGNED = frozenset({CheckName.STRUCTURE})
_OF_PRESENTATIONS = frozenset({CheckName.STRUCTURE, CheckName.PROOF, CheckName.KEY_CONTROLLED})


@dataclass(frozen=True, slots=True)
class ProofReport:
    """One proof, and how its two checks ended: `suite` is its cryptosuite, or the algorithm of a token."""

    suite: str | None
    verification_method: str | None
    proof: Check
    key: Check

    @classmethod
    def of(cls, suite: Any, verification_method: str, proof: Check, key: Check) -> ProofReport:
        """The report, with what the proof says of itself cut to size."""
        named = suite[:_MOST_SHOWN] if isinstance(suite, str) else None
        return cls(named, verification_method[:_MOST_SHOWN] or None, proof, key)

    def to_json(self) -> dict[str, Any]:
        """The report as the command and the API write it."""
        return {
            "suite": self.suite,
            "verification_method": self.verification_method,
            "checks": [self.proof.to_json(), self.key.to_json()],
        }


@dataclass(frozen=True, slots=True)
class Policy:
    """Which checks have to pass before a credential is called valid, and which kinds of document are accepted.

    A document of a kind that is not accepted is not judged: it is undetermined, unless something in it is wrong.
    `unsigned_presentations` tells whether a presentation that nobody signed is worth what the credentials in it are.
    """

    required: frozenset[CheckName]
    accepts: frozenset[Kind] = frozenset(Kind) - {Kind.CREDENTIAL}
    unsigned_presentations: bool = False

    RECOGNISED: ClassVar[Policy]
    """Every check: what the application and the command ask for."""
    AUTHENTIC: ClassVar[Policy]
    """Every check but recognition: the badge is what its issuer says, whoever that is."""
    SELF_CHECK: ClassVar[Policy]
    """What an issuer can say of a badge just signed: its status list may not be published yet."""
    ANY_CREDENTIAL: ClassVar[Policy]
    """As `AUTHENTIC`, for verifiable credentials and presentations of every kind."""

    def verdict(self, checks: tuple[Check, ...], kind: Kind = Kind.OPEN_BADGE_3) -> Verdict:
        """Invalid where a check failed, valid where all required ones passed, otherwise undetermined."""
        if any(check.outcome is Outcome.FAILED for check in checks):
            return Verdict.INVALID
        passed = {check.name for check in checks if check.outcome is Outcome.PASSED}
        return Verdict.VALID if self._required(checks, kind) <= passed else Verdict.UNDETERMINED

    def _required(self, checks: tuple[Check, ...], kind: Kind) -> frozenset[CheckName]:
        if kind is not Kind.PRESENTATION:
            return self.required
        unsigned = any(check.reason is Reason.PRESENTATION_UNSIGNED for check in checks)
        return _OF_UNSIGNED if unsigned and self.unsigned_presentations else self.required & _OF_PRESENTATIONS


Policy.RECOGNISED = Policy(frozenset(CheckName))
Policy.AUTHENTIC = Policy(frozenset(CheckName) - {CheckName.ISSUER_RECOGNISED})
Policy.SELF_CHECK = Policy(
    frozenset({CheckName.STRUCTURE, CheckName.PROOF, CheckName.KEY_CONTROLLED, CheckName.VALIDITY})
)
Policy.ANY_CREDENTIAL = Policy(Policy.AUTHENTIC.required, frozenset(Kind), unsigned_presentations=True)


@dataclass(frozen=True, slots=True)
class Report:
    """The verdict on one document; `checks` has one check per `CheckName`, in that order.

    `members` are the credentials inside a CLR or a presentation, `endorsements` what others say of the badge: each has
    a verdict of its own. A presentation is worth no more than the worst of its members; nothing else depends on what
    it holds. `status_as_of` is the date of the oldest status list that was read; `refreshed` tells that what was
    verified is the issuer's newer version of what was handed in. `notes` are said beside the checks and decide nothing.
    `proofs` tells of every proof there is, also where one good one was enough.
    """

    verdict: Verdict
    checks: tuple[Check, ...]
    checked_at: datetime
    stated: Stated
    kind: Kind = Kind.OPEN_BADGE_3
    members: tuple[Report, ...] = ()
    endorsements: tuple[Report, ...] = ()
    status_as_of: datetime | None = None
    refreshed: bool = False
    notes: tuple[Reason, ...] = ()
    proofs: tuple[ProofReport, ...] = ()

    @property
    def credential(self) -> Summary:
        """What the document says, for display: never a reason to believe it."""
        return self.stated.summary

    def check(self, name: CheckName | str) -> Check:
        """The check of that name.

        Raises:
            KeyError: where there is none.
        """
        for check in self.checks:
            if check.name == name:
                return check
        raise KeyError(name)

    def to_json(self) -> dict[str, Any]:
        """The report as the command and the API write it."""
        as_of = self.status_as_of
        return {
            "verdict": self.verdict.value,
            "kind": self.kind.value,
            "checks": [check.to_json() for check in self.checks],
            "checked_at": timestamps.write(self.checked_at),
            "status_as_of": None if as_of is None else timestamps.write(as_of),
            "refreshed": self.refreshed,
            "proofs": [proof.to_json() for proof in self.proofs],
            "notes": [note.value for note in self.notes],
            "credential": self.credential.to_json(),
            "members": [member.to_json() for member in self.members],
            "endorsements": [endorsement.to_json() for endorsement in self.endorsements],
        }
