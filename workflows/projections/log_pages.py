"""The log a page at a time, past events that cannot be read."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from domain.messages import RecordedEvent
from domain.ports.errors import Unreadable
from domain.ports.event_store import History
from domain.streams import StreamKind


class LogPage(Struct, frozen=True):
    """Events in order of position, and the one upon which reading stopped, if any."""

    events: Sequence[RecordedEvent]
    unreadable: Unreadable | None = None

    def __bool__(self) -> bool:
        return bool(self.events or self.unreadable)

    @property
    def end(self) -> int:
        """The last position of the page."""
        return self.unreadable.position if self.unreadable else self.events[-1].position

    @property
    def size(self) -> int:
        """How many positions it covers."""
        return len(self.events) + bool(self.unreadable)

    @property
    def first_positions(self) -> dict[str, int]:
        """For each stream that the page touches, but symbols, the position of the first event."""
        touched = [one for one in self.events if one.stream.kind is not StreamKind.SYMBOL]
        places = [(str(one.stream), one.position) for one in touched]
        if self.unreadable:
            places.append((self.unreadable.stream, self.unreadable.position))
        return dict(reversed(places))


def read_log_page(history: History, start: int, limit: int) -> LogPage:
    """At most `limit` events after `start`; it ends with the first that cannot be read.

    Raises Unavailable when the log cannot be read at all.
    """
    try:
        return LogPage(history.since(start, limit))
    except Unreadable as error:
        before = error.position - start - 1
        return LogPage(history.since(start, before) if before else (), error)
