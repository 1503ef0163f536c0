"""One organisation's rows of the log, behind the contract of eventsourcing's recorders."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Final

from eventsourcing.persistence import (
    ApplicationRecorder,
    StoredEvent,
    Subscription,
)

from adapters.eventstore.columns import Columns, row_of
from adapters.eventstore.envelope import EventRow
from adapters.eventstore.event_store import insist_on_end
from adapters.eventstore.subscription import Following, row_to_store
from adapters.sqlite.append import CONTENT, SELECT, SqliteTransaction
from adapters.sqlite.connections import Connections, translate_errors
from domain.ports.errors import VersionConflict

_STREAM: Final = SELECT + " AND stream = ? AND version > ? AND version <= ? ORDER BY version"
_NOTIFICATIONS: Final = SELECT + (  # noqa: S608  (three constants)
    " AND position >= ? AND position <= ?"
    " AND (? = '[]' OR name IN (SELECT value FROM json_each(?))) ORDER BY position LIMIT ?"
)
_LAST: Final = "SELECT position FROM counter WHERE organisation = ?"
_LAST_AT: Final = (
    "SELECT position FROM event WHERE organisation = ? AND recorded_at <= ?"
    " ORDER BY recorded_at DESC, position DESC LIMIT 1"
)
_CONTENTS: Final = "SELECT hash FROM content WHERE organisation = ? ORDER BY hash"
_ALL: Final = 2**62


class SqliteRecorder(ApplicationRecorder):
    """The events of one organisation; originators are streams, notification ids positions.

    Every method raises Unavailable when the file cannot be read or written.
    """

    def __init__(self, organisation: str, connections: Connections) -> None:
        self.organisation = organisation
        self._connections = connections

    def insert_events(self, stored_events: Sequence[StoredEvent], **_: Any) -> Sequence[int]:
        """Append events in one transaction; return their positions.

        Raises IntegrityError for a version that its stream has already.
        """
        with self.turn() as turn:
            return [row.id for row in turn.append([row_to_store(one) for one in stored_events])]

    def select_events(
        self,
        originator_id: object,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[EventRow]:
        """The rows of one stream, in order of version."""
        order = f"{_STREAM} {'DESC' if desc else 'ASC'} LIMIT ?"
        most, count = _or_all(lte), _or_all(limit)
        return self._rows(order, str(originator_id), gt or 0, most, count)

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[EventRow]:
        """At most `limit` rows from `start` to `stop`, in order of position."""
        first = (start or 0) + (0 if inclusive_of_start else 1)
        names = json.dumps(list(topics))
        return self._rows(_NOTIFICATIONS, first, _or_all(stop), names, names, limit)

    def max_notification_id(self) -> int | None:
        """The last position, or None for an empty log."""
        found: int | None = self._one(_LAST)
        return found

    def subscribe(
        self, gt: int | None = None, topics: Sequence[str] = ()
    ) -> Subscription[ApplicationRecorder]:
        """An iterator over the rows after position `gt` that waits for further ones."""
        return Following(self, gt, topics)

    def of_command(self, command_id: str) -> Sequence[EventRow]:
        """The rows that a command caused, in order."""
        with self.translate_errors():
            return SqliteTransaction(self.organisation, self._connections.reader).of_command(
                command_id
            )

    def position_at(self, recorded_at: str) -> int:
        """The last position that was recorded at or before this; 0 when there is none."""
        return self._one(_LAST_AT, recorded_at) or 0

    def content(self, digest: str) -> bytes | None:
        """The bytes with this hash, or None."""
        found: bytes | None = self._one(CONTENT, digest)
        return found

    def contents(self) -> Sequence[str]:
        """The hashes of all contents, in alphabetical order."""
        found = self._connections.read(_CONTENTS, (self.organisation,))
        return [name for (name,) in found]

    def append_after(
        self,
        position: int,
        rows: Sequence[Columns],
        command_ids: Sequence[str],
        contents: Mapping[str, bytes],
    ) -> None:
        """Append the rows of these commands in one transaction if the log ends at `position`.

        Raises ChangedMeanwhile when it ends elsewhere, or one of them has happened before;
        IntegrityError for a version that does not come next.
        """
        with self._connections.transaction() as connection:
            turn = SqliteTransaction(self.organisation, connection)
            if not turn.insert_after(position, rows, command_ids):
                insist_on_end(turn.last()[0], position)
                raise VersionConflict("one of these commands has happened before")
            for name, content in contents.items():
                turn.keep(name, content)

    @contextmanager
    def turn(self) -> Iterator[SqliteTransaction]:
        """A transaction, committed at the end, in which nobody else can append."""
        with self._connections.transaction() as connection:
            yield SqliteTransaction(self.organisation, connection)

    def translate_errors(self) -> AbstractContextManager[None]:
        """Within it, errors of SQLite are raised as Unavailable."""
        return translate_errors(self._connections.path)

    def _rows(self, sql: str, *values: object) -> Sequence[EventRow]:
        found = self._connections.read(sql, (self.organisation, *values))
        return [row_of(columns) for columns in found]

    def _one(self, sql: str, *values: object) -> Any:
        found = self._connections.read(sql, (self.organisation, *values))
        return found[0][0] if found else None


def _or_all(limit: int | None) -> int:
    return _ALL if limit is None else limit
