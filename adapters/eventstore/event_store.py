"""The port `EventStore`: one organisation's log, read and appended to in terms of the domain."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Final, Protocol

from eventsourcing.persistence import IntegrityError

from adapters.eventstore.columns import Columns
from adapters.eventstore.decoding import decode_events, decode_stream, verify_content
from adapters.eventstore.encoding import EncodedRows, encode_append, sortable_instant
from adapters.eventstore.envelope import EventRow
from domain.messages import RecordedEvent
from domain.ports.errors import VersionConflict
from domain.ports.event_store import EncodedAppend, Head
from domain.streams import Stream

EMPTY_HEAD: Final = Head()
"""Where an empty log ends."""


class RowReader(Protocol):
    """What a recorder tells of one organisation's rows."""

    organisation: str

    def select_events(self, originator_id: object) -> Sequence[EventRow]: ...

    def select_notifications(
        self, start: int, limit: int, *, inclusive_of_start: bool
    ) -> Sequence[EventRow]: ...

    def of_command(self, command_id: str) -> Sequence[EventRow]: ...

    def max_notification_id(self) -> int | None: ...

    def position_at(self, recorded_at: str) -> int: ...

    def content(self, digest: str) -> bytes | None: ...


class RowAppender(Protocol):
    """What one writer does to an organisation's rows within one transaction."""

    organisation: str

    def last(self) -> tuple[int, str]: ...

    def of_stream(self, stream: str) -> Sequence[EventRow]: ...

    def since(self, position: int, limit: int) -> Sequence[EventRow]: ...

    def of_command(self, command_id: str) -> Sequence[EventRow]: ...

    def content(self, digest: str) -> bytes | None: ...

    def insert(self, rows: Sequence[Columns], contents: Mapping[str, bytes]) -> None: ...


class StoredHistory(ABC):
    """One organisation's events and contents; it exists from its first append on.

    Every event that is read is checked against its hash, so that what was changed in the store is
    reported (Unreadable) and never shown.
    """

    def __init__(self, reads: RowReader) -> None:
        self._reads = reads
        self.organisation = reads.organisation

    def events_of(self, stream: Stream) -> Sequence[RecordedEvent]:
        """The stream's events in order of version; empty for a stream that does not exist."""
        return decode_stream(self.organisation, self._reads.select_events(str(stream)))

    def since(self, position: int, limit: int) -> Sequence[RecordedEvent]:
        """At most `limit` events after `position`, in order, none skipped."""
        found = self._reads.select_notifications(position, limit, inclusive_of_start=False)
        return decode_events(self.organisation, found)

    def events_of_command(self, command_id: str) -> Sequence[RecordedEvent]:
        """The events that a command caused, in order; empty when it never happened."""
        return decode_events(self.organisation, self._reads.of_command(command_id))

    def last_position(self) -> int:
        """The position of the newest event; 0 for an empty log."""
        return self._reads.max_notification_id() or 0

    def position_at(self, instant: datetime) -> int:
        """The last position that was recorded at or before an instant; 0 when there is none."""
        return self._reads.position_at(sortable_instant(instant))

    def content(self, digest: str) -> bytes:
        """The bytes with this SHA-256. Raises KeyError when the store does not hold them."""
        return verify_content(digest, self._reads.content(digest))

    def encode(
        self, events: Sequence[RecordedEvent], contents: Mapping[str, bytes], after: Head
    ) -> EncodedRows:
        """The events as they will be stored if the log still ends at `after` (see the port)."""
        return encode_append(self.organisation, events, contents, after)

    def append_after(self, position: int, prepared: Sequence[EncodedAppend]) -> None:
        """Append all of it in one transaction if the log ends at `position` (see the port)."""
        wanted = [require_own_encoding(one) for one in prepared]
        if not any(one.rows for one in wanted):
            insist_on_end(self.last_position(), position)
            return
        try:
            self._append(position, wanted)
        except IntegrityError as error:
            raise VersionConflict(str(error)) from error

    @abstractmethod
    def append_transaction(self) -> AbstractContextManager[StoredTransaction]:
        """One transaction in which nobody else can append (see the port)."""

    @abstractmethod
    def _append(self, position: int, wanted: Sequence[EncodedRows]) -> None:
        """Append if the log ends at `position`. Raises ChangedMeanwhile, IntegrityError."""


class StoredTransaction:
    """The port `Turn`: a log inside a transaction of its own.

    Within what `explained` gives, errors of the database become Unavailable.
    """

    def __init__(
        self, writes: RowAppender, explained: Callable[[], AbstractContextManager[None]]
    ) -> None:
        self._writes, self._explained = writes, explained
        self._organisation = writes.organisation

    def head(self) -> Head:
        """Where the log ends now."""
        with self._explained():
            position, recorded_at = self._writes.last()
        return Head(position, datetime.fromisoformat(recorded_at)) if position else EMPTY_HEAD

    def events_of(self, stream: Stream) -> Sequence[RecordedEvent]:
        """The stream's events in order of version; empty for a stream that does not exist."""
        with self._explained():
            return decode_stream(self._organisation, self._writes.of_stream(str(stream)))

    def since(self, position: int, limit: int) -> Sequence[RecordedEvent]:
        """At most `limit` events after `position`, in order, none skipped."""
        with self._explained():
            return decode_events(self._organisation, self._writes.since(position, limit))

    def events_of_command(self, command_id: str) -> Sequence[RecordedEvent]:
        """The events that a command caused, in order; empty when it never happened."""
        with self._explained():
            return decode_events(self._organisation, self._writes.of_command(command_id))

    def content(self, digest: str) -> bytes:
        """The bytes with this SHA-256. Raises KeyError when the store does not hold them."""
        with self._explained():
            return verify_content(digest, self._writes.content(digest))

    def add(self, prepared: EncodedAppend) -> None:
        """Append what follows upon the end of the log (see the port)."""
        mine = require_own_encoding(prepared)
        try:
            with self._explained():
                self._writes.insert(mine.rows, mine.contents)
        except IntegrityError as error:
            raise VersionConflict(str(error)) from error


def require_own_encoding(prepared: EncodedAppend) -> EncodedRows:
    """What was prepared for a store of Placet. Raises TypeError for anything else."""
    if not isinstance(prepared, EncodedRows):
        raise TypeError(f"{prepared!r:.80} was not prepared by a store")
    return prepared


def join_appends(wanted: Sequence[EncodedRows]) -> tuple[list[Columns], dict[str, bytes]]:
    """All rows in order, and all contents."""
    rows = [row for one in wanted for row in one.rows]
    return rows, {name: content for one in wanted for name, content in one.contents.items()}


def insist_on_end(now: int, position: int) -> None:
    """Raise ChangedMeanwhile unless a log that ends at `now` ends at `position`."""
    if now != position:
        raise VersionConflict(f"the log ends at {now}, no longer at {position}")
