"""A log that counts how often each event is read from the store, and so decoded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, TypeVar

from domain.messages import FoldableEvent, RecordedEvent
from domain.ports.event_store import EventLog, EventStore
from domain.streams import Stream

EventT = TypeVar("EventT", bound=FoldableEvent)


class CountingLog:
    """Passes everything on to a log; `decoded` counts reads of events by stream and version."""

    def __init__(self, log: EventLog) -> None:
        self._log = log
        self.decoded: Counter[tuple[str, int]] = Counter()

    def history(self, organisation: str) -> Any:
        return CountingHistory(self._log.history(organisation), self.decoded)

    def most_reads(self) -> int:
        """How often the event was read that was read most often."""
        return max(self.decoded.values(), default=0)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._log, name)


class CountingHistory:
    """A history of such a log."""

    def __init__(self, history: EventStore, decoded: Counter[tuple[str, int]]) -> None:
        self._history, self._decoded = history, decoded

    def events_of(self, stream: Stream, limit: int | None = None) -> Sequence[RecordedEvent]:
        return self._count(self._history.events_of(stream, limit))

    def since(self, position: int, limit: int) -> Sequence[RecordedEvent]:
        return self._count(self._history.since(position, limit))

    def foldable_since(self, position: int, limit: int) -> Sequence[FoldableEvent]:
        return self._count(self._history.foldable_since(position, limit))

    def _count(self, events: Sequence[EventT]) -> Sequence[EventT]:
        self._decoded.update((str(event.stream), event.version) for event in events)
        return events

    def __getattr__(self, name: str) -> Any:
        return getattr(self._history, name)
