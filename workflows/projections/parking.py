"""Streams that a projection cannot read: they are parked with an alarm, and all others go on.

Parking concerns what is made from the log, never the log. What was made of a parked stream stays
as it was and is marked; the stream is tried again, and the parking ends with the first success.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Protocol

from domain.ports.errors import ParkedStream, Unavailable, Unreadable, VersionConflict
from domain.ports.read_models import RowReader
from domain.rules import Refused
from workflows.projections.rows import ParkedRow

FIRST_PAUSE: Final = 5.0
LONGEST_PAUSE: Final = 600.0
"""Seconds after which parked streams are tried again, at first and at most."""


class Alarm(Protocol):
    """Where alarms go, and what ends them: the program's own log."""

    def error(self, event: str, **values: object) -> object: ...

    def info(self, event: str, **values: object) -> object: ...


def parked_streams(kept: RowReader, organisation: str) -> dict[str, ParkedStream]:
    """The streams of an organisation of which the rows could not be made, by their names."""
    return {
        row.id: ParkedStream(
            organisation=organisation, stream=row.id, position=row.position, because=row.because
        )
        for row in kept.rows(ParkedRow, organisation)
    }


def parked_row(parked: ParkedStream) -> ParkedRow:
    """A parked stream as it is kept."""
    return ParkedRow(id=parked.stream, position=parked.position, because=parked.because)


def unreadable_reason(error: Exception) -> str:
    """Why a stream cannot be read. Raises what is no fault of the stream, but will pass."""
    if isinstance(error, Unreadable | Refused):
        return str(error)
    if isinstance(error, Unavailable | VersionConflict | MemoryError):
        raise error
    return f"a defect in this program: {type(error).__name__}"


def raise_alarm(alarm: Alarm, follower: str, parked: ParkedStream) -> None:
    """Raise the alarm about a stream that was parked."""
    alarm.error("parked", follower=follower, **_log_values(parked), because=parked.because)


def clear_alarm(alarm: Alarm, follower: str, parked: ParkedStream) -> None:
    """End the alarm: the stream was read."""
    alarm.info("no longer parked", follower=follower, **_log_values(parked))


def _log_values(parked: ParkedStream) -> dict[str, object]:
    return {
        "organisation": parked.organisation,
        "stream": parked.stream,
        "position": parked.position,
    }


@dataclass
class Backoff:
    """When to try again what did not succeed: after pauses that grow, and have a bound.

    `clock` gives monotonic seconds.
    """

    first: float = FIRST_PAUSE
    longest: float = LONGEST_PAUSE
    clock: Callable[[], float] = time.monotonic
    _next: dict[str, tuple[float, float]] = field(default_factory=dict)

    def due(self, what: str) -> bool:
        """Whether to try it now; then it is not due again before the next pause is over."""
        at, pause = self._next.get(what, (0.0, self.first))
        if self.clock() < at:
            return False
        self._next[what] = self.clock() + pause, min(2 * pause, self.longest)
        return True

    def forget(self, what: str) -> None:
        """Nothing of it is left to be tried."""
        self._next.pop(what, None)
