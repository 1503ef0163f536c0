"""A history that delegates to another one; subclasses override some of its methods."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from domain.messages import FoldableEvent, RecordedEvent
from domain.ports.event_store import History
from domain.streams import Stream


class DelegatingHistory:
    """Answers as the history behind it does. Raises what that raises."""

    def __init__(self, history: History) -> None:
        self._history = history

    @property
    def organisation(self) -> str:
        return self._history.organisation

    def events_of(self, stream: Stream) -> Sequence[RecordedEvent]:
        """The events of a stream in order of version."""
        return self._history.events_of(stream)

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
