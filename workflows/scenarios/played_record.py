"""The record of a case while it is played: one pass over its log, and the states up to there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from domain.messages import FoldableEvent, RecordedEvent
from domain.ports.event_store import Head, History
from domain.state_cache import StagedStates, StateCache
from domain.streams import Stream

PAGE: Final = 1_000


class PlayedRecord:
    """A history up to where it was read on; it decodes each event once, and folds it once.

    Only streams that began before the case are read as a whole, when they are asked for first.
    """

    def __init__(self, history: History) -> None:
        self._history, self.position = history, history.last_position()
        self._streams: dict[Stream, list[RecordedEvent]] = {}
        known = StateCache()
        known.head = Head(self.position)
        self.states = StagedStates(known)
        """The states as of `position`, for the contexts of decisions."""

    @property
    def organisation(self) -> str:
        return self._history.organisation

    def read_on(self) -> Sequence[RecordedEvent]:
        """Go on to the end of the log; the events that are new."""
        new: list[RecordedEvent] = []
        while page := self._history.since(self.position, PAGE):
            for event in page:
                self._keep(event)
            self.states.apply(page)
            self.position = page[-1].position
            new += page
            if len(page) < PAGE:
                break
        return new

    def events_of(self, stream: Stream) -> Sequence[RecordedEvent]:
        """The events of a stream in order of version."""
        if stream not in self._streams:
            found = self._history.events_of(stream)
            self._streams[stream] = [event for event in found if event.position <= self.position]
        return self._streams[stream]

    def _keep(self, event: RecordedEvent) -> None:
        if event.version == 1:
            self._streams[event.stream] = [event]
        elif event.stream in self._streams:
            self._streams[event.stream].append(event)

    def since(self, position: int, limit: int) -> Sequence[RecordedEvent]:
        return self._history.since(position, limit)

    def foldable_since(self, position: int, limit: int) -> Sequence[FoldableEvent]:
        return self._history.foldable_since(position, limit)

    def events_of_command(self, command_id: str) -> Sequence[RecordedEvent]:
        return self._history.events_of_command(command_id)

    def last_position(self) -> int:
        return self._history.last_position()

    def position_at(self, instant: datetime) -> int:
        return self._history.position_at(instant)

    def content(self, digest: str) -> bytes:
        return self._history.content(digest)
