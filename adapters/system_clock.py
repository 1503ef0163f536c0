"""The one clock of a store's host, and by how much it is off from where it was at first."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Final

from domain.ports.clock import CLOCK_TOLERANCE, ClockReading

_SINCE_BOOT: Final = getattr(time, "CLOCK_BOOTTIME", None)
_BOOT: Final = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True)
class Anchor:
    """A moment (UTC) and how many seconds the machine had been running then, read together.

    No setting of the clock moves the seconds since the start of the machine. `boot` names that
    start; empty where the system does not tell, and then an anchor is good in one process only.
    """

    boot: str
    at: datetime
    running: float

    @classmethod
    def now(cls) -> Anchor:
        """An anchor at this moment."""
        return cls(boot_id(), datetime.now(UTC), uptime())

    def adjustment_until(self, at: datetime) -> timedelta:
        """By how much the clock was set since then, when it now tells `at`."""
        return at - self.at - timedelta(seconds=uptime() - self.running)


class ServerClock:
    """Tells the time of this host, and compares it with an anchor.

    `anchor` gives that of the process which serves the store, while there is one; else the time
    is compared with the moment at which this object was made. So a clock that somebody sets while
    a store is in use shows an offset until the server is started again. `newest` gives when the
    newest event was recorded: a clock that tells an earlier time is behind by as much.
    """

    def __init__(
        self,
        anchor: Callable[[], Anchor | None] = lambda: None,
        newest: Callable[[], datetime | None] = lambda: None,
    ) -> None:
        self.own = Anchor.now()
        self._anchor, self._newest = anchor, newest

    def read(self) -> ClockReading:
        """The time now, with the offset of the clock."""
        anchor = self._anchor()
        if anchor is None or not anchor.boot or anchor.boot != self.own.boot:
            anchor = self.own
        newest, at = self._newest(), datetime.now(UTC)
        off = max(anchor.adjustment_until(at), lag_behind(newest, at), key=abs)
        return ClockReading(at, off // timedelta(milliseconds=1))


def utc_now() -> datetime:
    """The time of this machine, in UTC."""
    return datetime.now(UTC)


def lag_behind(newest: datetime | None, at: datetime) -> timedelta:
    """By how much a clock that tells `at` is behind the newest event; negative, or zero.

    Less than a second is nothing: so much clocks may differ that record by turns.
    """
    off = at - newest if newest else timedelta(0)
    return off if off < -CLOCK_TOLERANCE else timedelta(0)


def uptime() -> float:
    """How many seconds this machine has been running."""
    return time.monotonic() if _SINCE_BOOT is None else time.clock_gettime(_SINCE_BOOT)


@cache
def boot_id() -> str:
    """The name of this machine's last start; empty where the system does not tell it."""
    try:
        return _BOOT.read_text().strip()
    except OSError:
        return ""
