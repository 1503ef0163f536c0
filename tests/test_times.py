"""Times as sources tell them: never more exact than known, never a moment that is none."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.times import Precision, UnclearTime, When, before, days_between, instant_of

ZONES = ("Europe/Vienna", "America/New_York", "Asia/Kathmandu", "Africa/Nairobi")


@pytest.mark.parametrize(
    ("text", "precision", "day"),
    [
        ("unknown", Precision.UNKNOWN, None),
        ("2023", Precision.YEAR, None),
        ("2023-12", Precision.MONTH, None),
        ("2023-06-06", Precision.DAY, "2023-06-06"),
        ("2023-06-06[Europe/Vienna]", Precision.DAY, "2023-06-06"),
        ("2023-10-05T10:00", Precision.MINUTE, "2023-10-05"),
        ("2023-10-05T00:30[Europe/Vienna]", Precision.MINUTE, "2023-10-05"),
        ("2023-10-04T22:30:00Z", Precision.INSTANT, "2023-10-04"),
        ("2023-10-04T22:30:00Z[Europe/Vienna]", Precision.INSTANT, "2023-10-05"),
        ("2015-04-13/2015-04-14", Precision.INTERVAL, None),
        ("../2020-11-19", Precision.INTERVAL, None),
        ("2020-11-19/..", Precision.INTERVAL, None),
    ],
)
def test_a_time_keeps_its_precision(text: str, precision: Precision, day: str | None) -> None:
    """What is written is what is known; a day is told only where there is one."""
    when = When(text)

    assert (precision, day) == (when.precision, str(when.day) if when.day else None)
    assert when.earliest <= when.latest


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "2023-02-30",
        "2023-13",
        "0000",
        "2024/2023",
        "2026-01-01T25:00",
        "2023-10-05T10:00[Mars/Olympus]",
        "2023-10-05T10:00[../../etc/passwd]",
        "2026-03-29T02:30[Europe/Vienna]",
        "2026-10-25T02:30[Europe/Vienna]",
    ],
)
def test_what_is_no_time_is_refused(text: str) -> None:
    """Nonsense, days that are none, and local times that a zone skips or has twice."""
    with pytest.raises(UnclearTime):
        When(text)


def test_an_instant_needs_its_offset() -> None:
    """A naive datetime is nobody's time."""
    with pytest.raises(UnclearTime):
        When.instant(datetime(2026, 1, 1))  # noqa: DTZ001 (the point of the test)


def test_only_exact_times_are_exact() -> None:
    """A day, or an hour without zone, is no instant."""
    assert datetime(2023, 10, 5, 8, tzinfo=UTC) == When("2023-10-05T10:00[Europe/Vienna]").exact
    for text in ("2023-10-05", "2023-10-05T10:00", "unknown"):
        with pytest.raises(UnclearTime):
            _ = When(text).exact


@given(
    at=st.datetimes(datetime(2025, 1, 1), datetime(2028, 1, 1)).map(  # noqa: DTZ001
        lambda at: at.replace(second=0, microsecond=0)
    ),
    zone=st.sampled_from(ZONES),
)
def test_local_times_survive_the_round_trip_or_are_refused(at: datetime, zone: str) -> None:
    """In every zone: either the wall shows that time at one instant only, or it is refused."""
    region = ZoneInfo(zone)
    instants = {
        instant
        for hours in range(-15, 16)
        for minutes in (0, 15, 30, 45)
        if (instant := at.replace(tzinfo=UTC) + timedelta(hours=hours, minutes=minutes))
        .astimezone(region)
        .replace(tzinfo=None)
        == at
    }
    if len(instants) == 1:
        assert instants == {instant_of(at, zone)}
    else:
        with pytest.raises(UnclearTime):
            instant_of(at, zone)


@pytest.mark.parametrize(
    ("first", "second", "answer"),
    [
        ("2023-06-06", "2023-06-20", True),
        ("2023-06-20", "2023-06-06", False),
        ("2023-06-06", "2023-06-06", None),
        ("2023", "2023-06-06", None),
        ("2022", "2023-06", True),
        ("unknown", "2023-06-06", None),
        ("../2020-11-19", "2020-11-20", True),
        ("2020-11-19/..", "2020-11-18", False),
        ("2023-10-05T10:00[Europe/Vienna]", "2023-10-05T08:00:01Z", True),
        ("2023-10-05T10:00[Europe/Vienna]", "2023-10-05T08:00:00Z", False),
        ("2023-10-05", "2023-10-05T08:00:00Z", None),
        ("2023-10-03", "2023-10-05T08:00:00Z", True),
    ],
)
def test_order_is_told_only_where_it_is_certain(
    first: str, second: str, answer: bool | None
) -> None:
    """True, False, or None where the precision leaves it open."""
    assert answer is before(When(first), When(second))


@pytest.mark.parametrize(
    ("first", "second", "answer"),
    [
        ("2023-07-11", "2023-10-05", (86, 86)),
        ("2015-09-03/2015-09-04", "2015-11-02", (59, 60)),
        ("unknown", "2015-11-02", (None, None)),
        ("2015-09-04/..", "2015-11-02", (None, 59)),
    ],
)
def test_days_between_are_the_least_and_the_most(
    first: str, second: str, answer: tuple[int | None, int | None]
) -> None:
    """Both bounds, each open where a side is."""
    assert answer == days_between(When(first), When(second))
