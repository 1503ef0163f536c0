"""One organisation's rows of the log in PostgreSQL; a lost answer is never taken for a failure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import psycopg

from adapters.eventstore.encoding import EncodedRows
from adapters.eventstore.recorder import LogRecorder, join_appends
from adapters.postgres import commit_recovery
from adapters.postgres.append import PostgresTransaction, store_rows
from adapters.postgres.connections import Connections
from adapters.postgres.dialect import native
from adapters.postgres.errors import ConnectionLost
from domain.ports.errors import Unavailable, VersionConflict


class PostgresRecorder(LogRecorder):
    """The events of one organisation in a database."""

    def __init__(self, organisation: str, connections: Connections) -> None:
        super().__init__(organisation)
        self._connections = connections

    def append_after(self, position: int, wanted: Sequence[EncodedRows]) -> None:
        """Append, in one statement, what was prepared for a position (see the base class).

        When the answer is lost, what became of it is found out before anything is said.
        """
        rows, contents = join_appends(wanted)
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

    @contextmanager
    def transaction(self) -> Iterator[PostgresTransaction]:
        """A transaction, committed at the end, in which nobody else can append.

        A lost answer to the COMMIT is treated as in `append_after`.
        """
        transaction, name = None, ""
        try:
            with self._connections.borrow() as connection:
                connection.execute("BEGIN")
                begun = PostgresTransaction(self.organisation, connection, self._connections.where)
                try:
                    begun.lock()
                    yield begun
                except BaseException:
                    with suppress(psycopg.Error):
                        connection.execute("ROLLBACK")
                    raise
                transaction, name = begun, connection.name
                ended = connection.execute("COMMIT").statusmessage
            if ended != "COMMIT":
                raise Unavailable(f"The database gave the turn up ({ended}); nothing was recorded.")
        except ConnectionLost as error:
            if transaction is None or not transaction.added:
                raise
            commit_recovery.resolve_unknown_commit(
                self._connections, name, transaction.added, error
            )

    def read(self, sql: str, *values: object) -> Sequence[tuple[Any, ...]]:
        """What a query finds; `?` stands for a value. Raises Unavailable."""
        return self._connections.read(native(sql), values)
