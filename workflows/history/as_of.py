"""The record as it stood: any reading can be made as of a position or an instant."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from domain.messages import FoldableEvent, RecordedEvent
from domain.ports.event_store import History
from domain.streams import Stream
from workflows.history.delegating_history import DelegatingHistory
from workflows.history.read_limit import require_room

PAGE = 1_000


class HistoryAsOf(Struct, frozen=True):
    """A history that ends at a position; it reads like any other."""

    history: History
    position: int

    @property
    def organisation(self) -> str:
        return self.history.organisation

    def events_of(self, stream: Stream) -> Sequence[RecordedEvent]:
        return [
            event for event in self.history.events_of(stream) if event.position <= self.position
        ]

    def since(self, position: int, limit: int) -> Sequence[RecordedEvent]:
        most = min(limit, self.position - position)
        return self.history.since(position, most) if most > 0 else ()

    def foldable_since(self, position: int, limit: int) -> Sequence[FoldableEvent]:
        found = self.history.foldable_since(position, limit)
        return [event for event in found if event.position <= self.position]

    def events_of_command(self, command_id: str) -> Sequence[RecordedEvent]:
        found = self.history.events_of_command(command_id)
        return [event for event in found if event.position <= self.position]

    def last_position(self) -> int:
        return min(self.position, self.history.last_position())

    def position_at(self, instant: datetime) -> int:
        return min(self.position, self.history.position_at(instant))

    def content(self, digest: str) -> bytes:
        return self.history.content(digest)


class LoadedHistory(DelegatingHistory):
    """A history of which all events are at hand: no stream of it is read again."""

    def __init__(self, history: History) -> None:
        super().__init__(history)
        self.events = all_events(history)
        self._streams: dict[Stream, list[RecordedEvent]] = {}
        for event in self.events:
            self._streams.setdefault(event.stream, []).append(event)

    def events_of(self, stream: Stream) -> Sequence[RecordedEvent]:
        return self._streams.get(stream, ())

    def since(self, position: int, limit: int) -> Sequence[RecordedEvent]:
        return self.events[position : position + limit]

    def foldable_since(self, position: int, limit: int) -> Sequence[FoldableEvent]:
        return self.since(position, limit)

    def events_of_command(self, command_id: str) -> Sequence[RecordedEvent]:
        return [event for event in self.events if event.command_id == command_id]

    def last_position(self) -> int:
        return len(self.events)


def all_events(history: History, after: int = 0) -> list[RecordedEvent]:
    """Every event after a position, in order. Raises ReadLimitExceeded before it reads too many."""
    require_room(history.last_position() - after)
    events: list[RecordedEvent] = []
    while page := history.since(events[-1].position if events else after, PAGE):
        events += page
    return events
