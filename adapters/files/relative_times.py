"""Times in a case file that count from now, such as `now - 3 days`, written out."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from adapters.files.field_checks import Checks, Place, shorten

COUNTED_FROM_NOW: Final = re.compile(
    r"^(?P<day>day of )?now(?: (?P<sign>[+-]) (?P<count>\d+) (?P<unit>days|hours|minutes))?$"
)


def write_out_times(checks: Checks, place: Place, value: Any, now: datetime) -> Any:
    """The same values, with every time that counts from `now` written out. Raises CaseError."""
    if isinstance(value, dict):
        return {
            key: x if key == "now" else write_out_times(checks, (*place, key), x, now)
            for key, x in value.items()
        }
    if isinstance(value, list):
        return [write_out_times(checks, (*place, n), x, now) for n, x in enumerate(value)]
    found = COUNTED_FROM_NOW.match(value)
    return _written_out(checks, place, found, now) if found else value


def _written_out(checks: Checks, place: Place, found: re.Match[str], now: datetime) -> str:
    try:
        then = now
        if found["count"]:
            then += timedelta(**{found["unit"]: int(found["sign"] + found["count"])})
    except (OverflowError, ValueError):
        checks.fail(place, f"{shorten(found.string)} lies outside of what a calendar holds")
    if found["day"]:
        return f"{then:%Y-%m-%d}"
    return f"{then.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
