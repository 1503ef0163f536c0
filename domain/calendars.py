"""Working days of a duty station: published, versioned data, one list per station and year."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

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


@dataclass(frozen=True)
class Calendar:
    """The non-working days of one duty station in one year."""

    duty_station: str
    year: int
    version: str
    holidays: frozenset[date]
    weekend: frozenset[int]

    @classmethod
    def of(
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

    def works_on(self, day: date) -> bool:
        return day not in self.holidays and day.weekday() not in self.weekend


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
                "calendar-published", f"no calendar of working days is published for {day.year}"
            )
        if calendars[day.year].works_on(day):
            count -= 1
        else:
            skipped.append(day)
    return day, tuple(skipped)
