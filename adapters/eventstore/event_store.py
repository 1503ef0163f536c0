"""The port `Journal`: one organisation's log, read and appended to in terms of the domain."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Final, Protocol

from eventsourcing.persistence import IntegrityError

from adapters.eventstore.columns import Columns
from adapters.eventstore.decoding import sound, told_all, told_stream
from adapters.eventstore.encoding import Ready, ready, sortable
from adapters.eventstore.envelope import Row
from domain.messages import Recorded
from domain.ports.errors import ChangedMeanwhile
from domain.ports.event_store import Head, Prepared
from domain.streams import Stream

START: Final = Head()
"""Where an empty log ends."""


class Reads(Protocol):
    """What a recorder tells of one organisation's rows."""

    organisation: str

    def select_events(self, originator_id: object) -> Sequence[Row]: ...

    def select_notifications(
        self, start: int, limit: int, *, inclusive_of_start: bool
    ) -> Sequence[Row]: ...

    def of_command(self, command_id: str) -> Sequence[Row]: ...

    def max_notification_id(self) -> int | None: ...

    def position_at(self, recorded_at: str) -> int: ...

    def content(self, digest: str) -> bytes | None: ...


class Writes(Protocol):
    """What one writer does to an organisation's rows within one transaction."""

    organisation: str

    def last(self) -> tuple[int, str]: ...

    def of_stream(self, stream: str) -> Sequence[Row]: ...

    def since(self, position: int, limit: int) -> Sequence[Row]: ...

    def of_command(self, command_id: str) -> Sequence[Row]: ...

    def content(self, digest: str) -> bytes | None: ...

    def insert(self, rows: Sequence[Columns], contents: Mapping[str, bytes]) -> None: ...


class StoredHistory(ABC):
    """One organisation's events and contents; it exists from its first append on.

    Every event that is read is checked against its hash, so that what was changed in the store is
    reported (Unreadable) and never shown.
    """

    def __init__(self, reads: Reads) -> None:
        self._reads = reads
        self.organisation = reads.organisation

    def of(self, stream: Stream) -> Sequence[Recorded]:
        """The stream's events in order of version; empty for a stream that does not exist."""
        return told_stream(self.organisation, self._reads.select_events(str(stream)))

    def since(self, position: int, limit: int) -> Sequence[Recorded]:
        """At most `limit` events after `position`, in order, none skipped."""
        found = self._reads.select_notifications(position, limit, inclusive_of_start=False)
        return told_all(self.organisation, found)

    def by_command(self, command_id: str) -> Sequence[Recorded]:
        """The events that a command caused, in order; empty when it never happened."""
        return told_all(self.organisation, self._reads.of_command(command_id))

    def last_position(self) -> int:
        """The position of the newest event; 0 for an empty log."""
        return self._reads.max_notification_id() or 0

    def position_at(self, instant: datetime) -> int:
        """The last position that was recorded at or before an instant; 0 when there is none."""
        return self._reads.position_at(sortable(instant))

    def content(self, digest: str) -> bytes:
        """The bytes with this SHA-256. Raises KeyError when the store does not hold them."""
        return sound(digest, self._reads.content(digest))

    def prepared(
        self, events: Sequence[Recorded], contents: Mapping[str, bytes], after: Head
    ) -> Ready:
        """The events as they will be stored if the log still ends at `after` (see the port)."""
        return ready(self.organisation, events, contents, after)

    def append_after(self, position: int, prepared: Sequence[Prepared]) -> None:
        """Append all of it in one transaction if the log ends at `position` (see the port)."""
        wanted = [own(one) for one in prepared]
        if not any(one.rows for one in wanted):
            insist_on_end(self.last_position(), position)
            return
        try:
            self._append(position, wanted)
        except IntegrityError as error:
            raise ChangedMeanwhile(str(error)) from error

    @abstractmethod
    def turn(self) -> AbstractContextManager[StoredTurn]:
        """One transaction in which nobody else can append (see the port)."""

    @abstractmethod
    def _append(self, position: int, wanted: Sequence[Ready]) -> None:
        """Append if the log ends at `position`. Raises ChangedMeanwhile, IntegrityError."""


class StoredTurn:
    """The port `Turn`: a log inside a transaction of its own.

    Within what `explained` gives, errors of the database become Unavailable.
    """

    def __init__(
        self, writes: Writes, explained: Callable[[], AbstractContextManager[None]]
    ) -> None:
        self._writes, self._explained = writes, explained
        self._organisation = writes.organisation

    def head(self) -> Head:
        """Where the log ends now."""
        with self._explained():
            position, recorded_at = self._writes.last()
        return Head(position, datetime.fromisoformat(recorded_at)) if position else START

    def of(self, stream: Stream) -> Sequence[Recorded]:
        """The stream's events in order of version; empty for a stream that does not exist."""
        with self._explained():
            return told_stream(self._organisation, self._writes.of_stream(str(stream)))

    def since(self, position: int, limit: int) -> Sequence[Recorded]:
        """At most `limit` events after `position`, in order, none skipped."""
        with self._explained():
            return told_all(self._organisation, self._writes.since(position, limit))

    def by_command(self, command_id: str) -> Sequence[Recorded]:
        """The events that a command caused, in order; empty when it never happened."""
        with self._explained():
            return told_all(self._organisation, self._writes.of_command(command_id))

    def content(self, digest: str) -> bytes:
        """The bytes with this SHA-256. Raises KeyError when the store does not hold them."""
        with self._explained():
            return sound(digest, self._writes.content(digest))

    def add(self, prepared: Prepared) -> None:
        """Append what follows upon the end of the log (see the port)."""
        mine = own(prepared)
        try:
            with self._explained():
                self._writes.insert(mine.rows, mine.contents)
        except IntegrityError as error:
            raise ChangedMeanwhile(str(error)) from error


def own(prepared: Prepared) -> Ready:
    """What was prepared for a store of Placet. Raises TypeError for anything else."""
    if not isinstance(prepared, Ready):
        raise TypeError(f"{prepared!r:.80} was not prepared by a store")
    return prepared


def joined(wanted: Sequence[Ready]) -> tuple[list[Columns], dict[str, bytes]]:
    """All rows in order, and all contents."""
    rows = [row for one in wanted for row in one.rows]
    return rows, {name: content for one in wanted for name, content in one.contents.items()}


def insist_on_end(now: int, position: int) -> None:
    """Raise ChangedMeanwhile unless a log that ends at `now` ends at `position`."""
    if now != position:
        raise ChangedMeanwhile(f"the log ends at {now}, no longer at {position}")
