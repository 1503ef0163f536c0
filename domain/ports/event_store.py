"""What the inner code needs from outside; adapters provide it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Protocol

from msgspec import Struct

from domain.messages import FoldableEvent, RecordedEvent
from domain.streams import Stream


class Head(Struct, frozen=True):
    """Where a log ends: its last position, and when that was recorded (UTC)."""

    position: int = 0
    recorded_at: datetime = datetime.min.replace(tzinfo=UTC)


class StreamReader(Protocol):
    """What a decision reads of the record."""

    def events_of(self, stream: Stream) -> Sequence[RecordedEvent]:
        """The stream's events in order of version; empty for a stream that does not exist."""

    def content(self, digest: str) -> bytes:
        """The bytes with this SHA-256. Raises KeyError when the store does not hold them."""


class History(StreamReader, Protocol):
    """One organisation's log with the contents that it refers to, to be read."""

    @property
    def organisation(self) -> str: ...

    def since(self, position: int, limit: int) -> Sequence[RecordedEvent]:
        """At most `limit` events after `position`, in order, none skipped."""

    def foldable_since(self, position: int, limit: int) -> Sequence[FoldableEvent]:
        """Like `since`, with what states read of events and no more."""

    def events_of_command(self, command_id: str) -> Sequence[RecordedEvent]:
        """The events that a command caused, in order; empty when it never happened."""

    def last_position(self) -> int:
        """The position of the newest event; 0 for an empty log."""

    def position_at(self, instant: datetime) -> int:
        """The position of the last event recorded at or before `instant` (UTC); 0 for none."""


class EncodedAppend(Protocol):
    """What one command adds, in the form in which it will be stored, with its contents."""

    @property
    def events(self) -> Sequence[RecordedEvent]:
        """The events with the positions, hashes and times of recording that they will have."""

    @property
    def contents(self) -> Mapping[str, bytes]:
        """The contents to which they refer, by their SHA-256."""


class AppendableHistory(StreamReader, Protocol):
    """What a decision reads of the record, where further events are added to it."""

    def add(self, prepared: EncodedAppend) -> None:
        """Add what was prepared to follow upon all that is there; it is read from now on."""


class AppendTransaction(AppendableHistory, Protocol):
    """A history while nobody else can append to it; what is added is read at once."""

    def head(self) -> Head:
        """Where the log ends now."""

    def since(self, position: int, limit: int) -> Sequence[RecordedEvent]:
        """At most `limit` events after `position`, in order, none skipped."""

    def events_of_command(self, command_id: str) -> Sequence[RecordedEvent]:
        """The events that a command caused, in order; empty when it never happened."""

    def add(self, prepared: EncodedAppend) -> None:
        """Append what was prepared to follow upon the end of the log.

        Raises VersionConflict for a position or a version that does not come next, and
        Unavailable; then the whole turn must be given up.
        """


class EventStore(History, Protocol):
    """A history that takes events: at its known end, or else in a turn of one's own."""

    def events_of(self, stream: Stream, limit: int | None = None) -> Sequence[RecordedEvent]:
        """The stream's first events in order of version, at most `limit` of them."""

    def encode(
        self, events: Sequence[RecordedEvent], contents: Mapping[str, bytes], after: Head
    ) -> EncodedAppend:
        """These events of one command as they will be stored if the log still ends at `after`.

        Their `position`, `recorded_at` and `hash` are given here: positions are dense, and
        `recorded_at` never runs behind an earlier position's. Raises TooLarge, and ValueError for
        what no command could mean. Nothing is stored yet.
        """

    def append_after(self, position: int, prepared: Sequence[EncodedAppend]) -> None:
        """Append all of it in one durable transaction, or nothing.

        Raises VersionConflict when the log does not end at `position` any more, when one of the
        commands has happened before, or a version does not come next in its stream; Unavailable.
        Without any events it only looks whether the log still ends there.
        """

    def append_transaction(self) -> AbstractContextManager[AppendTransaction]:
        """One durable transaction in which nobody else can append.

        What was added is there for ever after it, or none of it after an error. Raises
        Unavailable when it cannot begin or end.
        """


class EventLog(Protocol):
    """A store of one or several organisations' histories."""

    def organisations(self) -> Sequence[str]: ...

    def heads(self, organisation: str = "") -> Mapping[str, Head]:
        """Where each log ends, or only that of one organisation, in one read.

        An organisation without events is not among them.
        """

    def history(self, organisation: str) -> EventStore: ...
