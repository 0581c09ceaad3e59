"""In force now, and recognised then: `validity` and `issuer_recognised`."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests.verify import factory as f
from verify import Outcome, Reason, Recognition, TrustBundle
from verify.checks import issuer_recognised, validity

FROM, UNTIL = "2026-10-01T08:00:00Z", "2026-12-01T08:00:00Z"
SECOND = timedelta(seconds=1)
START, END = datetime(2026, 10, 1, 8, tzinfo=UTC), datetime(2026, 12, 1, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("credential", "now", "reason"),
    [
        ({"validFrom": FROM, "validUntil": UNTIL}, START, None),
        ({"validFrom": FROM, "validUntil": UNTIL}, END, None),
        ({"validFrom": FROM, "validUntil": UNTIL}, START - SECOND, Reason.NOT_YET_VALID),
        ({"validFrom": FROM, "validUntil": UNTIL}, END + SECOND, Reason.EXPIRED),
        ({"validFrom": FROM}, END + SECOND, None),
        ({"validUntil": UNTIL}, START, None),
        ({}, START, None),
        ({"issuanceDate": FROM, "expirationDate": UNTIL}, END + SECOND, Reason.EXPIRED),
        ({"validFrom": FROM, "validUntil": UNTIL, "expirationDate": FROM}, END, Reason.EXPIRED),
        ({"validFrom": FROM, "issuanceDate": UNTIL}, START, Reason.NOT_YET_VALID),
        ({"validFrom": UNTIL, "validUntil": FROM}, START, Reason.DATES_REVERSED),
        ({"validFrom": FROM, "validUntil": FROM}, START, None),
    ],
)
def test_validity_compares_both_names_of_the_dates_with_now(
    credential: dict[str, Any], now: datetime, reason: Reason | None
) -> None:
    """The latest start and the earliest end count; both moments are within."""
    check = validity.check(credential, now)
    assert (check.outcome, check.reason) == (Outcome.FAILED if reason else Outcome.PASSED, reason)


@pytest.mark.parametrize("value", [None, 7, "hier", [UNTIL]])
def test_validity_is_not_checked_where_a_date_cannot_be_read(value: Any) -> None:
    """An end that cannot be read is not an end that has not come."""
    check = validity.check({"validFrom": FROM, "validUntil": value}, START)
    assert (check.outcome, check.reason) == (Outcome.NOT_CHECKED, Reason.NOT_REACHED)


def _recognised(*recognitions: Recognition, **changes: Any) -> Reason | None:
    check = issuer_recognised.check(f.credential(**changes), TrustBundle(recognitions=recognitions), f.NOW)
    assert (check.outcome is Outcome.PASSED) == (check.reason is None)
    assert check.outcome is not Outcome.FAILED
    return check.reason


def _recognition(**changes: Any) -> Recognition:
    parts = {name: getattr(f.RECOGNITION, name) for name in Recognition.__slots__}
    return Recognition(**{**parts, **changes})


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({}, None),
        ({"referentiel": None}, None),
        ({"referentiel": f.REFERENTIEL + "/"}, None),
        ({"starts": date(2026, 10, 1), "ends": date(2026, 10, 1)}, None),
        ({"starts": date(2026, 10, 2)}, Reason.RECOGNITION_EXPIRED),
        ({"ends": date(2026, 9, 30)}, Reason.RECOGNITION_EXPIRED),
        ({"referentiel": "https://badges.example/r/savoir"}, Reason.RECOGNITION_NOT_COVERING),
        ({"referentiel": "https://badges.example/r/autre"}, Reason.RECOGNITION_NOT_COVERING),
        ({"issuer": f.STRANGER}, Reason.ISSUER_UNKNOWN),
    ],
)
def test_recognition_counts_for_its_issuer_its_framework_and_its_days(
    change: dict[str, Any], reason: Reason | None
) -> None:
    """All three at the moment from which the badge is valid; else not recognised, and never failed."""
    assert _recognised(_recognition(**change)) is reason


def test_recognition_that_says_most_is_chosen() -> None:
    """One that covers and is in force, wherever it stands in the list."""
    over = _recognition(ends=date(2026, 2, 1))
    elsewhere = _recognition(referentiel="https://badges.example/r/autre")
    assert _recognised(over, elsewhere, _recognition()) is None
    assert _recognised(elsewhere, over) is Reason.RECOGNITION_EXPIRED
    assert _recognised() is Reason.ISSUER_UNKNOWN


def test_recognition_outlives_the_badge_it_was_made_under() -> None:
    """What counts is the day of the badge, not the day of the question."""
    ended = _recognition(ends=date(2026, 10, 31))
    assert f.NOW.date() > date(2026, 10, 31)
    assert _recognised(ended) is None


@pytest.mark.parametrize(
    "achievement",
    [
        f.REFERENTIEL + "/../autre/1#x",
        f.REFERENTIEL + "/..",
        f.REFERENTIEL + "/%2e%2e/autre/1",
        f.REFERENTIEL + "/.\\autre",
        f.REFERENTIEL,
        "https://badges.example/r/savoir-etre-2/1#x",
        None,
    ],
)
def test_recognition_does_not_cover_a_path_that_climbs_out(achievement: str | None) -> None:
    """An achievement inside the framework's path, not one that only begins like it."""
    assert not f.RECOGNITION.covers(achievement)
    assert f.RECOGNITION.covers(f.REFERENTIEL + "/12#badge-equipe-3..4")


@pytest.mark.parametrize("change", [{"issuer": None}, {"issuer": ["x"]}, {"validFrom": "hier"}])
def test_recognition_is_not_reached_without_issuer_or_date(change: dict[str, Any]) -> None:
    """Nobody to ask about, or no moment to ask for."""
    assert _recognised(f.RECOGNITION, **change) is Reason.NOT_REACHED


@pytest.mark.parametrize(
    "subject", [None, [], [{}, {}], {"achievement": "https://x.example"}, {"achievement": {"id": 7}}]
)
def test_recognition_of_a_framework_needs_an_achievement(subject: Any) -> None:
    """Without a readable achievement only a recognition for everything counts."""
    assert _recognised(f.RECOGNITION, credentialSubject=subject) is Reason.RECOGNITION_NOT_COVERING
    assert _recognised(_recognition(referentiel=None), credentialSubject=subject) is None
