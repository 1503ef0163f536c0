"""The time zones of the IANA database, and what clocks in one of them show at an instant."""

from __future__ import annotations

import zoneinfo
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from domain.instants import RepeatedTime, SkippedTime, UnclearTime, to_utc

NO_ZONES: Final = frozenset({"Factory", "localtime"})
"""Names in a time zone database that stand for no place; `right/` and `posix/` are not listed."""


@lru_cache(maxsize=8)
def _known(_path: tuple[str, ...]) -> frozenset[str]:
    """The names of all zones that can be read from these folders and the package `tzdata`."""
    return frozenset(zoneinfo.available_timezones() - NO_ZONES)


def is_zone(name: str) -> bool:
    """Whether this is the name of a time zone of a place, or of UTC."""
    return name in _known(zoneinfo.TZPATH)


def time_zone(name: str) -> ZoneInfo:
    """The IANA time zone of this name; the one place where a zone is made from a name.

    Raises UnclearTime for whatever else.
    """
    if not is_zone(name):
        raise UnclearTime(f"{name!r:.80} is not an IANA time zone")
    return ZoneInfo(name)


def wall_time(at: datetime, zone: str) -> datetime:
    """What clocks in this zone show at `at` (UTC); in UTC where the zone is not known (any more),
    and at the ends of time, where there is no day before or after."""
    try:
        return at.astimezone(ZoneInfo(zone) if is_zone(zone) else UTC)
    except OverflowError:
        return at.astimezone(UTC)


def instant_of(local: datetime, zone: str) -> datetime:
    """The instant (UTC) at which clocks in `zone` show `local`.

    Raises UnclearTime when the zone is unknown, SkippedTime when it skips that time (spring) and
    RepeatedTime when it has it twice (autumn); zoneinfo itself would silently pick one.
    """
    region = time_zone(zone)
    first, second = (to_utc(local.replace(tzinfo=region, fold=fold)) for fold in (0, 1))
    if first == second:
        return first
    if wall_time(first, zone).replace(tzinfo=None) != local:
        raise SkippedTime(f"{local:%Y-%m-%d %H:%M} does not exist in {zone}: clocks skip it")
    raise RepeatedTime(
        f"{local:%Y-%m-%d %H:%M} occurs twice in {zone}: say which, by its offset from UTC"
    )
