"""Working days of a duty station: published, versioned data, one list per station and year."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from typing import Final

from msgspec import Struct

from domain.confusables import skeleton
from domain.rules import Refused

WEEKDAYS: Final = (
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
)


class Calendar(Struct, frozen=True):
    """The non-working days of one duty station in one year."""

    duty_station: str
    year: int
    version: str
    holidays: frozenset[date]
    weekend: frozenset[int]

    @classmethod
    def parse(
        cls,
        duty_station: str,
        year: int,
        version: str,
        holidays: Iterable[str],
        weekend: Iterable[str] = ("Saturday", "Sunday"),
    ) -> Calendar:
        """Read ISO dates and English weekday names. Raises Refused for a day of another year."""
        try:
            days = frozenset(date.fromisoformat(text) for text in holidays)
            free = frozenset(WEEKDAYS.index(name) for name in weekend)
        except ValueError as error:
            raise Refused("calendar-dates", f"calendar {duty_station} {year}: {error}") from error
        for day in days:
            if day.year != year:
                raise Refused("calendar-dates", f"{day} is not a day of the calendar for {year}")
        return cls(duty_station, year, version, days, free)

    def __str__(self) -> str:
        """The list as a proof names it."""
        return f"{self.duty_station} {self.version}"

    @property
    def station_key(self) -> str:
        """Its duty station in one spelling."""
        return skeleton(self.duty_station)

    def works_on(self, day: date) -> bool:
        return day not in self.holidays and day.weekday() not in self.weekend


def calendars_in_force(calendars: Iterable[Calendar]) -> Mapping[tuple[str, int], Calendar]:
    """Of these lists, in the order in which they were published, the last one of each duty
    station and year; a list of one duty station never replaces another's."""
    return {(calendar.station_key, calendar.year): calendar for calendar in calendars}


def calendars_of_station(
    calendars: Iterable[Calendar], duty_station: str
) -> Mapping[int, Calendar]:
    """The lists in force at a duty station, by year.

    Where none is named, the station of all of them is meant; none, when they are of several.
    """
    lists = calendars_in_force(calendars)
    stations = {skeleton(duty_station)} if duty_station else {station for station, _ in lists}
    if len(stations) > 1:
        return {}
    return {year: calendar for (station, year), calendar in lists.items() if station in stations}


def calendars_named(
    calendars: Iterable[Calendar], names: Collection[str]
) -> Mapping[int, Calendar]:
    """The lists that a proof names, by year."""
    return {calendar.year: calendar for calendar in calendars if str(calendar) in names}


def working_days_after(
    start: date, count: int, calendars: Mapping[int, Calendar]
) -> tuple[date, tuple[date, ...]]:
    """The day `count` working days after `start` (not counted), and the days passed over.

    Raises Refused when a year on the way has no published calendar: it is never guessed.
    """
    day, skipped = start, []
    while count:
        day += timedelta(days=1)
        if day.year not in calendars:
            raise Refused(
                "calendar-published",
                f"no calendar of working days is published for {day.year} at the duty station",
            )
        if calendars[day.year].works_on(day):
            count -= 1
        else:
            skipped.append(day)
    return day, tuple(skipped)
