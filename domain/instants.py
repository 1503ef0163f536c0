"""Instants in UTC between the ends of time, and the error for a time that means none."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

EARLIEST: Final = datetime.min.replace(tzinfo=UTC)
LATEST: Final = datetime.max.replace(tzinfo=UTC)


class UnclearTime(ValueError):
    """A time that cannot be read, does not exist in its zone, or exists there twice."""


class SkippedTime(UnclearTime):
    """A local time that clocks in its zone never show: in spring they skip it."""


class RepeatedTime(UnclearTime):
    """A local time that clocks in its zone show twice: in autumn they go back."""


def to_utc(at: datetime) -> datetime:
    """The instant in UTC; the first or last of all where it would lie beyond the end of time."""
    try:
        return at.astimezone(UTC)
    except OverflowError:
        return EARLIEST if at.year == EARLIEST.year else LATEST


def shift(at: datetime, span: timedelta) -> datetime:
    """So much after `at` (UTC), or before it; never beyond the ends of time."""
    try:
        return at + span
    except OverflowError:
        return LATEST if span > timedelta(0) else EARLIEST
