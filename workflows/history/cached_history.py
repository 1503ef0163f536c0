"""A history that decodes each event once, however often its stream is asked for."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from threading import RLock
from typing import Final

from domain.messages import RecordedEvent
from domain.ports.errors import Unreadable
from domain.ports.event_store import History
from domain.streams import Stream
from workflows.history.delegating_history import DelegatingHistory

PAGE: Final = 1_000
"""How many new events are followed; after more than these the cache begins again, empty."""
MOST_STREAMS: Final = 100
"""How many streams are kept; the one that was asked for longest ago goes first."""


class CachedHistory(DelegatingHistory):
    """Reads a history, and keeps the events of streams that were asked for.

    What is kept follows the log: every question is answered as of its present end. Several
    threads may ask.
    """

    def __init__(self, history: History) -> None:
        super().__init__(history)
        self._position = 0
        self._streams: OrderedDict[Stream, list[RecordedEvent]] = OrderedDict()
        self._lock = RLock()

    def events_of(self, stream: Stream) -> Sequence[RecordedEvent]:
        """The events of a stream in order of version. Raises Unreadable and Unavailable."""
        with self._lock:
            self._follow()
            if stream not in self._streams:
                self._streams[stream] = [*self._history.events_of(stream)]
            self._streams.move_to_end(stream)
            while len(self._streams) > MOST_STREAMS:
                self._streams.popitem(last=False)
            return tuple(self._streams[stream])

    def _follow(self) -> None:
        """Add what was recorded since the last time to the streams that are kept."""
        last = self._history.last_position()
        if self._position < last <= self._position + PAGE and self._streams:
            try:
                for event in self._history.since(self._position, PAGE):
                    self._add(event)
            except Unreadable:  # a stream that can be read is read again as a whole
                self._streams.clear()
        elif last != self._position:
            self._streams.clear()
        self._position = last

    def _add(self, event: RecordedEvent) -> None:
        """Add an event to its stream, unless that holds it already or is not kept."""
        known = self._streams.get(event.stream)
        if known is not None and event.version == len(known) + 1:
            known.append(event)
