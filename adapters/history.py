"""The port `Journal`: one organisation's log, read and appended to in terms of the domain."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Final

from eventsourcing.persistence import IntegrityError

from adapters import turns
from adapters.codec import Malformed
from adapters.envelope import Row, UnknownEvent, hash_of, recorded_of
from adapters.preparing import Ready, ready, sortable
from adapters.recorder import Recorder, insist_on_end
from adapters.turns import Columns
from domain.facts import Recorded, Stream
from domain.ports import ChangedMeanwhile, Head, Prepared, Unreadable
from domain.texts import digest

START: Final = Head()
"""Where an empty log ends."""


class SqliteHistory:
    """One organisation's events and contents; it exists from its first append on.

    Every event that is read is checked against its hash, so that what was changed on disk is
    reported (Unreadable) and never shown.
    """

    def __init__(self, recorder: Recorder) -> None:
        self.recorder = recorder
        self.organisation = recorder.organisation

    def of(self, stream: Stream) -> Sequence[Recorded]:
        """The stream's events in order of version; empty for a stream that does not exist."""
        return told_stream(self.organisation, self.recorder.select_events(str(stream)))

    def since(self, position: int, limit: int) -> Sequence[Recorded]:
        """At most `limit` events after `position`, in order, none skipped."""
        found = self.recorder.select_notifications(position, limit, inclusive_of_start=False)
        return told_all(self.organisation, found)

    def by_command(self, command_id: str) -> Sequence[Recorded]:
        """The events that a command caused, in order; empty when it never happened."""
        return told_all(self.organisation, self.recorder.of_command(command_id))

    def last_position(self) -> int:
        """The position of the newest event; 0 for an empty log."""
        return self.recorder.max_notification_id() or 0

    def position_at(self, instant: datetime) -> int:
        """The last position that was recorded at or before an instant; 0 when there is none."""
        return self.recorder.position_at(sortable(instant))

    def content(self, digest: str) -> bytes:
        """The bytes with this SHA-256. Raises KeyError when the store does not hold them."""
        return sound(digest, self.recorder.content(digest))

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
        rows, contents = joined(wanted)
        ids = [one.command_id for one in wanted if one.rows]
        try:
            self.recorder.append_after(position, rows, ids, contents)
        except IntegrityError as error:
            raise ChangedMeanwhile(str(error)) from error

    @contextmanager
    def turn(self) -> Iterator[SqliteTurn]:
        """One transaction in which nobody else can append (see the port)."""
        with self.recorder.turn() as turn:
            yield SqliteTurn(self.recorder, turn)


class SqliteTurn:
    """The port `Turn`: a log inside a transaction of its own."""

    def __init__(self, recorder: Recorder, turn: turns.Turn) -> None:
        self._recorder, self._turn = recorder, turn

    def head(self) -> Head:
        """Where the log ends now."""
        with self._recorder.explained():
            position, recorded_at = self._turn.last()
        return Head(position, datetime.fromisoformat(recorded_at)) if position else START

    def of(self, stream: Stream) -> Sequence[Recorded]:
        """The stream's events in order of version; empty for a stream that does not exist."""
        with self._recorder.explained():
            return told_stream(self._recorder.organisation, self._turn.of_stream(str(stream)))

    def since(self, position: int, limit: int) -> Sequence[Recorded]:
        """At most `limit` events after `position`, in order, none skipped."""
        with self._recorder.explained():
            return told_all(self._recorder.organisation, self._turn.since(position, limit))

    def by_command(self, command_id: str) -> Sequence[Recorded]:
        """The events that a command caused, in order; empty when it never happened."""
        with self._recorder.explained():
            return told_all(self._recorder.organisation, self._turn.of_command(command_id))

    def content(self, digest: str) -> bytes:
        """The bytes with this SHA-256. Raises KeyError when the store does not hold them."""
        with self._recorder.explained():
            return sound(digest, self._turn.content(digest))

    def add(self, prepared: Prepared) -> None:
        """Append what follows upon the end of the log (see the port)."""
        mine = own(prepared)
        try:
            with self._recorder.explained():
                self._turn.insert(mine.rows)
                for name, content in mine.contents.items():
                    self._turn.keep(name, content)
        except IntegrityError as error:
            raise ChangedMeanwhile(str(error)) from error


def told(organisation: str, row: Row) -> Recorded:
    """The event in a row. Raises Unreadable for a damaged, a changed or an unknown one."""
    stream, version = str(row.originator_id), row.originator_version
    try:
        if row.hash != hash_of(organisation, stream, version, row.topic, row.state):
            raise Malformed("its hash does not fit it")
        return recorded_of(organisation, row)
    except UnknownEvent as error:
        raise Unreadable(str(error), stream=stream, position=row.id) from error
    except ValueError as error:
        raise Unreadable(
            f"Event {row.id} of {organisation} is damaged or was changed on disk: {error}."
            " Check the store and restore a backup.",
            stream=stream,
            position=row.id,
        ) from error


def told_all(organisation: str, rows: Sequence[Row]) -> tuple[Recorded, ...]:
    """The events in rows. Raises like `told`."""
    return tuple(told(organisation, row) for row in rows)


def told_stream(organisation: str, rows: Sequence[Row]) -> tuple[Recorded, ...]:
    """The events of a whole stream. Raises like `told`, also where one of them is missing.

    Without an event that suspends or breaks it, a window would look as if nobody had spoken.
    """
    for version, row in enumerate(rows, 1):
        if row.originator_version != version:
            raise Unreadable(
                f"Event {version} of {row.originator_id} of {organisation} is missing."
                " Check the store and restore a backup.",
                stream=str(row.originator_id),
                position=row.id,
            )
    return told_all(organisation, rows)


def own(prepared: Prepared) -> Ready:
    """What was prepared for a store of Placet. Raises TypeError for anything else."""
    if not isinstance(prepared, Ready):
        raise TypeError(f"{prepared!r:.80} was not prepared by a store")
    return prepared


def joined(wanted: Sequence[Ready]) -> tuple[list[Columns], dict[str, bytes]]:
    """All rows in order, and all contents."""
    rows = [row for one in wanted for row in one.rows]
    return rows, {name: content for one in wanted for name, content in one.contents.items()}


def sound(name: str, content: bytes | None) -> bytes:
    """The content, proved by its name. Raises KeyError for none, Unreadable for a changed one."""
    if content is None:
        raise KeyError(name)
    if digest(content) != name:
        raise Unreadable(f"Content {name[:12]} is damaged or was changed on disk.")
    return content
