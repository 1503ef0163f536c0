"""The port `History`: one organisation's log, read and appended to in terms of the domain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from eventsourcing.persistence import IntegrityError

from adapters.codec import Malformed
from adapters.envelope import Row, hash_of, one_line, recorded_of, state_of
from adapters.recorder import Recorder
from adapters.turns import Turn
from domain.facts import Recorded, Stream
from domain.ports import ChangedMeanwhile, TooLarge, Unavailable
from domain.register import NAMES
from domain.texts import digest

EVENT_CAP: Final = 64 * 1024
"""Most bytes that an event may take."""
CONTENT_CAP: Final = 16 * 1024 * 1024
"""Most bytes that a content may take."""


class SqliteHistory:
    """One organisation's events and contents; it exists from its first append on.

    Every event that is read is checked against its hash, so that what was changed on disk is
    reported (Unavailable) and never shown.
    """

    def __init__(self, recorder: Recorder) -> None:
        self.recorder = recorder
        self.organisation = recorder.organisation

    def of(self, stream: Stream) -> Sequence[Recorded]:
        """The stream's events in order of version; empty for a stream that does not exist."""
        return self._told(self.recorder.select_events(str(stream)))

    def append(
        self,
        events: Sequence[Recorded],
        fences: Mapping[Stream, int],
        contents: Mapping[str, bytes],
    ) -> Sequence[Recorded]:
        """Append all of it in one durable transaction, or nothing (see the port).

        Raises ChangedMeanwhile, TooLarge and Unavailable; ValueError for what no command could
        mean, such as events of another organisation or a version that skips one.
        """
        self._insist(events)
        _insist_on_contents(contents)
        with self.recorder.turn() as turn:
            if known := turn.of_command(events[0].command_id if events else ""):
                return self._told(known)
            _hold(turn, fences)
            _follow_on(turn, events)
            for name, content in contents.items():
                turn.keep(name, content)
            return self._told(_appended(turn, events))

    def since(self, position: int, limit: int) -> Sequence[Recorded]:
        """At most `limit` events after `position`, in order, none skipped."""
        found = self.recorder.select_notifications(position, limit, inclusive_of_start=False)
        return self._told(found)

    def by_command(self, command_id: str) -> Sequence[Recorded]:
        """The events that a command caused, in order; empty when it never happened."""
        return self._told(self.recorder.of_command(command_id))

    def last_position(self) -> int:
        """The position of the newest event; 0 for an empty log."""
        return self.recorder.max_notification_id() or 0

    def position_at(self, instant: datetime) -> int:
        """The last position that was recorded at or before an instant; 0 when there is none."""
        return self.recorder.position_at(sortable(instant))

    def content(self, digest: str) -> bytes:
        """The bytes with this SHA-256. Raises KeyError when the store does not hold them."""
        found = self.recorder.content(digest)
        if found is None:
            raise KeyError(digest)
        _check_content(digest, found)
        return found

    def _told(self, rows: Sequence[Row]) -> tuple[Recorded, ...]:
        return tuple(told(self.organisation, row) for row in rows)

    def _insist(self, events: Sequence[Recorded]) -> None:
        for event in events:
            one_line({"the organisation": self.organisation, "the stream": event.stream.id})
            same = event.command_id == events[0].command_id
            named = NAMES.get(type(event.fact)) == event.name
            if not (same and named and event.organisation == self.organisation):
                raise ValueError(f"not an event of this append: {event!r:.200}")


def told(organisation: str, row: Row) -> Recorded:
    """The event in a row. Raises Unavailable for a damaged, a changed or an unknown one."""
    stream, version = str(row.originator_id), row.originator_version
    try:
        if row.hash != hash_of(organisation, stream, version, row.topic, row.state):
            raise Malformed("its hash does not fit it")
        return recorded_of(organisation, row)
    except ValueError as error:
        raise Unavailable(
            f"Event {row.id} of {organisation} is damaged or was changed on disk: {error}."
            " Check the store and restore a backup."
        ) from error


def _appended(turn: Turn, events: Sequence[Recorded]) -> Sequence[Row]:
    """The stored rows, all recorded at one moment, which is never before the last one's.

    The caller reads them before it commits: what could not be read again is never stored.
    """
    try:
        _, last = turn.last()
        now = max(last, *(sortable(event.recorded_at) for event in events)) if events else last
        return turn.append([_row(event, now) for event in events])
    except IntegrityError as error:
        raise ChangedMeanwhile(str(error)) from error


def _row(event: Recorded, now: str) -> Row:
    """The row of an event that is recorded now. Raises TooLarge."""
    state = state_of(replace(event, recorded_at=datetime.fromisoformat(now)))
    if len(state) > EVENT_CAP:
        raise TooLarge(f"{event.name} takes {len(state)} bytes; an event may take {EVENT_CAP}")
    return Row(
        id=0,
        originator_id=str(event.stream),
        originator_version=event.version,
        topic=event.name,
        state=state,
        command_id=event.command_id,
        recorded_at=now,
    )


def _hold(turn: Turn, fences: Mapping[Stream, int]) -> None:
    for stream, version in fences.items():
        now = turn.version_of(str(stream))
        if now != version:
            raise ChangedMeanwhile(f"{stream} is at version {now}, no longer at {version}")


def _follow_on(turn: Turn, events: Sequence[Recorded]) -> None:
    """Raise unless each event has the version that comes next in its stream."""
    heads: dict[Stream, int] = {}
    for event in events:
        stream = event.stream
        head = heads[stream] if stream in heads else turn.version_of(str(stream))
        if event.version <= head:
            raise ChangedMeanwhile(f"{stream} is at version {head} already")
        if event.version > head + 1:
            raise ValueError(f"{stream} is at version {head}: {event.version} would leave a gap")
        heads[stream] = event.version


def _insist_on_contents(contents: Mapping[str, bytes]) -> None:
    for name, content in contents.items():
        if len(content) > CONTENT_CAP:
            size = len(content)
            raise TooLarge(f"a content takes {size} bytes; it may take {CONTENT_CAP}")
        if digest(content) != name:
            raise ValueError(f"{name:.80} is not the SHA-256 of its content")


def _check_content(name: str, content: bytes) -> None:
    if digest(content) != name:
        raise Unavailable(f"Content {name[:12]} is damaged or was changed on disk.")


def sortable(at: datetime) -> str:
    """The instant in UTC, written so that earlier ones sort before later ones as text."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
