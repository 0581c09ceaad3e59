"""One situation: a file, and what verifying it has to say."""

from dataclasses import dataclass

from verify.reasons import Reason


@dataclass(frozen=True)
class Situation:
    """One file, and the verdict, the check and the reason that it has to give; no check for what is unreadable.

    `members` and `endorsements` are the verdicts of what it holds, `inside` the reasons found there, in order;
    `challenge` is what the one who asked for it had set.
    """

    file: str
    data: bytes
    verdict: str
    check: str | None = None
    reason: Reason | None = None
    members: tuple[str, ...] = ()
    endorsements: tuple[str, ...] = ()
    inside: tuple[Reason, ...] = ()
    notes: tuple[Reason, ...] = ()
    challenge: str | None = None
