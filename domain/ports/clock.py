"""The port of the recording clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

CLOCK_TOLERANCE: Final = timedelta(seconds=1)
"""How far a clock may be off, or two clocks apart, without a consequence. A choice of ours.

Beyond it only responses are taken, whose deadline allows for the offset, and people are warned.
"""


@dataclass(frozen=True)
class ClockReading:
    """A moment (UTC) and by how many milliseconds the clock that told it is off."""

    at: datetime
    offset_ms: int


class Moment(Protocol):
    """What a clock tells: an instant (UTC), and by how many milliseconds it is off."""

    @property
    def at(self) -> datetime: ...

    @property
    def offset_ms(self) -> int: ...


class RecordingClock(Protocol):
    """The clock by which a store is written."""

    def read(self) -> ClockReading:
        """The time now (UTC), with the offset of the clock."""
