"""What one request may read of the log, so that no reader can stop the server for all others.

A past state is made from the events before it, however many there are: 200,000 took 81 seconds
and 825 MB. So a request for a page has a limit, which all that it asks for shares. Without a
limit, as on the command line, everything can be read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Final, Protocol, TypeVar

from domain.messages import FoldableEvent, RecordedEvent
from domain.ports.event_store import EventLog, EventStore, Head, History
from domain.streams import Stream

DEFAULT: Final = 20_000
"""How many events one request may read, unless those who run the server say otherwise."""

EventT = TypeVar("EventT", bound=FoldableEvent)


class ReadLimitExceeded(Exception):
    """A request would read more events than it may; it was given up."""

    def __init__(self, most: int) -> None:
        super().__init__(f"more than {most} events or contents")
        self.most = most


class ReadLimit:
    """How many events may be read and as many contents, and how many still."""

    def __init__(self, most: int) -> None:
        self.most = self.left = self.contents_left = most

    def require(self, events: int) -> None:
        """Raise ReadLimitExceeded unless so many can still be read."""
        if events > self.left:
            raise ReadLimitExceeded(self.most)

    def take(self, events: int) -> None:
        """Count what was read. Raises ReadLimitExceeded when that was too much."""
        self.require(events)
        self.left -= events

    def take_content(self) -> None:
        """Count a content that was read; there may be as many of them as events, beside these.

        So whether all events before a position can be read is known before any is read.
        """
        if not self.contents_left:
            raise ReadLimitExceeded(self.most)
        self.contents_left -= 1


_CURRENT: ContextVar[ReadLimit | None] = ContextVar("read_limit", default=None)


@contextmanager
def limited_to(most: int) -> Iterator[None]:
    """Let what is done within read at most so many events."""
    token = _CURRENT.set(ReadLimit(most))
    try:
        yield
    finally:
        _CURRENT.reset(token)


def require_room(events: int) -> None:
    """Raise ReadLimitExceeded unless the present request can still read so many events."""
    if limit := _CURRENT.get():
        limit.require(events)


class ReadableLog(Protocol):
    """A store of histories, to be read."""

    def organisations(self) -> Sequence[str]: ...

    def heads(self, organisation: str = "") -> Mapping[str, Head]: ...

    def history(self, organisation: str) -> History: ...


class LimitedLog:
    """A log that keeps the limit of the request that reads it, if that has one."""

    def __init__(self, log: EventLog) -> None:
        self._log = log

    def organisations(self) -> Sequence[str]:
        """The organisations that have events."""
        return self._log.organisations()

    def heads(self, organisation: str = "") -> Mapping[str, Head]:
        """Where each log ends, or that of one organisation; no event is read for it."""
        return self._log.heads(organisation)

    def history(self, organisation: str) -> History:
        """The history of an organisation, whose reading counts."""
        found, limit = self._log.history(organisation), _CURRENT.get()
        return LimitedHistory(found, limit) if limit else found


class LimitedHistory:
    """A history of which at most one event more than allowed is read, before it says so."""

    def __init__(self, history: EventStore, limit: ReadLimit) -> None:
        self._history, self._limit = history, limit

    @property
    def organisation(self) -> str:
        return self._history.organisation

    def events_of(self, stream: Stream) -> Sequence[RecordedEvent]:
        return self._counted(self._history.events_of(stream, self._limit.left + 1))

    def since(self, position: int, limit: int) -> Sequence[RecordedEvent]:
        return self._counted(self._history.since(position, min(limit, self._limit.left + 1)))

    def foldable_since(self, position: int, limit: int) -> Sequence[FoldableEvent]:
        return self._counted(
            self._history.foldable_since(position, min(limit, self._limit.left + 1))
        )

    def events_of_command(self, command_id: str) -> Sequence[RecordedEvent]:
        return self._counted(self._history.events_of_command(command_id))

    def last_position(self) -> int:
        return self._history.last_position()

    def position_at(self, instant: datetime) -> int:
        return self._history.position_at(instant)

    def content(self, digest: str) -> bytes:
        """The bytes with this SHA-256; they count beside the events."""
        self._limit.take_content()
        return self._history.content(digest)

    def _counted(self, found: Sequence[EventT]) -> Sequence[EventT]:
        self._limit.take(len(found))
        return found
