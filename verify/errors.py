"""The three ways in which reading or checking stops, each with its `Reason`.

A bad credential is a report, not an exception: `Defect` and `Undecided` never leave `Verifier.verify`, which turns
them into checks. `Unreadable` does leave it: there is nothing to report on. No exception here carries content of
the document, so that logging one reveals nothing.
"""

from __future__ import annotations

from verify.reasons import Reason


class VerifyError(Exception):
    """A reason, and a detail in English for whoever reads a log."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(f"{reason.value}: {detail}" if detail else reason.value)
        self.reason = reason
        self.detail = detail


class Unreadable(VerifyError):  # noqa: N818 - it names what is so, as a reader would say it
    """No credential can be read from these bytes."""


class Defect(VerifyError):  # noqa: N818 - it names what is so, as a reader would say it
    """A rule is broken: the check that asked has failed."""


class Undecided(VerifyError):  # noqa: N818 - it names what is so, as a reader would say it
    """The question cannot be answered here: the check that asked was not made."""


class BrokenInstallation(Exception):  # noqa: N818 - it names what is so, as a reader would say it
    """A file this package rests on is absent or is not the recorded one."""
