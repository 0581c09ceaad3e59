"""What an attack test asserts: the verdict, and the check and the reason that stand behind it."""

import pytest

from tests.verify import factory as f
from verify import CheckName, Outcome, Reason, Report, TrustBundle, Unreadable, Verdict

STRUCTURE, PROOF, KEY = CheckName.STRUCTURE, CheckName.PROOF, CheckName.KEY_CONTROLLED
STATUS, VALIDITY, ISSUER = CheckName.STATUS, CheckName.VALIDITY, CheckName.ISSUER_RECOGNISED


def refused(report: Report, check: CheckName, reason: Reason) -> None:
    """The verdict is *invalid*, and this check failed for this reason."""
    found = report.check(check)
    assert (report.verdict, found.outcome, found.reason) == (Verdict.INVALID, Outcome.FAILED, reason)


def left_open(report: Report, check: CheckName, reason: Reason) -> None:
    """The verdict is *undetermined*, and this check was not made for this reason."""
    found = report.check(check)
    assert (report.verdict, found.outcome, found.reason) == (Verdict.UNDETERMINED, Outcome.NOT_CHECKED, reason)


def unreadable(data: bytes, reason: Reason, known: TrustBundle | None = None) -> None:
    """There is no report at all: the bytes carry no credential that can be read."""
    with pytest.raises(Unreadable) as caught:
        f.verify(data, known)
    assert caught.value.reason is reason


def accepted(report: Report) -> None:
    """The verdict is *valid*: what looked like an attack is none."""
    assert report.verdict is Verdict.VALID
