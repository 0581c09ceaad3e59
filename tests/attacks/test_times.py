"""Attacks on time: moments that are none, that are elsewhere, or that are further than a clock counts."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.attacks.asserting import STRUCTURE, VALIDITY, accepted, refused
from tests.verify import factory as f
from verify import Outcome, Policy, Reason

SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    "moment",
    [
        "2026-06-30T23:59:60Z",  # a leap second: dateTimeStamp knows none
        "2026-10-01T24:00:01Z",
        "2026-10-01T24:00:00.001Z",
        "9999-12-31T24:00:00Z",
        "2026-02-30T00:00:00Z",
        "2026-13-01T00:00:00Z",
        "0000-01-01T00:00:00Z",
        "-0001-01-01T00:00:00Z",
        "10000-01-01T00:00:00Z",
        "+2026-10-01T00:00:00Z",
        "2026-10-01T08:00:00",
        "2026-10-01",
        "2026-10-01 08:00:00Z",
        "2026-10-01t08:00:00z",
        "2026-10-01T08:00Z",
        "2026-10-01T08:00:00+0200",
        "2026-10-01T08:00:00+25:00",
        "2026-10-01T08:00:00.Z",
        "2026-W40-4T08:00:00Z",
        "２０２６-10-01T08:00:00Z",
        "1790841600",
        "2026-10-01T08:00:00Z\u200b",
    ],
)
def test_time_that_is_no_moment_is_refused(moment: str) -> None:
    """As a start and as an end: what cannot be read is not taken for 'always'."""
    for member in ("validFrom", "validUntil"):
        report = f.verify(f.badge(**{member: moment}))
        refused(report, STRUCTURE, Reason.DATE_INVALID)
        assert report.check(VALIDITY).outcome is Outcome.NOT_CHECKED


def test_time_with_an_offset_is_the_moment_and_not_its_digits() -> None:
    """Eight in the evening in one place is not eight in the evening in another."""
    data = f.badge(validUntil="2026-11-21T08:00:00-02:00")
    end = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
    accepted(f.verify(data, now=end))
    refused(f.verify(data, now=end + SECOND), VALIDITY, Reason.EXPIRED)
    later = f.badge(validFrom="2026-11-21T10:30:00+14:00", validUntil="2026-11-21T10:30:00-12:00")
    accepted(f.verify(later))


def test_time_at_the_end_of_a_day_is_the_beginning_of_the_next() -> None:
    """The last day of a badge is over with its last moment, in the badge's own zone."""
    data = f.badge(validUntil="2026-11-21T24:00:00+02:00")
    end = datetime(2026, 11, 21, 22, 0, tzinfo=UTC)
    accepted(f.verify(data, now=end))
    refused(f.verify(data, now=end + SECOND), VALIDITY, Reason.EXPIRED)


def test_time_far_in_the_future_is_only_time() -> None:
    """The last second that four digits can say is an end like any other; so is one that an offset moves past it."""
    accepted(f.verify(f.badge(validUntil="9999-12-31T23:59:59Z")))
    report = f.verify(f.badge(validUntil="9999-12-31T23:59:59-01:00"))
    refused(report, STRUCTURE, Reason.DATE_INVALID)


def test_time_before_all_others_is_only_time() -> None:
    """The first second that four digits can say; what an offset moves before it is none."""
    accepted(f.verify(f.badge(validFrom="0001-01-01T00:00:00Z"), policy=Policy.AUTHENTIC))
    refused(f.verify(f.badge(validFrom="0001-01-01T00:00:00+01:00")), STRUCTURE, Reason.DATE_INVALID)


def test_time_of_the_verifier_may_be_anywhere() -> None:
    """The first and the last moment of the calendar, in a zone that leaves it: a verdict all the same."""
    data = f.badge()
    for now in (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)):
        assert f.verify(data, now=now).check(VALIDITY).outcome is Outcome.FAILED


def test_time_fractions_are_not_cut_off() -> None:
    """The last thousandth of a second is still within, the next is not."""
    data = f.badge(validUntil="2026-11-21T08:59:59.999Z")
    refused(f.verify(data), VALIDITY, Reason.EXPIRED)
    accepted(f.verify(data, now=datetime(2026, 11, 21, 8, 59, 59, 999_000, tzinfo=UTC)))


def test_time_that_runs_backwards_is_refused() -> None:
    """A badge that ends before it begins was never in force."""
    data = f.badge(validFrom="2026-11-21T08:00:00Z", validUntil="2026-11-20T08:00:00Z")
    refused(f.verify(data), VALIDITY, Reason.DATES_REVERSED)


def test_time_of_signing_does_not_extend_a_badge() -> None:
    """A proof dated within the badge's life does not keep it alive, and one dated after its end does not revive it."""
    expired = f.credential(validUntil="2026-11-01T08:00:00Z")
    for created in ("2026-10-01T08:00:00Z", "2026-11-20T08:00:00Z"):
        refused(f.verify(f.written(f.sign(expired, created=created))), VALIDITY, Reason.EXPIRED)


def test_time_of_a_token_is_that_of_its_credential() -> None:
    """`exp` later than `validUntil`, `nbf` earlier than `validFrom`, and neither at all."""
    for changes in ({"exp": 4_102_444_800}, {"nbf": 0}, {"exp": None}, {"nbf": None}, {"nbf": True}):
        report = f.verify(f.jwt(f.claims(f.credential(), **changes)))
        refused(
            report, f.CheckName.PROOF if hasattr(f, "CheckName") else report.checks[1].name, Reason.JWT_CLAIMS_DIFFER
        )
