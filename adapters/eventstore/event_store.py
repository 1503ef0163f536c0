"""The port `EventStore`: one organisation's log, read and appended to in terms of the domain."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Final

from eventsourcing.persistence import IntegrityError

from adapters.eventstore import statements
from adapters.eventstore.append import AppendTransaction
from adapters.eventstore.decoding import (
    decode_events,
    decode_foldable,
    decode_stream,
    verify_content,
)
from adapters.eventstore.encoding import EncodedRows, encode_append, sortable_instant
from adapters.eventstore.recorder import LogRecorder, require_end
from adapters.eventstore.text_keys import TextKeys
from domain.messages import FoldableEvent, RecordedEvent
from domain.ports.errors import VersionConflict
from domain.ports.event_store import EncodedAppend, Head
from domain.streams import Stream

EMPTY_HEAD: Final = Head()
"""Where an empty log ends."""


class StoredHistory:
    """One organisation's events and contents; it exists from its first append on.

    Every event that is read is checked against its hash, so that what was changed in the store is
    reported (Unreadable) and never shown.
    """

    def __init__(
        self, recorder: LogRecorder, keys: TextKeys | None = None, *, seals: bool = False
    ) -> None:
        """`keys` open sealed texts; with `seals` the texts of further events are sealed."""
        self.recorder, self.keys, self.seals = recorder, keys, seals
        self.organisation = recorder.organisation

    def events_of(self, stream: Stream, limit: int | None = None) -> Sequence[RecordedEvent]:
        """The stream's events in order of version; empty for a stream that does not exist."""
        found = self.recorder.select_events(str(stream), limit=limit)
        return decode_stream(self.organisation, found, self.keys)

    def since(self, position: int, limit: int) -> Sequence[RecordedEvent]:
        """At most `limit` events after `position`, in order, none skipped."""
        found = self.recorder.select_notifications(position, limit, inclusive_of_start=False)
        return decode_events(self.organisation, found, self.keys)

    def foldable_since(self, position: int, limit: int) -> Sequence[FoldableEvent]:
        """Like `since`, with what states read of events and no more."""
        found = self.recorder.read(statements.FOLDABLE, self.organisation, position, limit)
        return decode_foldable(self.organisation, found)

    def events_of_command(self, command_id: str) -> Sequence[RecordedEvent]:
        """The events that a command caused, in order; empty when it never happened."""
        found = self.recorder.of_command(command_id)
        return decode_events(self.organisation, found, self.keys)

    def last_position(self) -> int:
        """The position of the newest event; 0 for an empty log."""
        return self.recorder.max_notification_id() or 0

    def position_at(self, instant: datetime) -> int:
        """The last position that was recorded at or before an instant; 0 when there is none."""
        return self.recorder.position_at(sortable_instant(instant))

    def content(self, digest: str) -> bytes:
        """The bytes with this SHA-256. Raises KeyError when the store does not hold them."""
        return verify_content(digest, self.recorder.content(digest))

    def encode(
        self, events: Sequence[RecordedEvent], contents: Mapping[str, bytes], after: Head
    ) -> EncodedRows:
        """The events as they will be stored if the log still ends at `after` (see the port)."""
        return encode_append(
            self.organisation, events, contents, after, self.keys if self.seals else None
        )

    def append_after(self, position: int, prepared: Sequence[EncodedAppend]) -> None:
        """Append all of it in one transaction if the log ends at `position` (see the port)."""
        wanted = [require_own_encoding(append) for append in prepared]
        if not any(append.rows for append in wanted):
            require_end(self.last_position(), position)
            return
        try:
            self.recorder.append_after(position, wanted)
        except IntegrityError as error:
            raise VersionConflict(str(error)) from error

    @contextmanager
    def append_transaction(self) -> Iterator[StoredTransaction]:
        """One transaction in which nobody else can append (see the port)."""
        with self.recorder.transaction() as transaction:
            yield StoredTransaction(transaction, self.keys)


class StoredTransaction:
    """The port `Turn`: a log inside a transaction of its own."""

    def __init__(self, transaction: AppendTransaction, keys: TextKeys | None = None) -> None:
        self._transaction, self._keys = transaction, keys
        self._translate_errors = transaction.translate_errors
        self._organisation = transaction.organisation

    def head(self) -> Head:
        """Where the log ends now."""
        with self._translate_errors():
            position, recorded_at = self._transaction.last()
        return Head(position, datetime.fromisoformat(recorded_at)) if position else EMPTY_HEAD

    def events_of(self, stream: Stream) -> Sequence[RecordedEvent]:
        """The stream's events in order of version; empty for a stream that does not exist."""
        with self._translate_errors():
            found = self._transaction.of_stream(str(stream))
            return decode_stream(self._organisation, found, self._keys)

    def since(self, position: int, limit: int) -> Sequence[RecordedEvent]:
        """At most `limit` events after `position`, in order, none skipped."""
        with self._translate_errors():
            found = self._transaction.since(position, limit)
            return decode_events(self._organisation, found, self._keys)

    def events_of_command(self, command_id: str) -> Sequence[RecordedEvent]:
        """The events that a command caused, in order; empty when it never happened."""
        with self._translate_errors():
            found = self._transaction.of_command(command_id)
            return decode_events(self._organisation, found, self._keys)

    def content(self, digest: str) -> bytes:
        """The bytes with this SHA-256. Raises KeyError when the store does not hold them."""
        with self._translate_errors():
            return verify_content(digest, self._transaction.content(digest))

    def add(self, prepared: EncodedAppend) -> None:
        """Append what follows upon the end of the log (see the port)."""
        encoded = require_own_encoding(prepared)
        try:
            with self._translate_errors():
                self._transaction.insert(encoded.rows, encoded.contents)
        except IntegrityError as error:
            raise VersionConflict(str(error)) from error


def require_own_encoding(prepared: EncodedAppend) -> EncodedRows:
    """What was prepared for a store of Placet. Raises TypeError for anything else."""
    if not isinstance(prepared, EncodedRows):
        raise TypeError(f"{prepared!r:.80} was not prepared by a store")
    return prepared
