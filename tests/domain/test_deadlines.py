"""Deadlines: one function, three kinds of length that are never mixed, and a proof."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from domain import deadlines
from domain.calendars import Calendar
from domain.deadlines import REACH, Deadline, Length, compute_deadline, recompute, stated_deadline
from domain.instants import LATEST
from domain.rules import Refused
from domain.times import When
from story import Story

VIENNA = "Europe/Vienna"
OPENS = datetime(2020, 7, 1, tzinfo=UTC)
OPENS_2026 = datetime(2026, 5, 1, tzinfo=UTC)
UN_VIENNA_2023 = (
    "2023-01-02",
    "2023-04-07",
    "2023-04-10",
    "2023-04-24",
    "2023-05-01",
    "2023-06-29",
    "2023-10-26",
    "2023-12-25",
    "2023-12-26",
)


def deadline(opens: str, length: str, *, hour: str = "", zone: str = VIENNA) -> Deadline:
    """The deadline of a window that opens then, with the UN Vienna calendar of 2023."""
    calendar = Calendar.parse("Vienna", 2023, "2023.1", UN_VIENNA_2023)
    return compute_deadline(
        When(opens).exact,
        Length.parse(length),
        zone=zone,
        hour=hour,
        calendars={2023: calendar},
        rule="a rule",
        tzdata="2026.1",
    )


@pytest.mark.parametrize(
    ("opens", "length", "hour", "closes"),
    [
        ("2023-06-06T12:00[Europe/Vienna]", "14 days", "", "2023-06-20T10:00:00Z"),
        ("2023-06-06T12:00[Europe/Vienna]", "10 working days", "17:00", "2023-06-20T15:00:00Z"),
        ("2023-06-20T12:00[Europe/Vienna]", "10 working days", "17:00", "2023-07-05T15:00:00Z"),
        ("2020-11-16T12:00:00Z", "72 hours", "", "2020-11-19T12:00:00Z"),
        ("2026-03-28T12:00[Europe/Vienna]", "24 hours", "", "2026-03-29T11:00:00Z"),
        ("2026-03-28T12:00[Europe/Vienna]", "1 day", "", "2026-03-29T10:00:00Z"),
        ("2026-10-24T12:00[Europe/Vienna]", "1 day", "", "2026-10-25T11:00:00Z"),
        ("2024-02-28T12:00[Europe/Vienna]", "2 days", "", "2024-03-01T11:00:00Z"),
        ("2025-12-31T12:00[Europe/Vienna]", "1 day", "", "2026-01-01T11:00:00Z"),
    ],
)
def test_hours_days_and_working_days_differ(
    opens: str, length: str, hour: str, closes: str
) -> None:
    """Over changes of summer time, the leap day, year's end and the holidays of Vienna."""
    assert When(closes).exact == deadline(opens, length, hour=hour).utc


@given(
    opens=st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)).map(  # noqa: DTZ001
        lambda at: at.replace(tzinfo=UTC, microsecond=0)
    ),
    count=st.integers(1, 40),
    zone=st.sampled_from([VIENNA, "America/New_York", "Asia/Kathmandu"]),
)
def test_a_deadline_explains_itself(opens: datetime, count: int, zone: str) -> None:
    """Local time, zone and instant agree; the steps end in what binds."""
    try:
        made = deadline(When.from_instant(opens), f"{count} days", zone=zone)
    except Refused:
        return
    local = datetime.fromisoformat(made.local)

    assert local == made.utc.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    assert local.date() == opens.astimezone(ZoneInfo(zone)).date() + timedelta(days=count)
    assert f"{made.utc:%Y-%m-%d %H:%M:%S} UTC" in made.steps[-1]


@pytest.mark.parametrize(
    ("opens", "length", "zone", "rule"),
    [
        ("2026-03-28T02:30[Europe/Vienna]", "1 day", VIENNA, "exact-instant"),
        ("2026-10-24T02:30[Europe/Vienna]", "1 day", VIENNA, "exact-instant"),
        ("2026-03-28T02:30Z", "1 day", "Vienna", "exact-instant"),
        ("2023-12-20T12:00Z", "10 working days", VIENNA, "calendar-published"),
        ("2023-06-06T12:00Z", "a fortnight", VIENNA, "length"),
        ("2023-06-06T12:00Z", "0 days", VIENNA, "length"),
    ],
)
def test_no_deadline_is_guessed(opens: str, length: str, zone: str, rule: str) -> None:
    """Local times that are none, years without calendar and unclear lengths are refused."""
    with pytest.raises(Refused) as refusal:
        deadline(opens, length, zone=zone)

    assert rule == refusal.value.rule


def test_a_stated_deadline_names_its_hour_and_zone() -> None:
    """An officer may state the end outright, but never as a day alone."""
    made = stated_deadline(
        When("2020-07-22T17:00[America/New_York]"), now=OPENS, rule="r", tzdata="t"
    )

    assert datetime(2020, 7, 22, 21, tzinfo=UTC) == made.utc
    with pytest.raises(Refused):
        stated_deadline(When("2020-07-22"), now=OPENS, rule="r", tzdata="t")


@pytest.mark.parametrize("length", ["72 hours", "14 days", "10 working days"])
def test_a_deadline_is_proved_by_computing_it_anew(length: str) -> None:
    """From what it holds, with the calendar it names: the same instant, and the same steps."""
    made = deadline("2023-06-06T12:00[Europe/Vienna]", length, hour="17:00")
    calendar = Calendar.parse("Vienna", 2023, "2023.1", UN_VIENNA_2023)

    assert made == recompute(made, [calendar], "2026.1")


def test_a_moved_wall_time_is_noticed() -> None:
    """After a release of the zone database a recomputed instant differs from the published one."""
    made = deadline("2023-06-06T12:00[Europe/Vienna]", "14 days")
    moved = structs.replace(made, utc=made.utc + timedelta(hours=1))
    found = stated_deadline(
        When("2026-05-29T17:00[Europe/Vienna]"), now=OPENS_2026, rule="r", tzdata="t"
    )
    stated_moved = structs.replace(found, utc=found.utc - timedelta(hours=1))

    assert made.utc == recompute(moved, (), "later").utc
    assert found.utc == recompute(stated_moved, (), "later").utc


def test_a_stated_wall_time_that_occurs_twice_keeps_its_instant() -> None:
    """The officer said which, by the offset; computing it again keeps that one."""
    for instant in ("2026-10-25T00:30:00Z[Europe/Vienna]", "2026-10-25T01:30:00Z[Europe/Vienna]"):
        found = stated_deadline(When(instant), now=OPENS, rule="r", tzdata="t")

        assert "2026-10-25T02:30:00" == found.local
        assert found.utc == recompute(found, (), "later").utc


def test_the_page_of_a_window_computes_its_deadline_anew(story: Story) -> None:
    """With the calendar that the opening had in view, also after a newer one was published."""
    story.body()
    calendar = {"body": "b", "duty_station": "Vienna", "year": 2026}
    story.do("publish calendar", version="2026.1", holidays=[], **calendar)
    story.silence(length="5 working days")
    story.do("publish calendar", version="2026.2", holidays=["2026-03-09"], **calendar)
    shown = story.placet.queries.windows.get("fictional", "w", story.now)

    assert shown.again == shown.window.deadline
    assert ("Vienna 2026.1",) == shown.window.deadline.calendars  # type: ignore[union-attr]


def test_a_calendar_holds_days_of_its_year_only() -> None:
    """A day of another year, or a word that is no day, is refused."""
    for day in ("2024-01-01", "Christmas"):
        with pytest.raises(Refused):
            Calendar.parse("Vienna", 2023, "1", [day])


def test_the_austrian_holiday_is_a_working_day_in_vienna() -> None:
    """Corpus Christi (8 June 2023) is not on the list of the United Nations."""
    calendar = Calendar.parse("Vienna", 2023, "2023.1", UN_VIENNA_2023)

    assert calendar.works_on(date(2023, 6, 8))
    assert not calendar.works_on(date(2023, 6, 29))


def test_a_deadline_stays_when_the_calendar_changes(story: Story) -> None:
    """A published deadline does not move; only a new window sees the new calendar."""
    story.body()
    calendar = {"body": "b", "duty_station": "Vienna", "year": 2026}
    story.do("publish calendar", version="2026.1", holidays=[], **calendar)
    story.silence(length="5 working days")
    first = story.state("window/w").closes
    story.do("publish calendar", version="2026.2", holidays=["2026-03-09"], **calendar)
    story.silence(window="v", length="5 working days")

    assert first == story.state("window/w").closes
    assert timedelta(days=1) < story.state("window/v").closes.exact - first.exact


@pytest.mark.parametrize("length", ["72 hours", "3 days"])
def test_a_begun_second_counts_as_a_whole_one(length: str) -> None:
    """What a notice says in seconds is the very instant; nobody has less time than was told."""
    found = deadline("2023-06-06T10:00:57.336342Z", length)

    assert When("2023-06-09T10:00:58Z").exact == found.utc
    assert "a begun second counts as a whole one" in found.steps


def test_a_begun_second_before_midnight_adds_no_day() -> None:
    found = deadline("2023-06-06T21:59:59.500000Z", "3 days", hour="17:00")

    assert When("2023-06-09T17:00[Europe/Vienna]").exact == found.utc


# --- lists of holidays ---------------------------------------------------------------------------


def published(story: Story, station: str, version: str, *holidays: str, year: int = 2026) -> None:
    """The list of a duty station for a year, published by body `b`."""
    values = {"duty_station": station, "year": year, "version": version}
    story.do("publish calendar", body="b", holidays=list(holidays), **values)


def in_vienna(story: Story, duty_station: str = "Vienna") -> None:
    """A body with two seats at a duty station."""
    values = {"names": {"en": "Body"}, "zone": "Europe/Vienna", "duty_station": duty_station}
    story.do("establish body", body="b", **values)
    story.do("adopt rule pack", body="b", pack="generic")
    story.do("fill seat", body="b", seat="east", holder="Eastland", since="2026-01-01")


def test_a_list_never_replaces_that_of_another_station(story: Story) -> None:
    """New York's was published last; the deadline in Vienna is counted and proved by Vienna's."""
    in_vienna(story)
    published(story, "vienna ", "1", "2026-03-04")
    published(story, "New York", "1", "2026-03-05", "2026-03-06")
    story.silence(length="3 working days")
    shown = story.placet.queries.windows.get("fictional", "w", story.now)

    assert "2026-03-06" == str(shown.window.closes.in_zone("Europe/Vienna").day)
    assert ("vienna  1",) == shown.window.deadline.calendars  # type: ignore[union-attr]
    assert shown.again == shown.window.deadline


def test_the_list_of_another_station_counts_for_nobody(story: Story) -> None:
    """Working days are refused, though there is some list for the year."""
    in_vienna(story)
    published(story, "New York", "1")
    with story.refused("calendar-published"):
        story.silence(length="3 working days")


def test_a_body_without_a_station_has_that_of_its_lists(story: Story) -> None:
    """As long as there is one only: which of two is meant is not guessed."""
    in_vienna(story, "")
    published(story, "Vienna", "1")
    story.silence(length="3 working days")
    published(story, "New York", "1")
    with story.refused("calendar-published"):
        story.silence(window="v", length="3 working days")

    assert ("Vienna 1",) == story.state("window/w").deadline.calendars


def test_a_later_list_replaces_the_one_before(story: Story) -> None:
    """Of the same duty station and year; another year stays what it was."""
    in_vienna(story)
    published(story, "Vienna", "1", "2026-03-04")
    published(story, "VIENNA", "2")
    published(story, "Vienna", "1", year=2027)
    story.silence(length="3 working days")

    assert ("VIENNA 2",) == story.state("window/w").deadline.calendars


@pytest.mark.parametrize(
    ("station", "year", "version", "rule"),
    [
        ("Vienna", 2026, "1", "new"),
        (" VIENNA", 2026, "1", "new"),
        ("Vienna", 2026, "2", ""),
        ("Vienna", 2027, "1", ""),
        ("New York", 2026, "1", ""),
        ("", 2026, "1", "empty"),
        ("\u200b", 2026, "1", "empty"),
        ("Vienna", 2026, "", "empty"),
        ("Vienna", 2200, "1", "calendar-dates"),
        ("Vienna", 1799, "1", "calendar-dates"),
    ],
)
def test_a_version_names_the_same_days_for_ever(
    story: Story, station: str, year: int, version: str, rule: str
) -> None:
    """Also after a later version; a list names its station, its version and a year in reach."""
    in_vienna(story)
    published(story, "Vienna", "1", "2026-03-04")
    published(story, "Vienna", "3")
    published(story, "Vienna", "1", "2026-03-04")
    if rule:
        with story.refused(rule):
            published(story, station, version, year=year)
    else:
        published(story, station, version, year=year)


def test_a_weekend_is_part_of_a_version(story: Story) -> None:
    in_vienna(story)
    published(story, "Vienna", "1")
    values = {"duty_station": "Vienna", "year": 2026, "version": "1", "weekend": ["Friday"]}
    with story.refused("new"):
        story.do("publish calendar", body="b", holidays=[], **values)


def test_a_proof_uses_the_lists_that_it_names() -> None:
    """Of several that were published for a year, also those of another duty station."""
    lists = [
        Calendar.parse("Vienna", 2023, "1", ()),
        Calendar.parse("New York", 2023, "1", ("2023-06-07",)),
        Calendar.parse("Vienna", 2023, "2", ("2023-06-07", "2023-06-08")),
    ]
    opens = When("2023-06-06T12:00[Europe/Vienna]").exact
    values: dict[str, Any] = {"zone": VIENNA, "hour": "", "rule": "r", "tzdata": "t"}
    for entry in lists:
        made = compute_deadline(
            opens, Length.parse("3 working days"), calendars={2023: entry}, **values
        )

        assert (str(entry),) == made.calendars
        assert made == recompute(made, lists, "t")
        with pytest.raises(Refused):
            recompute(made, [other for other in lists if other is not entry], "t")


# --- how far ahead -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("closes", "rule"),
    [
        ("2030-07-02T00:00:00Z", ""),
        ("2030-07-02T00:00:00.000001Z", "closes-within-reach"),
        ("2199-12-31T23:59:59Z", "closes-within-reach"),
    ],
)
def test_a_deadline_is_stated_within_reach(closes: str, rule: str) -> None:
    """Ten years ahead and not a moment more."""
    assert OPENS + REACH == When("2030-07-02T00:00:00Z").exact
    if not rule:
        assert (
            When(closes).exact == stated_deadline(When(closes), now=OPENS, rule="r", tzdata="t").utc
        )
        return
    with pytest.raises(Refused) as refusal:
        stated_deadline(When(closes), now=OPENS, rule="r", tzdata="t")
    assert rule == refusal.value.rule


@pytest.mark.parametrize(
    ("opens", "length"),
    [
        ("2026-03-02T12:00Z", "99999 days"),
        ("2026-03-02T12:00Z", "99999 hours"),
        ("2026-03-02T12:00Z", "3654 days"),
    ],
)
def test_a_length_ends_within_reach(opens: str, length: str) -> None:
    with pytest.raises(Refused) as refusal:
        deadline(opens, length)

    assert "closes-within-reach" == refusal.value.rule
    assert "2036" == deadline(opens, "3653 days").local[:4]


@pytest.mark.parametrize("length", ["99999 days", "99999 hours", "5 working days"])
def test_nothing_is_counted_beyond_the_end_of_time(length: str) -> None:
    """What was stored there is refused with its reason, and breaks nothing."""
    made = structs.replace(deadline("2023-06-06T12:00Z", "5 working days"), length=length)
    late = structs.replace(made, opens=LATEST - timedelta(days=1))
    lists = [Calendar.parse("Vienna", 9999, "2023.1", ())]
    with pytest.raises(Refused) as refusal:
        recompute(late, lists, "t")

    assert "closes-within-reach" == refusal.value.rule


def test_what_was_stated_at_the_end_of_time_is_shown() -> None:
    """Or in a zone that is none any more: then it cannot be computed again."""
    found = stated_deadline(
        When("2026-05-29T17:00[Europe/Vienna]"), now=OPENS_2026, rule="r", tzdata="t"
    )
    last = structs.replace(
        found, utc=LATEST.replace(microsecond=0), local="9999-12-31T23:59:59", zone="UTC"
    )
    lost = structs.replace(found, zone="localtime")

    assert last.utc == recompute(last, (), "t").utc
    with pytest.raises(Refused):
        recompute(lost, (), "t")


@pytest.mark.parametrize(
    ("text", "count", "unit"),
    [
        ("1 hour", 1, "hours"),
        ("1 day", 1, "days"),
        ("01 days", 1, "days"),
        ("1 working day", 1, "working days"),
        ("99999 hours", 99999, "hours"),
    ],
)
def test_a_length_is_a_number_and_a_unit(text: str, count: int, unit: str) -> None:
    assert (count, unit) == (Length.parse(text).count, Length.parse(text).unit)
    assert str(Length.parse(text)) == f"{count} {unit if count > 1 else unit[:-1]}"


@pytest.mark.parametrize(
    "text", ["", "0 hours", "00000 days", "100000 hours", "-1 days", "1.5 days", "٣ days", "1  day"]
)
def test_nothing_else_is_a_length(text: str) -> None:
    with pytest.raises(Refused) as refusal:
        Length.parse(text)

    assert "length" == refusal.value.rule


@pytest.mark.parametrize(
    ("length", "least", "held"),
    [
        ("72 hours", "72 hours", True),
        ("71 hours", "72 hours", False),
        ("14 days", "14 days", True),
        ("13 days", "14 days", False),
        ("10 working days", "10 working days", True),
        ("9 working days", "10 working days", False),
        ("4 days", "72 hours", True),
        ("3 days", "72 hours", None),
        ("2 days", "72 hours", False),
        ("72 hours", "2 days", True),
        ("71 hours", "2 days", None),
        ("25 hours", "2 days", None),
        ("24 hours", "2 days", False),
        ("4 working days", "72 hours", True),
        ("3 working days", "72 hours", None),
        ("1 working day", "72 hours", None),
        ("15 days", "3 working days", None),
        ("1 day", "3 working days", False),
        ("48 hours", "3 working days", False),
        ("", "72 hours", None),
        ("0 hours", "72 hours", None),
        ("three days or so", "72 hours", None),
    ],
)
def test_a_length_that_a_source_tells_is_held_against_another(
    length: str, least: str, held: bool | None
) -> None:
    """Of two kinds only what holds whatever the hour and the calendar."""
    assert held is deadlines.is_at_least(length, least)
