"""Points in time as sources tell them: with their precision, and never more exact than known."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from enum import StrEnum
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


class Precision(StrEnum):
    """How exactly a time is known."""

    UNKNOWN = "unknown"
    INTERVAL = "interval"
    YEAR = "year"
    MONTH = "month"
    DAY = "day"
    MINUTE = "minute"
    INSTANT = "instant"


class UnclearTime(ValueError):
    """A time that cannot be read, does not exist in its zone, or exists there twice."""


EARLIEST: Final = datetime.min.replace(tzinfo=UTC)
LATEST: Final = datetime.max.replace(tzinfo=UTC)
_AHEAD, _BEHIND = timezone(timedelta(hours=14)), timezone(timedelta(hours=-12))
_ZONE = re.compile(r"^(?P<text>[^\[]+)\[(?P<zone>[A-Za-z0-9_+/-]+)\]$")
_MINUTE = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d$")
_INSTANT = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)$")


class When(str):
    """A point in time with its precision, written in one line.

    `unknown`; a year `2023`, month `2023-06` or day `2023-06-06`; a local minute
    `2023-10-05T10:00` or, with its IANA zone, `2023-10-05T10:00[Europe/Vienna]`; an instant
    `2023-10-05T08:00:00Z`; an interval `2015-04-13/2015-04-14`, open on either side as in
    `../2020-11-19` (on or before). Dates follow ISO 8601, zones RFC 9557.

    Raises UnclearTime for anything else, for a local time that its zone skips, and for one that
    occurs twice there and has no offset to tell which.
    """

    __slots__ = ()

    def __new__(cls, text: str) -> When:
        self = super().__new__(cls, text.strip())
        try:
            _ = self._bounds
        except (ValueError, OverflowError, ZoneInfoNotFoundError) as error:
            if isinstance(error, UnclearTime):
                raise
            raise UnclearTime(f"{text!r} is not a time: {error}") from error
        return self

    @classmethod
    def instant(cls, at: datetime) -> When:
        """The exact moment `at`, which must know its offset."""
        if at.tzinfo is None:
            raise UnclearTime(f"{at.isoformat()} lacks its offset from UTC")
        return _instant(at.astimezone(UTC))

    @property
    def zone(self) -> str:
        """The IANA zone, or nothing."""
        return _parted(str(self))[1]

    @property
    def _text(self) -> str:
        return _parted(str(self))[0]

    @property
    def precision(self) -> Precision:
        return _precision(self._text)

    @property
    def known(self) -> bool:
        return self.precision is not Precision.UNKNOWN

    @property
    def earliest(self) -> datetime:
        """The earliest instant (UTC) that this may mean."""
        return self._bounds[0]

    @property
    def latest(self) -> datetime:
        """The last instant (UTC) that this may mean."""
        return self._bounds[1]

    @property
    def exact(self) -> datetime:
        """The one instant (UTC) that is meant. Raises UnclearTime when there are several."""
        earliest, latest = self._bounds
        if self.precision not in {Precision.INSTANT, Precision.MINUTE} or earliest != latest:
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
                first = None if start == ".." else When(start).days[0]
                return first, None if end == ".." else When(end).days[1]
            case Precision.INSTANT:
                at = self.earliest
                local = at.astimezone(ZoneInfo(self.zone)).date() if self.zone else at.date()
                return local, local
            case Precision.MINUTE:
                local = date.fromisoformat(self._text[:10])
                return local, local
        return _days(self._text)

    @property
    def day(self) -> date | None:
        """The one calendar day, or None when it is not known that exactly."""
        first, last = self.days
        return first if first == last else None

    @property
    def hourly(self) -> bool:
        """Whether the hour is known."""
        return self.precision in {Precision.MINUTE, Precision.INSTANT}

    @property
    def _bounds(self) -> tuple[datetime, datetime]:
        return _bounds(str(self))


@lru_cache(maxsize=8192)
def _instant(at: datetime) -> When:
    """The moment, in UTC; one order asks several times when it takes effect."""
    return When(at.isoformat().replace("+00:00", "Z"))


def _parted(when: str) -> tuple[str, str]:
    """What is said of the time, and the IANA zone or nothing."""
    return _zoned(when) if when.endswith("]") else (when, "")


@lru_cache(maxsize=8192)
def _zoned(when: str) -> tuple[str, str]:
    found = _ZONE.match(when)
    return (found["text"], found["zone"]) if found else (when, "")


@lru_cache(maxsize=8192)
def _precision(text: str) -> Precision:
    if text == "unknown":
        return Precision.UNKNOWN
    if "/" in text:
        return Precision.INTERVAL
    if _INSTANT.match(text):
        return Precision.INSTANT
    if _MINUTE.match(text):
        return Precision.MINUTE
    return {4: Precision.YEAR, 7: Precision.MONTH}.get(len(text), Precision.DAY)


@lru_cache(maxsize=8192)
def _bounds(when: str) -> tuple[datetime, datetime]:
    """The earliest and the last instant that are meant. Raises as `When` does."""
    text, zone = _parted(when)
    if text == "unknown":
        return EARLIEST, LATEST
    if "/" in text:
        start, _, end = text.partition("/")
        first = EARLIEST if start == ".." else When(start).earliest
        if ".." not in {start, end} and first > When(end).earliest:
            raise UnclearTime(f"{text!r} ends before it begins")
        return first, LATEST if end == ".." else When(end).latest
    if _INSTANT.match(text):
        at = datetime.fromisoformat(text).astimezone(UTC)
        return at, at
    if _MINUTE.match(text):
        return _minute(datetime.fromisoformat(text), zone)
    first_day, last_day = _days(text)
    ahead, behind = (ZoneInfo(zone), ZoneInfo(zone)) if zone else (_AHEAD, _BEHIND)
    opens = datetime.combine(first_day, time.min, tzinfo=ahead)
    closes = datetime.combine(last_day, time.max, tzinfo=behind)
    return opens.astimezone(UTC), closes.astimezone(UTC)


UNKNOWN: Final = When("unknown")
"""No time at all is known."""


def _minute(local: datetime, zone: str) -> tuple[datetime, datetime]:
    """Bounds of a local minute: exact in a zone, a day and a bit without one."""
    if not zone:
        return local.replace(tzinfo=_AHEAD).astimezone(UTC), local.replace(
            tzinfo=_BEHIND
        ).astimezone(UTC)
    at = instant_of(local, zone)
    return at, at


def _days(text: str) -> tuple[date, date]:
    """First and last day of `2023`, `2023-06` or `2023-06-06`."""
    if re.fullmatch(r"\d{4}", text):
        return date(int(text), 1, 1), date(int(text), 12, 31)
    if re.fullmatch(r"\d{4}-\d\d", text):
        first = date.fromisoformat(text + "-01")
        return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return date.fromisoformat(text), date.fromisoformat(text)
    raise UnclearTime(
        f"{text!r} is not a time: write 2023-06-06, 2023-10-05T10:00[Europe/Vienna],"
        " 2023-10-05T08:00:00Z, an interval with a slash, or unknown"
    )


def instant_of(local: datetime, zone: str) -> datetime:
    """The instant (UTC) at which clocks in `zone` show `local`.

    Raises UnclearTime when the zone is unknown, skips that time (spring) or has it twice
    (autumn); zoneinfo itself would silently pick one.
    """
    try:
        region = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise UnclearTime(f"{zone!r} is not an IANA time zone") from error
    first, second = (local.replace(tzinfo=region, fold=fold).astimezone(UTC) for fold in (0, 1))
    if first == second:
        return first
    if first.astimezone(region).replace(tzinfo=None) != local:
        raise UnclearTime(f"{local:%Y-%m-%d %H:%M} does not exist in {zone}: clocks skip it")
    raise UnclearTime(
        f"{local:%Y-%m-%d %H:%M} occurs twice in {zone}: say which, by its offset from UTC"
    )


def before(first: When, second: When) -> bool | None:
    """Whether `first` came before `second`; None when their precision leaves it open.

    Where neither tells its hour or zone, days are compared as days of one calendar.
    """
    if first.hourly or second.hourly or first.zone or second.zone:
        if first.latest < second.earliest:
            return True
        return False if first.earliest >= second.latest else None
    (from_1, to_1), (from_2, to_2) = first.days, second.days
    if to_1 and from_2 and to_1 < from_2:
        return True
    return False if from_1 and to_2 and from_1 > to_2 else None


def days_between(first: When, second: When) -> tuple[int | None, int | None]:
    """The least and the most calendar days from `first` to `second`; None where that is open."""
    (from_1, to_1), (from_2, to_2) = first.days, second.days
    least = (from_2 - to_1).days if to_1 and from_2 else None
    return least, (to_2 - from_1).days if from_1 and to_2 else None
