"""Streams that a follower cannot read: they are parked with an alarm, and the rest goes on.

Parking concerns what is made from the log, never the log. What was made of a parked stream stays
as it was and is marked; the stream is tried again, and the parking ends with the first success.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from domain.ports.errors import ParkedStream, Unavailable, Unreadable, VersionConflict
from domain.rules import Refused

VIEW: Final = "parked"
FIRST_PAUSE: Final = 5.0
LONGEST_PAUSE: Final = 600.0
"""Seconds after which parked streams are tried again, at first and at most."""


class Alarm(Protocol):
    """Where alarms go, and what ends them: the program's own log."""

    def error(self, event: str, **values: object) -> object: ...

    def info(self, event: str, **values: object) -> object: ...


class Views(Protocol):
    """Where a follower keeps which streams are parked."""

    def rows(self, table: str, organisation: str | None = None) -> Iterator[Mapping[str, Any]]: ...


def parked_streams(views: Views, organisation: str) -> dict[str, ParkedStream]:
    """The streams of an organisation of which the rows could not be made, by their names."""
    found = [
        ParkedStream(
            organisation=organisation,
            stream=row["id"],
            position=row["position"],
            because=row["because"],
        )
        for row in views.rows(VIEW, organisation)
    ]
    return {one.stream: one for one in found}


def parked_row(one: ParkedStream) -> Mapping[str, object]:
    """A parked stream as a row of the view of parked streams."""
    return {"id": one.stream, "position": one.position, "because": one.because}


def unreadable_reason(error: Exception) -> str:
    """Why a stream cannot be read. Raises what is no fault of the stream, but will pass."""
    if isinstance(error, Unreadable | Refused):
        return str(error)
    if isinstance(error, Unavailable | VersionConflict | MemoryError):
        raise error
    return f"a defect in this program: {type(error).__name__}"


def raise_alarm(alarm: Alarm, follower: str, one: ParkedStream) -> None:
    """Raise the alarm about a stream that was parked."""
    alarm.error("parked", follower=follower, **_told(one), because=one.because)


def clear_alarm(alarm: Alarm, follower: str, one: ParkedStream) -> None:
    """End the alarm: the stream was read."""
    alarm.info("no longer parked", follower=follower, **_told(one))


def _told(one: ParkedStream) -> dict[str, object]:
    return {"organisation": one.organisation, "stream": one.stream, "position": one.position}


@dataclass
class Backoff:
    """When to try again what did not succeed: after pauses that grow, and have a bound.

    `clock` tells seconds that nobody sets.
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
