"""Events that lie in the future: either this clock is behind, or another one was ahead."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from domain.messages import RecordedEvent
from domain.ports.clock import CLOCK_TOLERANCE
from domain.ports.errors import Unreadable
from domain.ports.event_store import EventLog, History
from domain.silence.events import SilenceLapsed

NEWEST: Final = 200
"""How many events at the end of a log are looked at."""


def premature_records(log: EventLog, now: datetime) -> Iterator[str]:
    """What was recorded in the future of `now` (UTC), and which outcomes before their deadline.

    Either this clock is behind, or the one that recorded them was ahead.
    """
    for name in log.organisations():
        history = log.history(name)
        last = history.last_position()
        ahead = [
            early for early in _newest(history, last) if early.recorded_at > now + CLOCK_TOLERANCE
        ]
        if not ahead:
            continue
        until = max(early.recorded_at for early in ahead)
        yield (
            f"{name}: {len(ahead)} events were recorded in the future, up to {until:%Y-%m-%d %H:%M}"
            " UTC: this clock is behind, or another one was ahead."
        )
        for early in ahead:
            if isinstance(early.fact, SilenceLapsed) and early.effective.latest > now:
                yield (
                    f"{name}: window {early.stream.id} was recorded as approved, though its"
                    f" deadline {early.effective} lies ahead: whoever objects until then must be"
                    " heard."
                )


def _newest(history: History, last: int) -> Sequence[RecordedEvent]:
    """The newest events, as many as are looked at; none where one of them cannot be read."""
    try:
        return history.since(max(0, last - NEWEST), NEWEST)
    except Unreadable:
        return ()
