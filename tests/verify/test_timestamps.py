"""Moments with their zone."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from verify.errors import Defect
from verify.reasons import Reason
from verify.standards import timestamps


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-10-01T08:00:00Z", datetime(2026, 10, 1, 8, tzinfo=UTC)),
        ("2026-10-01T10:00:00+02:00", datetime(2026, 10, 1, 8, tzinfo=UTC)),
        ("2026-10-01T08:00:00.5Z", datetime(2026, 10, 1, 8, 0, 0, 500_000, tzinfo=UTC)),
        ("2026-10-01T08:00:00.123456789Z", datetime(2026, 10, 1, 8, 0, 0, 123_456, tzinfo=UTC)),
        ("2026-10-01T08:00:00.123456789123456789Z", datetime(2026, 10, 1, 8, 0, 0, 123_456, tzinfo=UTC)),
        ("2026-12-31T24:00:00Z", datetime(2027, 1, 1, tzinfo=UTC)),
        ("2026-12-31T24:00:00.000+02:00", datetime(2026, 12, 31, 22, tzinfo=UTC)),
    ],
)
def test_read_gives_the_moment_in_utc(text: str, moment: datetime) -> None:
    """Every zone, fractions of a second."""
    assert timestamps.read(text) == moment


@pytest.mark.parametrize(
    "value",
    [
        "2026-10-01T08:00:00",
        "2026-10-01",
        "2026-10-01 08:00:00Z",
        "2026-10-01T08:00Z",
        "2026-13-01T08:00:00Z",
        "2026-02-30T08:00:00Z",
        "2026-10-01T24:00:01Z",
        "2026-10-01T24:00:00.5Z",
        "2026-10-01T24:01:00Z",
        "9999-12-31T24:00:00Z",
        "2016-12-31T23:59:60Z",
        "12026-10-01T08:00:00Z",
        "2026-10-01T08:00:00." + "1" * 31 + "Z",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "2026-10-01T08:00:00+99:00",
        "2026-10-01T08:00:00Z\n",
        "٢٠٢٦-10-01T08:00:00Z",
        "",
        20261001,
        None,
        ["2026-10-01T08:00:00Z"],
    ],
)
def test_read_refuses_what_names_no_moment(value: object) -> None:
    """No zone, no such day, no text."""
    with pytest.raises(Defect) as caught:
        timestamps.read(value)
    assert caught.value.reason is Reason.DATE_INVALID


def test_write_gives_whole_seconds_in_utc() -> None:
    """The one spelling that Open Badges asks for."""
    paris = timezone(timedelta(hours=2))
    assert timestamps.write(datetime(2026, 10, 1, 10, 0, 0, 999_999, tzinfo=paris)) == "2026-10-01T08:00:00Z"
    assert timestamps.write(datetime(5, 1, 1, tzinfo=UTC)) == "0005-01-01T00:00:00Z"
    with pytest.raises(ValueError, match="zone"):
        timestamps.write(datetime(2026, 10, 1))  # noqa: DTZ001 - on purpose
