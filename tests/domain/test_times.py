"""Times as sources tell them: never more exact than known, never a moment that is none."""

from __future__ import annotations

import zoneinfo
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters import time_zone_data
from domain.instants import EARLIEST, LATEST, UnclearTime, shift
from domain.time_zones import instant_of, is_zone, time_zone, wall_time
from domain.times import UNKNOWN, YEARS, Precision, When, days_between, is_before, is_in_term

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
        "2026-10-25T02:30:15[Europe/Vienna]",
        "2023-10-05T10:00:60[Europe/Vienna]",
        "2023-10-05T24:01",
        "2023-10-05T24:00:01Z",
        "2023-10-05T24:00:30[Europe/Vienna]",
        "2027-07-01T17:00+01:00[Europe/Vienna]",
        "2027-07-01T02:30+05:00[Europe/Vienna]",
        "2027-07-01T17:00+00:00[Europe/Vienna]",
        "2026-03-29T02:30+01:00[Europe/Vienna]",
        "2026-03-29T02:30+02:00[Europe/Vienna]",
        "2026-03-29T02:30/2026-03-30[Europe/Vienna]",
        "2027-07-01T17:00+01:00/..[Europe/Vienna]",
        "2023-10-05/2023-10-06[Mars/Olympus]",
        "2023-10-05[Europe/Vienna]/2023-10-06",
        "2023/2024/2025",
        "unknown[Europe/Vienna]",
        "1799-12-31",
        "2200-01-01T00:00Z",
        "2200",
        "9999-12-31T23:59:59Z",
        "9999-12-31",
        "9999-12-31T24:00",
        "0001-01-01T00:00+14:00",
        "../9999-12-31",
        "٢٠٢٣-10-05",
        "2023-10-05T10:00[Europe]",
        "2023-10-05T10:00[posixrules]",
        "2023-10-05T10:00[Factory]",
        "2023-10-05T10:00[localtime]",
        "2023-10-05T10:00[right/Europe/Vienna]",
        "2023-10-05T10:00[posix/Europe/Vienna]",
    ],
)
def test_what_is_no_time_is_refused(text: str) -> None:
    """Nonsense, days that are none, times that a zone skips, has twice or contradicts, zones that
    are no place, and years that nobody means."""
    with pytest.raises(UnclearTime):
        When(text)


def test_an_instant_needs_its_offset() -> None:
    """A naive datetime is nobody's time."""
    with pytest.raises(UnclearTime):
        When.from_instant(datetime(2026, 1, 1))  # noqa: DTZ001 (the point of the test)


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
    assert answer is is_before(When(first), When(second))


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


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2027-07-01T17:00:30[Europe/Vienna]", "2027-07-01T15:00:30Z"),
        ("2027-07-01T17:00:30.25[Europe/Vienna]", "2027-07-01T15:00:30.250000Z"),
        ("2027-07-01T24:00[Europe/Vienna]", "2027-07-01T22:00:00Z"),
        ("2027-12-31T24:00:00Z", "2028-01-01T00:00:00Z"),
        ("2027-12-31T24:00+02:00", "2027-12-31T22:00:00Z"),
        ("2027-07-01T17:00+02:00[Europe/Vienna]", "2027-07-01T15:00:00Z"),
        ("2026-10-25T02:30+02:00[Europe/Vienna]", "2026-10-25T00:30:00Z"),
        ("2026-10-25T02:30+01:00[Europe/Vienna]", "2026-10-25T01:30:00Z"),
        ("2027-07-01T17:00Z[Europe/Vienna]", "2027-07-01T17:00:00Z"),
        ("2026-03-28T24:00-03:00", "2026-03-29T03:00:00Z"),
    ],
)
def test_one_instant_is_written_in_several_ways(text: str, instant: str) -> None:
    """With seconds, at the end of a day, with an offset that its zone has."""
    assert When(instant).exact == When(text).exact


@pytest.mark.parametrize(
    ("text", "precision"),
    [
        ("2026-05-04T10:00", "minute"),
        ("2026-05-04", "day"),
        ("2026-05-04[Etc/UTC]", "day"),
        ("2026-05", "month"),
        ("2026", "year"),
        ("2026-05-04T10:00Z/2026-05-04T10:00Z", "interval"),
        ("unknown", "unknown"),
    ],
)
def test_only_an_hour_with_its_zone_is_exact(text: str, precision: str) -> None:
    """Not even an interval whose ends are the same instant."""
    assert precision == When(text).precision
    with pytest.raises(UnclearTime):
        _ = When(text).exact


def test_the_zone_of_an_interval_is_that_of_both_ends() -> None:
    """From the first moment of its first day there to the last of its last."""
    when = When("2026-05-03/2026-05-04[Europe/Vienna]")

    assert When("2026-05-02T22:00Z").exact == when.earliest
    assert When("2026-05-04T21:59:59.999999Z").exact == when.latest
    assert ("2026-05-03", "2026-05-04") == tuple(map(str, when.days))
    assert (None, "2026-05-04") == (
        When("../2026-05-03T22:00Z[Europe/Vienna]").days[0],
        str(When("../2026-05-03T22:00Z[Europe/Vienna]").days[1]),
    )


def test_the_end_of_a_day_is_midnight_of_the_next() -> None:
    """The same moment, whichever way it is written, on the same day."""
    end, midnight = When("2027-07-01T24:00[Europe/Vienna]"), When("2027-07-02T00:00[Europe/Vienna]")

    assert (midnight.exact, midnight.day) == (end.exact, end.day)


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        (
            "2027-07-01T17:00+01:00[Europe/Vienna]",
            "2027-07-01T16:00:00Z",
            "2027-07-01T16:00:00Z",
        ),
        ("2026-10-25T02:30[Europe/Vienna]", "2026-10-25T00:30Z", "2026-10-25T01:30Z"),
        ("2026-03-29T02:30[Europe/Vienna]", "2026-03-29T00:30Z", "2026-03-29T01:30Z"),
        ("2026-05-04T10:00[localtime]", "2026-05-03T20:00Z", "2026-05-04T22:00Z"),
        ("2015/2016/2017", "2014-12-31T10:00Z", "2018-01-01T11:59:59.999999Z"),
    ],
)
def test_what_was_taken_once_is_read_for_ever(text: str, earliest: str, latest: str) -> None:
    """As it was meant then; what a zone does not tell any more is open."""
    when = When.from_stored(text)

    assert (When(earliest).exact, When(latest).exact) == (when.earliest, when.latest)
    with pytest.raises(UnclearTime):
        When(text)


@pytest.mark.parametrize("text", ["9999-12-31T23:59:59Z", "9999-12-31", "9999", "0001-01-01"])
def test_the_ends_of_time_are_read_as_well(text: str) -> None:
    """Nothing that was stored there is in the way of anything."""
    when = When.from_stored(text).in_zone("Asia/Tokyo")

    assert EARLIEST <= when.earliest <= when.latest <= LATEST
    assert wall_time(when.latest, "Pacific/Kiritimati") <= LATEST
    assert LATEST == shift(LATEST, timedelta(seconds=1))
    assert EARLIEST == shift(EARLIEST, -timedelta(seconds=1))
    assert EARLIEST + timedelta(1) == shift(EARLIEST, timedelta(1))
    assert LATEST - timedelta(1) == shift(LATEST, -timedelta(1))


def test_the_years_that_may_be_entered() -> None:
    """The first and the last of them, and none beside."""
    assert (1800, 2199) == (When(str(YEARS[0])).days[0].year, YEARS[-1])  # type: ignore[union-attr]
    assert When("2199-12-31T23:59:59Z").exact.year == YEARS[-1]


@pytest.mark.parametrize(
    "name",
    ["", "Europe", "posixrules", "Factory", "localtime", "right/UTC", "../UTC", "x\0", "utc"],
)
def test_a_zone_is_that_of_a_place(name: str) -> None:
    """Of folders, odd files and names that stand for no place, none is a zone."""
    assert not is_zone(name)
    with pytest.raises(UnclearTime):
        time_zone(name)
    assert is_zone("Europe/Vienna")
    assert "UTC" == time_zone("UTC").key


def test_the_zone_of_the_machine_is_no_place(tmp_path: Path) -> None:
    """Some systems have a file of that name beside the zones of places."""
    (tmp_path / "localtime").write_bytes((files("tzdata") / "zoneinfo" / "UTC").read_bytes())
    zoneinfo.reset_tzpath(to=[str(tmp_path)])
    try:
        assert "localtime" in zoneinfo.available_timezones()
        assert not is_zone("localtime")
    finally:
        time_zone_data.use_shipped()


def test_what_has_a_zone_keeps_it() -> None:
    """A day is read in a zone only where it names none; what is unknown stays so."""
    assert "2026-05-04[Europe/Vienna]" == When("2026-05-04").in_zone("Europe/Vienna")
    assert "2026-05-04[Asia/Tokyo]" == When("2026-05-04[Asia/Tokyo]").in_zone("Europe/Vienna")
    assert "2026-05-04" == When("2026-05-04").in_zone("")
    assert UNKNOWN is UNKNOWN.in_zone("Europe/Vienna")
    assert "2026-05-05" == str(When("2026-05-04T23:30Z").in_zone("Europe/Vienna").day)


@pytest.mark.parametrize(
    ("day", "opens", "closes"),
    [
        ("2026-05-04[Europe/Vienna]", "2026-05-03T22:00Z", "2026-05-04T21:59:59.999999Z"),
        ("2018-11-04[America/Sao_Paulo]", "2018-11-04T03:00Z", "2018-11-05T01:59:59.999999Z"),
        ("2018-02-17[America/Sao_Paulo]", "2018-02-17T02:00Z", "2018-02-18T02:59:59.999999Z"),
    ],
)
def test_a_day_reaches_from_its_first_moment_to_its_last(day: str, opens: str, closes: str) -> None:
    """Also where clocks change at midnight: a first hour is missing, a last one comes twice."""
    assert (When(opens).exact, When(closes).exact) == (When(day).earliest, When(day).latest)


@pytest.mark.parametrize(
    ("at", "since", "until", "zone", "answer"),
    [
        ("2026-05-04T11:00+02:00", "unknown", "2026-05-03", "Europe/Vienna", False),
        ("2026-05-03T21:59:59Z", "unknown", "2026-05-03", "Europe/Vienna", True),
        ("2026-05-03T22:00Z", "unknown", "2026-05-03", "Europe/Vienna", False),
        ("2026-05-03T22:00Z", "2026-05-04", "unknown", "Europe/Vienna", True),
        ("2026-05-03T21:59:59.999999Z", "2026-05-04", "unknown", "Europe/Vienna", False),
        ("2026-05-03", "2026-05-03", "2026-05-03", "Europe/Vienna", True),
        ("2026-05-03", "2026-05-03", "2026-05-03", "", True),
        ("2026-05-04", "unknown", "2026-05-03", "", False),
        ("2026-05-04T09:59Z", "unknown", "2026-05-03", "", None),
        ("2026-05-03T09:59Z", "unknown", "2026-05-03", "", True),
        ("2026-05-04T12:00Z", "unknown", "2026-05-03", "", False),
        ("2026-05", "unknown", "2026-05-03", "Europe/Vienna", None),
        ("2026-05", "2026-05-03", "unknown", "Europe/Vienna", None),
        ("2026-05-31T21:59Z", "unknown", "2026-05", "Europe/Vienna", True),
        ("2026-05-31T22:00Z", "unknown", "2026-05", "Europe/Vienna", False),
        ("2026-05-04T10:00Z", "unknown", "2026-05-04T10:00Z", "Europe/Vienna", False),
        ("2026-05-04T09:59:59.999999Z", "unknown", "2026-05-04T10:00Z", "Europe/Vienna", True),
        ("2026-05-04T10:00Z", "2026-05-04T10:00Z", "unknown", "Europe/Vienna", True),
        ("unknown", "unknown", "unknown", "", True),
        ("unknown", "2026-05-04", "unknown", "", None),
    ],
)
def test_the_days_of_a_term_are_days_of_a_zone(
    at: str, since: str, until: str, zone: str, answer: bool | None
) -> None:
    """The first and the last of them belong to it, from midnight to midnight."""
    assert answer is is_in_term(When(at), When(since), When(until), zone)


@pytest.mark.parametrize(
    ("first", "second", "zone", "answer"),
    [
        ("2026-05-04", "2026-05-05T08:00Z", "Europe/Vienna", True),
        ("2026-05-04", "2026-05-05T08:00Z", "", None),
        ("2026-05-05T08:00Z", "2026-05-04", "Europe/Vienna", False),
        ("2026-05-04", "2026-05-04", "Europe/Vienna", None),
        ("2026-05-04", "2026-05-05", "Europe/Vienna", True),
    ],
)
def test_a_day_comes_before_an_hour_of_the_next(
    first: str, second: str, zone: str, answer: bool | None
) -> None:
    """Where it is known in which zone the day is one."""
    assert answer is is_before(When(first), When(second), zone)


def test_days_between_are_days_of_a_zone() -> None:
    """An hour late in the evening in UTC is one of the next day in Vienna."""
    late = When("2026-05-04T22:30Z")

    assert (1, 1) == days_between(late, When("2026-05-05"))
    assert (0, 0) == days_between(late, When("2026-05-05"), "Europe/Vienna")


@pytest.mark.parametrize(
    ("local", "why"),
    [("2026-03-29T02:30", "clocks skip it"), ("2026-10-25T02:30", "occurs twice")],
)
def test_it_is_said_why_a_local_time_is_none(local: str, why: str) -> None:
    """The person who entered it can do something about it."""
    with pytest.raises(UnclearTime, match=why):
        instant_of(datetime.fromisoformat(local), "Europe/Vienna")
