"""Hours of a local day, as programmes print them: `22:00` to `02:00`, or to `24:00`."""

from __future__ import annotations

from datetime import time
from typing import Final

from domain.rules import Refused

DAY: Final = 24 * 60
NIGHT: Final = 12 * 60
"""How long a meeting over midnight may be, in minutes; a longer one is a slip of the pen."""


def minutes_of_day(starts: str, ends: str) -> tuple[int, int]:
    """From when to when, in minutes of the day on which it begins.

    What ends before it begins ends on the next day. Raises Refused when these are no times of day,
    when they are the same, or when more than twelve hours would go over midnight.
    """
    start, end = _minutes(starts), _minutes(ends)
    over = end + DAY if end < start else end
    if start >= DAY or start == end or (over > DAY and over - start > NIGHT):
        raise Refused("hours", f"nothing is from {starts} to {ends}")
    return start, over


def _minutes(text: str) -> int:
    if text == "24:00":
        return DAY
    try:
        time_of_day = time.fromisoformat(text)
    except ValueError as error:
        raise Refused("hours", f"{text!r} is no time of day: write it as 09:30") from error
    if time_of_day.second or time_of_day.microsecond or time_of_day.tzinfo:
        raise Refused("hours", f"{text} is no minute of a local day: write it as 09:30")
    return time_of_day.hour * 60 + time_of_day.minute
