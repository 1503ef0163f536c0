"""The record of a case while it is played: one pass over its log, and the states up to there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from domain.messages import RecordedEvent
from domain.ports.event_store import Head, History
from domain.state_cache import StagedStates, StateCache
from domain.streams import Stream
from workflows.history.delegating_history import DelegatingHistory

PAGE: Final = 1_000


class PlayedRecord(DelegatingHistory):
    """A history up to where it was read on; it decodes each event once, and folds it once.

    Only streams that began before the case are read as a whole, when they are asked for first.
    """

    def __init__(self, history: History) -> None:
        super().__init__(history)
        self.position = history.last_position()
        self._streams: dict[Stream, list[RecordedEvent]] = {}
        known = StateCache()
        known.head = Head(self.position)
        self.states = StagedStates(known)
        """The states as of `position`, for the contexts of decisions."""

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
