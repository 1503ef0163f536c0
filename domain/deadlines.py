"""The one function that computes a deadline, and the proof that it leaves behind.

Three kinds of length are never mixed: elapsed time (`72 hours`), calendar days (`14 days`) and
working days of a duty station (`10 working days`). Sources: UNGA decision 74/544 counts
hours; CTOC/COP/WG.7/2023/1 tells of days; UN duty stations publish their holidays yearly.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from msgspec import Struct

from domain.calendars import Calendar, calendars_named, working_days_after
from domain.instants import UnclearTime
from domain.rules import Refused
from domain.time_zones import instant_of, is_zone, time_zone, wall_time
from domain.times import When

REACH: Final = timedelta(days=3653)
"""How far ahead a deadline may lie; what lies farther is a slip of the pen. A choice of ours:
the longest periods of tacit acceptance known, of amendments to treaties, last some years."""

_LENGTH = re.compile(r"^(?P<count>[0-9]{1,5}) (?P<unit>hours?|days?|working days?)$")


class Length(Struct, frozen=True):
    """A length of one of the three kinds; `unit` is `hours`, `days` or `working days`."""

    count: int
    unit: str

    @classmethod
    def parse(cls, text: str) -> Length:
        """Read `72 hours`, `14 days` or `10 working days`. Raises Refused."""
        found = _LENGTH.match(text.strip())
        if not found or not int(found["count"]):
            given = text or "no length is given"
            raise Refused("length", f"{given}: write 72 hours, 14 days or 10 working days")
        unit = found["unit"]
        return cls(int(found["count"]), unit if unit.endswith("s") else unit + "s")

    def __str__(self) -> str:
        return f"{self.count} {self.unit if self.count > 1 else self.unit.removesuffix('s')}"


def is_at_least(stated: str, least: str) -> bool | None:
    """Whether a length in the words of a source is as long as another; None where that is open.

    Kinds of length are never mixed: a day may end at another hour than it began, and how many days
    some working days take is not known. Of two kinds only what holds all the same is said.
    """
    try:
        length, other = Length.parse(stated), Length.parse(least)
    except Refused:
        return None
    if length.unit == other.unit:
        return length.count >= other.count
    (shortest, longest), (at_least, at_most) = _hours(length), _hours(other)
    if at_most is not None and shortest >= at_most:
        return True
    return False if longest is not None and longest <= at_least else None


def _hours(length: Length) -> tuple[int, int | None]:
    """How many hours a length takes at least, and at most where that can be told."""
    if length.unit == "hours":
        return length.count, length.count
    shortest, longest = 24 * (length.count - 1), 24 * (length.count + 1)
    return shortest, longest if length.unit == "days" else None


class Deadline(Struct, frozen=True, kw_only=True):
    """A deadline with its proof. What counts is received strictly before `utc`.

    `local` is the wall time in `zone`; `utc` binds once it is published. `steps` tell in words
    how it was computed from `opens` (empty where an officer stated it), `calendars` which
    published versions were used, `tzdata` which release of the time zone database.
    """

    local: str
    zone: str
    utc: datetime
    length: str
    rule: str
    tzdata: str
    opens: datetime | None = None
    hour: str = ""
    calendars: tuple[str, ...] = ()
    convention: str = "before"
    steps: tuple[str, ...] = ()


def compute_deadline(
    opens: datetime,
    length: Length,
    *,
    zone: str,
    hour: str,
    calendars: Mapping[int, Calendar],
    rule: str,
    tzdata: str,
) -> Deadline:
    """The deadline of a window that opens at `opens` (UTC) in a body of this IANA `zone`.

    Hours elapse whatever the wall clocks do. Days, calendar or working, are counted from the
    local day after the opening, and end at the local `hour` (`17:00`) or, when that is empty, at
    the wall time of the opening. A begun second counts as a whole one, so that a notice which
    tells seconds tells the instant itself. Raises Refused when the local end does not exist or is
    ambiguous in its zone, when a year has no published calendar of working days, and when the
    end is out of reach.
    """
    made = _computed(
        opens, length, zone=zone, hour=hour, calendars=calendars, rule=rule, tzdata=tzdata
    )
    _require_reach(made.utc, opens)
    return made


def _require_reach(utc: datetime, now: datetime) -> None:
    """Nothing that runs ends beyond the reach of those who opened it."""
    if utc - now > REACH:
        years = REACH // timedelta(days=365)
        because = f"it would close on {utc:%Y-%m-%d}, more than {years} years ahead"
        raise Refused("closes-within-reach", because)


def _computed(opens: datetime, length: Length, *, zone: str, **particulars: Any) -> Deadline:
    """What `compute` gives, however far ahead. Raises Refused, also for the end of time."""
    try:
        return _ended(opens, length, zone=zone, **particulars)
    except UnclearTime as error:
        raise Refused("exact-instant", str(error)) from error
    except OverflowError as error:
        raise Refused("closes-within-reach", f"{length} end after the end of time") from error


def _ended(
    opens: datetime,
    length: Length,
    *,
    zone: str,
    hour: str,
    calendars: Mapping[int, Calendar],
    **particulars: Any,
) -> Deadline:
    start = opens.astimezone(time_zone(zone))
    used: tuple[str, ...] = ()
    if length.unit == "hours":
        utc, counted = opens + timedelta(hours=length.count), f"plus {length} of elapsed time"
    else:
        day, counted, used = _counted(start.date(), length, calendars)
        end = datetime.combine(day, time.fromisoformat(hour) if hour else start.time())
        utc = instant_of(end, zone)
    rest = timedelta(microseconds=-utc.microsecond % 1_000_000)
    rounded = ("a begun second counts as a whole one",) if rest else ()
    return _of(
        utc + rest,
        zone,
        (f"opens {start:%Y-%m-%d %H:%M:%S} {zone}", counted, *rounded),
        length=str(length),
        hour=hour,
        opens=opens,
        calendars=used,
        **particulars,
    )


def stated_deadline(closes: When, *, now: datetime, rule: str, tzdata: str) -> Deadline:
    """A deadline that an officer states outright at `now` (UTC). It must name its hour and zone."""
    try:
        utc = closes.exact
    except UnclearTime as error:
        raise Refused("exact-instant", str(error)) from error
    _require_reach(utc, now)
    steps = (f"stated as {closes}",)
    return _of(utc, closes.zone or "UTC", steps, length="", rule=rule, tzdata=tzdata)


def recompute(deadline: Deadline, calendars: Iterable[Calendar], tzdata: str) -> Deadline:
    """The same deadline computed again, with the lists that it names and the time zones of today.

    `calendars` are those that the body had published by then, in their order.

    It proves the stored one when both close at the same instant. Where a new release of the
    time zone database moves the wall time, they differ, and the stored instant binds.
    """
    if not deadline.opens:
        local = datetime.fromisoformat(deadline.local)
        steps = (f"stated as {local:%Y-%m-%d %H:%M:%S} {deadline.zone}",)
        utc = _instant(local, deadline.zone, like=deadline.utc)
        return _of(utc, deadline.zone, steps, length="", rule=deadline.rule, tzdata=tzdata)
    return _computed(
        deadline.opens,
        Length.parse(deadline.length),
        zone=deadline.zone,
        hour=deadline.hour,
        calendars=calendars_named(calendars, deadline.calendars),
        rule=deadline.rule,
        tzdata=tzdata,
    )


def _counted(
    start: date, length: Length, calendars: Mapping[int, Calendar]
) -> tuple[date, str, tuple[str, ...]]:
    """The last day, how it was counted in words, and which calendars were used."""
    if length.unit == "days":
        day = start + timedelta(days=length.count)
        return day, f"plus {length} of the calendar: {day}", ()
    day, skipped = working_days_after(start, length.count, calendars)
    years = [calendars[year] for year in range(start.year, day.year + 1) if year in calendars]
    used = tuple(map(str, years))
    return day, f"plus {length}: {day}; {len(skipped)} other days passed over", used


def _instant(local: datetime, zone: str, like: datetime) -> datetime:
    """The instant of a wall time; of two, the one that is `like`, if it is one of them."""
    if is_zone(zone) and wall_time(like, zone).replace(tzinfo=None) == local:
        return like
    try:
        return instant_of(local, zone)
    except UnclearTime as error:
        raise Refused("exact-instant", str(error)) from error


def _of(utc: datetime, zone: str, steps: tuple[str, ...], **particulars: Any) -> Deadline:
    """The value, with its wall time and with its last step in words."""
    local = wall_time(utc, zone)
    last = f"closes before {local:%Y-%m-%d %H:%M:%S} {zone}, {utc:%Y-%m-%d %H:%M:%S} UTC"
    wall = local.replace(tzinfo=None).isoformat(timespec="seconds")
    return Deadline(
        local=wall, zone=zone, utc=utc.astimezone(UTC), steps=(*steps, last), **particulars
    )
