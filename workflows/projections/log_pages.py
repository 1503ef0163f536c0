"""The log a page at a time, past events that cannot be read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Generic, TypeVar

from msgspec import Struct

from domain.messages import FoldableEvent
from domain.ports.errors import Unreadable
from domain.streams import Stream, StreamKind

EventT = TypeVar("EventT", bound=FoldableEvent)


class LogPage(Struct, Generic[EventT], frozen=True, dict=True):
    """Events in order of position, and the one upon which reading stopped, if any."""

    events: Sequence[EventT]
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

    @cached_property
    def by_stream(self) -> Mapping[Stream, Sequence[EventT]]:
        """The events of each stream that has rows, which symbols have not, in order."""
        found: dict[Stream, list[EventT]] = {}
        for event in self.events:
            known = found.get(event.stream)
            if known is not None:
                known.append(event)
            elif event.stream.kind is not StreamKind.SYMBOL:
                found[event.stream] = [event]
        return found

    @property
    def first_positions(self) -> dict[Stream, int]:
        """For each stream with rows that the page touches, the position of the first event."""
        places = {stream: events[0].position for stream, events in self.by_stream.items()}
        if self.unreadable:
            places.setdefault(Stream.parse(self.unreadable.stream), self.unreadable.position)
        return places


def read_log_page(
    read: Callable[[int, int], Sequence[EventT]], start: int, limit: int
) -> LogPage[EventT]:
    """At most `limit` events after `start`; it ends with the first that cannot be read.

    `read` is given both, such as a history's `since`. Raises Unavailable when the log cannot be
    read at all.
    """
    try:
        return LogPage(read(start, limit))
    except Unreadable as error:
        before = error.position - start - 1
        return LogPage(read(start, before) if before else (), error)
