"""One organisation's rows of the log, behind the contract of eventsourcing's recorders."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from typing import Any, Final

import psycopg
from eventsourcing.persistence import ApplicationRecorder, StoredEvent, Subscription

from adapters.eventstore.columns import row_of
from adapters.eventstore.encoding import EncodedRows
from adapters.eventstore.envelope import EventRow
from adapters.eventstore.subscription import Following, row_to_store
from adapters.postgres import commit_recovery
from adapters.postgres.append import COMMAND, CONTENT, SELECT, PostgresTransaction, store_rows
from adapters.postgres.connections import ConnectionLost, Connections
from domain.ports.errors import Unavailable, VersionConflict

_STREAM: Final = SELECT + " AND stream = %s AND version > %s AND version <= %s ORDER BY version"
_NOTIFICATIONS: Final = SELECT + (
    " AND position >= %s AND position <= %s"
    " AND (%s::text[] = '{}' OR name = ANY (%s::text[])) ORDER BY position LIMIT %s"
)
_LAST: Final = "SELECT position FROM counter WHERE organisation = %s AND position > 0"
_LAST_AT: Final = (
    "SELECT position FROM event WHERE organisation = %s AND recorded_at <= %s"
    " ORDER BY recorded_at DESC, position DESC LIMIT 1"
)
_CONTENTS: Final = "SELECT hash FROM content WHERE organisation = %s ORDER BY hash"
_ALL: Final = 2**62


class PostgresRecorder(ApplicationRecorder):
    """The events of one organisation; originators are streams, notification ids positions.

    Every method raises Unavailable when the database cannot be read or written.
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
        order = f"{_STREAM} {'DESC' if desc else 'ASC'} LIMIT %s"
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
        names = list(topics)
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
        return self._rows(COMMAND, command_id)

    def position_at(self, recorded_at: str) -> int:
        """The last position that was recorded at or before this; 0 when there is none."""
        return self._one(_LAST_AT, recorded_at) or 0

    def content(self, digest: str) -> bytes | None:
        """The bytes with this hash, or None."""
        found: bytes | None = self._one(CONTENT, digest)
        return found

    def append_after(self, position: int, wanted: Sequence[EncodedRows]) -> None:
        """Append, in one statement, what was prepared to follow upon a position.

        When the answer is lost, what became of it is found out before anything is said. Raises
        ChangedMeanwhile when the log ends elsewhere; IntegrityError like `Turn.insert`.
        """
        rows = [row for one in wanted for row in one.rows]
        contents = {name: content for one in wanted for name, content in one.contents.items()}
        name = ""
        try:
            with self._connections.borrow() as connection:
                name = connection.name
                done = store_rows(connection, rows, contents)
        except ConnectionLost as error:
            commit_recovery.resolve_unknown_commit(self._connections, name, rows, error)
            return
        if not done:
            raise VersionConflict(
                f"the log ends at {self.max_notification_id() or 0}, no longer at {position}"
            )

    def contents(self) -> Sequence[str]:
        """The hashes of all contents, in alphabetical order."""
        found = self._connections.read(_CONTENTS, (self.organisation,))
        return [name for (name,) in found]

    @contextmanager
    def turn(self) -> Iterator[PostgresTransaction]:
        """A transaction, committed at the end, in which nobody else can append.

        A lost answer to the COMMIT is treated as in `append_after`.
        """
        turn, name = None, ""
        try:
            with self._connections.borrow() as connection:
                connection.execute("BEGIN")
                begun = PostgresTransaction(self.organisation, connection)
                try:
                    begun.lock()
                    yield begun
                except BaseException:
                    with suppress(psycopg.Error):
                        connection.execute("ROLLBACK")
                    raise
                turn, name = begun, connection.name
                ended = connection.execute("COMMIT").statusmessage
            if ended != "COMMIT":
                raise Unavailable(f"The database gave the turn up ({ended}); nothing was recorded.")
        except ConnectionLost as error:
            if turn is None or not turn.added:
                raise
            commit_recovery.resolve_unknown_commit(self._connections, name, turn.added, error)

    def translate_errors(self, turn: PostgresTransaction) -> AbstractContextManager[None]:
        """Within it, errors of the database on the connection of a turn become Unavailable."""
        return self._connections.translate_errors(turn.connection)

    def _rows(self, query: str, *values: object) -> Sequence[EventRow]:
        found = self._connections.read(query, (self.organisation, *values))
        return [row_of(columns) for columns in found]

    def _one(self, query: str, *values: object) -> Any:
        found = self._connections.read(query, (self.organisation, *values))
        return found[0][0] if found else None


def _or_all(limit: int | None) -> int:
    return _ALL if limit is None else limit
