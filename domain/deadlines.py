"""The one function that computes a deadline, and the proof that it leaves behind.

Three kinds of length are never mixed: elapsed time (`72 hours`), calendar days (`14 days`) and
working days of a duty station (`10 working days`). Sources: UNGA decision 74/544 counts
hours; CTOC/COP/WG.7/2023/1 tells of days; UN duty stations publish their holidays yearly.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain.calendars import Calendar, working_days_after
from domain.rules import Refused
from domain.times import UnclearTime, When, instant_of

_LENGTH = re.compile(r"^(?P<count>\d+) (?P<unit>hours?|days?|working days?)$")


@dataclass(frozen=True)
class Length:
    """A length of one of the three kinds; `unit` is `hours`, `days` or `working days`."""

    count: int
    unit: str

    @classmethod
    def parse(cls, text: str) -> Length:
        """Read `72 hours`, `14 days` or `10 working days`. Raises Refused."""
        found = _LENGTH.match(text.strip())
        if not found or not int(found["count"]):
            told = text or "no length is given"
            raise Refused("length", f"{told}: write 72 hours, 14 days or 10 working days")
        unit = found["unit"]
        return cls(int(found["count"]), unit if unit.endswith("s") else unit + "s")

    def __str__(self) -> str:
        return f"{self.count} {self.unit if self.count > 1 else self.unit.removesuffix('s')}"


@dataclass(frozen=True, kw_only=True)
class Deadline:
    """A deadline with its proof. What counts is received strictly before `utc`.

    `local` is the wall time in `zone`; `utc` binds once it is published. `steps` tell in words
    how it was computed, `calendars` which published versions were used, `tzdata` which release
    of the time zone database.
    """

    local: str
    zone: str
    utc: datetime
    length: str
    rule: str
    tzdata: str
    calendars: tuple[str, ...] = ()
    convention: str = "before"
    steps: tuple[str, ...] = ()


def compute(
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
    the wall time of the opening. Raises Refused when the local end does not exist or is
    ambiguous in its zone, or when a year has no published calendar of working days.
    """
    try:
        region = ZoneInfo(zone)
    except (ValueError, KeyError) as error:
        raise Refused("exact-instant", f"{zone!r} is not an IANA time zone") from error
    start = opens.astimezone(region)
    steps = [f"opens {start:%Y-%m-%d %H:%M:%S} {zone}"]
    used: tuple[str, ...] = ()
    if length.unit == "hours":
        utc = opens + timedelta(hours=length.count)
        steps.append(f"plus {length} of elapsed time")
    else:
        if length.unit == "days":
            day = start.date() + timedelta(days=length.count)
            steps.append(f"plus {length} of the calendar: {day}")
        else:
            day, skipped = working_days_after(start.date(), length.count, calendars)
            years = range(start.year, day.year + 1)
            used = tuple(
                f"{calendars[year].duty_station} {calendars[year].version}"
                for year in years
                if year in calendars
            )
            steps.append(f"plus {length}: {day}; {len(skipped)} other days passed over")
        end = datetime.combine(day, time.fromisoformat(hour) if hour else start.time())
        try:
            utc = instant_of(end, zone)
        except UnclearTime as error:
            raise Refused("exact-instant", str(error)) from error
    local = utc.astimezone(region)
    steps.append(f"closes before {local:%Y-%m-%d %H:%M:%S} {zone}, {utc:%Y-%m-%d %H:%M:%S} UTC")
    return Deadline(
        local=local.replace(tzinfo=None).isoformat(timespec="seconds"),
        zone=zone,
        utc=utc.astimezone(UTC),
        length=str(length),
        rule=rule,
        tzdata=tzdata,
        calendars=used,
        steps=tuple(steps),
    )


def stated(closes: When, *, rule: str, tzdata: str) -> Deadline:
    """A deadline that an officer states outright. It must name its hour and zone."""
    try:
        utc = closes.exact
    except UnclearTime as error:
        raise Refused("exact-instant", str(error)) from error
    zone = closes.zone or "UTC"
    local = utc.astimezone(ZoneInfo(zone))
    return Deadline(
        local=local.replace(tzinfo=None).isoformat(timespec="seconds"),
        zone=zone,
        utc=utc,
        length="",
        rule=rule,
        tzdata=tzdata,
        steps=(f"stated as {closes}", f"closes before {utc:%Y-%m-%d %H:%M:%S} UTC"),
    )
