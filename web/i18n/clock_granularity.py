"""How finely pages tell the time, and until when words that depend on it stay true.

A page that many readers share is made once, and is right for all who open it until the first of
its words would change. So the present is told to the minute, and how far away an instant is in
the units of `DateFormatter.lasting`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

MINUTE: Final = timedelta(minutes=1)
HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)
LEAST: Final = timedelta(microseconds=1)


def whole_minute(at: datetime) -> datetime:
    """The minute that an instant lies in."""
    return at.replace(second=0, microsecond=0)


def holds_until(now: datetime, instants: Iterable[datetime]) -> datetime:
    """The first instant after `now` at which a page that speaks of these instants may change.

    It compares each of them with the present, says how far away they are, and tells the minute.
    """
    changes = [change_of_distance(instant, now) for instant in instants]
    return min([whole_minute(now) + MINUTE, *changes])


def change_of_distance(instant: datetime, now: datetime) -> datetime:
    """The first instant after `now` at which something else is said of how far away one is.

    What is left is rounded down, so it is another one just after each whole unit; what has
    passed, at each. Whether it has passed changes at the instant itself.
    """
    distance = abs(instant - now)
    unit = HOUR if distance >= DAY else MINUTE
    units = distance // unit
    if now >= instant:
        return now + (units + 1) * unit - distance
    return now + distance - units * unit + LEAST if units else instant
