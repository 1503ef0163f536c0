"""The log a page at a time, past events that cannot be read."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from domain.messages import Recorded
from domain.ports.errors import Unreadable
from domain.ports.event_store import History
from domain.streams import Kind


class Page(Struct, frozen=True):
    """Events in order of position, and the one upon which reading stopped, if any."""

    events: Sequence[Recorded]
    broken: Unreadable | None = None

    def __bool__(self) -> bool:
        return bool(self.events or self.broken)

    @property
    def end(self) -> int:
        """The last position of the page."""
        return self.broken.position if self.broken else self.events[-1].position

    @property
    def size(self) -> int:
        """How many positions it covers."""
        return len(self.events) + bool(self.broken)

    @property
    def first(self) -> dict[str, int]:
        """For each stream that the page touches, but symbols, the position of the first event."""
        touched = [one for one in self.events if one.stream.kind is not Kind.SYMBOL]
        places = [(str(one.stream), one.position) for one in touched]
        if self.broken:
            places.append((self.broken.stream, self.broken.position))
        return dict(reversed(places))


def page(history: History, start: int, limit: int) -> Page:
    """At most `limit` events after `start`; it ends with the first that cannot be read.

    Raises Unavailable when the log cannot be read at all.
    """
    try:
        return Page(history.since(start, limit))
    except Unreadable as error:
        before = error.position - start - 1
        return Page(history.since(start, before) if before else (), error)
