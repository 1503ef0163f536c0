"""Points in time as sources tell them: with their precision, and never more exact than known."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta, timezone
from enum import StrEnum
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from msgspec import to_builtins

from domain.instants import EARLIEST, LATEST, UnclearTime, shift, to_utc
from domain.time_zones import instant_of, is_zone, time_zone, wall_time


class Precision(StrEnum):
    """How exactly a time is known. A local time to the second counts as one to the minute."""

    UNKNOWN = "unknown"
    INTERVAL = "interval"
    YEAR = "year"
    MONTH = "month"
    DAY = "day"
    MINUTE = "minute"
    INSTANT = "instant"


YEARS: Final = range(1800, 2200)
"""The years that a time may lie in when it is entered; what was stored before is read as it is."""
_AHEAD, _BEHIND = timezone(timedelta(hours=14)), timezone(timedelta(hours=-12))
_FARTHEST: Final = ("Etc/GMT-14", "Etc/GMT+12")
"""The zones in which a day begins first and ends last."""
_ZONE = re.compile(r"^(?P<text>[^\[]+)\[(?P<zone>[A-Za-z0-9_+/-]+)\]$")
_LOCAL = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?$")
_INSTANT = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)$")
_END_OF_DAY = re.compile(r"T24:00(:00(\.0{1,6})?)?(?=$|[Z+-])")


class When(str):
    """A point in time with its precision, written in one line.

    `unknown`; a year `2023`, month `2023-06` or day `2023-06-06`; a local time
    `2023-10-05T10:00` or, with its IANA zone, `2023-10-05T10:00[Europe/Vienna]`, where seconds may
    follow; an instant `2023-10-05T08:00:00Z` or `2023-10-05T10:00+02:00[Europe/Vienna]`; an
    interval `2015-04-13/2015-04-14`, open on either side as in `../2020-11-19` (on or before);
    its zone is that of both ends. `24:00` is the end of its day. Dates follow ISO 8601, zones
    RFC 9557.

    Raises UnclearTime for anything else, for a year out of `YEARS`, for a local time that its zone
    skips, for one that occurs twice there and has no offset to tell which, and for an offset that
    its zone does not have then.
    """

    __slots__ = ()

    def __new__(cls, text: str) -> When:
        """A time as somebody enters it."""
        self = super().__new__(cls, text.strip())
        try:
            _require_enterable(str(self))
        except (ValueError, OverflowError) as error:
            if isinstance(error, UnclearTime):
                raise
            raise UnclearTime(f"{text!r} is not a time: {error}") from error
        return self

    @classmethod
    def from_stored(cls, text: str) -> When:
        """A time as it was stored: what could be entered once can be read for ever.

        Time zones change, and so may what is taken today. What a zone does not tell any more is
        as uncertain as it would be without one. Raises ValueError for what never was a time.
        """
        self = super().__new__(cls, text)
        _bounds(self)
        return self

    @classmethod
    def from_instant(cls, at: datetime) -> When:
        """The exact moment `at`, which must know its offset."""
        if at.tzinfo is None:
            raise UnclearTime(f"{at.isoformat()} lacks its offset from UTC")
        return _instant(at if at.tzinfo is UTC else at.astimezone(UTC))

    def in_zone(self, zone: str) -> When:
        """The same, with its days and hours read in this zone, unless it names one of its own.

        This is how a bare day is held against an instant: it is a day of somebody's zone. Without
        a zone nothing changes.
        """
        return _within(self, zone) if zone and self.known and not self.zone else self

    @property
    def zone(self) -> str:
        """The IANA zone, or nothing."""
        return _parted(self)[1]

    @property
    def _text(self) -> str:
        return _parted(self)[0]

    @property
    def precision(self) -> Precision:
        return _precision(self)

    @property
    def known(self) -> bool:
        return _precision(self) is not Precision.UNKNOWN

    @property
    def earliest(self) -> datetime:
        """The earliest instant (UTC) that this may mean."""
        return _bounds(self)[0]

    @property
    def latest(self) -> datetime:
        """The last instant (UTC) that this may mean."""
        return _bounds(self)[1]

    @property
    def exact(self) -> datetime:
        """The one instant (UTC) that is meant. Raises UnclearTime when there are several."""
        earliest, latest = _bounds(self)
        if not self.has_hour or earliest != latest:
            raise UnclearTime(f"{self} is no exact instant: it needs an hour and a zone")
        return earliest

    @property
    def days(self) -> tuple[date | None, date | None]:
        """First and last calendar day that this may mean, local to its zone; None where open."""
        match self.precision:
            case Precision.UNKNOWN:
                return None, None
            case Precision.INTERVAL:
                start, _, end = self._text.partition("/")
                return _end(start, self.zone).days[0], _end(end, self.zone).days[1]
            case Precision.INSTANT:
                local = wall_time(self.earliest, self.zone).date()
                return local, local
            case Precision.MINUTE:
                return self.wall_clock.date(), self.wall_clock.date()
        return _days(self._text)

    @property
    def wall_clock(self) -> datetime:
        """Date and hour as they are written, for a time whose hour is known."""
        return _clock(self._text)

    @property
    def day(self) -> date | None:
        """The one calendar day, or None when it is not known that exactly."""
        first, last = self.days
        return first if first == last else None

    @property
    def has_hour(self) -> bool:
        """Whether the hour is known."""
        return _precision(self) in _WITH_HOUR


@lru_cache(maxsize=8192)
def _instant(at: datetime) -> When:
    """The moment, in UTC; one order asks several times when it takes effect.

    msgspec writes it as `isoformat` does, with a Z, in a tenth of the instructions.
    """
    return str.__new__(When, to_builtins(at))


@lru_cache(maxsize=8192)
def _within(when: When, zone: str) -> When:
    return When.from_stored(f"{when}[{zone}]")


@lru_cache(maxsize=8192)
def _parted(when: str) -> tuple[str, str]:
    """What is said of the time, and the IANA zone or nothing."""
    found = _ZONE.match(when) if when.endswith("]") else None
    return (found["text"], found["zone"]) if found else (str(when), "")


@lru_cache(maxsize=8192)
def _precision(when: str) -> Precision:
    text, _ = _parted(when)
    if text == "unknown":
        return Precision.UNKNOWN
    if "/" in text:
        return Precision.INTERVAL
    if _INSTANT.match(text):
        return Precision.INSTANT
    if _LOCAL.match(text):
        return Precision.MINUTE
    return {4: Precision.YEAR, 7: Precision.MONTH}.get(len(text), Precision.DAY)


_WITH_HOUR: Final = (Precision.MINUTE, Precision.INSTANT)

UNKNOWN: Final = str.__new__(When, "unknown")
"""No time at all is known."""


def _end(text: str, zone: str) -> When:
    """One end of an interval, in the zone of the interval."""
    return UNKNOWN if text == ".." else When.from_stored(text).in_zone(zone)


def _clock(text: str) -> datetime:
    """Date and hour as they are written, with the offset where there is one."""
    if _END_OF_DAY.search(text):
        return datetime.fromisoformat(text.replace("T24", "T00")) + timedelta(days=1)
    return datetime.fromisoformat(text)


@lru_cache(maxsize=8192)
def _bounds(when: str) -> tuple[datetime, datetime]:
    """The earliest and the last instant that are meant. Raises ValueError for what is no time."""
    text, zone = _parted(when)
    if text == "unknown":
        return EARLIEST, LATEST
    if "/" in text:
        start, _, end = text.partition("/")
        return _end(start, zone).earliest, _end(end, zone).latest
    if _INSTANT.match(text):
        at = to_utc(_clock(text))
        return at, at
    if _LOCAL.match(text):
        return _span(_clock(text), _clock(text), zone)
    first_day, last_day = _days(text)
    opens, closes = datetime.combine(first_day, time.min), datetime.combine(last_day, time.max)
    return _span(opens, closes, zone)


def _span(opens: datetime, closes: datetime, zone: str) -> tuple[datetime, datetime]:
    """The first instant at which clocks show `opens`, and the last at which they show `closes`.

    Clocks of which zone is not told: the first in the world, and the last.
    """
    if not is_zone(zone):
        return to_utc(opens.replace(tzinfo=_AHEAD)), to_utc(closes.replace(tzinfo=_BEHIND))
    region = ZoneInfo(zone)
    first = to_utc(opens.replace(tzinfo=region, fold=0))
    last = to_utc(closes.replace(tzinfo=region, fold=1))
    return min(first, last), max(first, last)


@lru_cache(maxsize=8192)
def _require_enterable(when: str) -> None:
    """Raise UnclearTime or ValueError for what may not be entered as a time, as `When` tells."""
    text, zone = _parted(when)
    if not text.isascii():
        raise UnclearTime(f"{text!r} is not written in the digits of ISO 8601")
    if text == "unknown" and not zone:
        return
    if zone:
        time_zone(zone)
    if "/" in text:
        _require_ends(text, zone)
        return
    _bounds(when)
    if int(text[:4]) not in YEARS:
        raise UnclearTime(f"{text} is out of reach: years run from {YEARS[0]} to {YEARS[-1]}")
    if zone and _LOCAL.match(text):
        instant_of(_clock(text), zone)
    if zone and _INSTANT.match(text) and not text.endswith("Z"):
        _require_offset(_clock(text), zone)


def _require_ends(text: str, zone: str) -> None:
    """Both ends of an interval are times, the first not after the last."""
    start, _, end = text.partition("/")
    if "/" in end:
        raise UnclearTime(f"{text!r} has more than two ends")
    for bound in (start, end):
        if bound != "..":
            _require_enterable(f"{bound}[{zone}]" if zone else bound)
    if ".." not in {start, end} and _end(start, zone).earliest > _end(end, zone).earliest:
        raise UnclearTime(f"{text!r} ends before it begins")


def _require_offset(at: datetime, zone: str) -> None:
    """The offset from UTC is the one that the zone has then; a time is never moved to fit."""
    shown = at.astimezone(time_zone(zone))
    if shown.replace(tzinfo=None) != at.replace(tzinfo=None):
        raise UnclearTime(
            f"{at:%z} is not the offset of {zone} at {at:%Y-%m-%dT%H:%M}: there it is {shown:%z}"
        )


def _days(text: str) -> tuple[date, date]:
    """First and last day of `2023`, `2023-06` or `2023-06-06`."""
    if re.fullmatch(r"\d{4}", text):
        return date(int(text), 1, 1), date(int(text), 12, 31)
    if re.fullmatch(r"\d{4}-\d\d", text):
        first = date.fromisoformat(text + "-01")
        return first, first.replace(day=monthrange(first.year, first.month)[1])
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return date.fromisoformat(text), date.fromisoformat(text)
    raise UnclearTime(
        f"{text!r} is not a time: write 2023-06-06, 2023-10-05T10:00[Europe/Vienna],"
        " 2023-10-05T08:00:00Z, an interval with a slash, or unknown"
    )


def is_before(first: When, second: When, zone: str = "") -> bool | None:
    """Whether `first` came before `second`; None when their precision leaves it open.

    Days and hours without a zone are those of `zone`. Where neither tells its hour or zone, days
    are compared as days of one calendar.
    """
    if _precision(first) is _precision(second) is Precision.INSTANT:
        return _bounds(first)[0] < _bounds(second)[0]
    first, second = _bounded_in(first, zone), _bounded_in(second, zone)
    if first.has_hour or second.has_hour or first.zone or second.zone:
        (earliest_1, latest_1), (earliest_2, latest_2) = _bounds(first), _bounds(second)
        if latest_1 < earliest_2:
            return True
        return False if earliest_1 >= latest_2 else None
    return _is_earlier_day(first.days, second.days)


def _bounded_in(when: When, zone: str) -> When:
    """The time in this zone, as far as its bounds are asked: an instant has the same in each."""
    return when if _precision(when) is Precision.INSTANT else when.in_zone(zone)


def _is_earlier_day(
    first: tuple[date | None, date | None], second: tuple[date | None, date | None]
) -> bool | None:
    """The same for days of one calendar: each the first and the last day that may be meant."""
    (from_1, to_1), (from_2, to_2) = first, second
    if to_1 and from_2 and to_1 < from_2:
        return True
    return False if from_1 and to_2 and from_1 > to_2 else None


def is_in_term(at: When, since: When, until: When, zone: str) -> bool | None:
    """Whether `at` lies in a term; None when that is open.

    Days, months and years without a zone are those of `zone`; the first and the last of them are
    part of the term. An hour begins the term, or ends it: who comes at that hour has followed.
    An end that is not known is none. Without a zone only that is certain which holds wherever in
    the world the days are counted.
    """
    if zone:
        return _in_term(at, since, until, zone)
    found = {_in_term(at, since, until, region) for region in _FARTHEST}
    return found.pop() if len(found) == 1 else None


def _in_term(at: When, since: When, until: When, zone: str) -> bool | None:
    until = _bounded_in(until, zone)
    earliest, latest = _bounds(_bounded_in(at, zone))
    begins, ends = _bounds(_bounded_in(since, zone))[0], _bounds(until)[1]
    if until.has_hour:
        ends = shift(ends, -timedelta.resolution)
    if latest < begins or earliest > ends:
        return False
    return True if earliest >= begins and latest <= ends else None


def days_between(first: When, second: When, zone: str = "") -> tuple[int | None, int | None]:
    """The least and the most calendar days from `first` to `second`; None where that is open.

    Days are those of `zone`, where a time names none.
    """
    (from_1, to_1), (from_2, to_2) = first.in_zone(zone).days, second.in_zone(zone).days
    least = (from_2 - to_1).days if to_1 and from_2 else None
    return least, (to_2 - from_1).days if from_1 and to_2 else None
