"""One organisation's rows of the log in SQLite."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from adapters.eventstore.encoding import EncodedRows
from adapters.eventstore.recorder import LogRecorder, join_appends, require_end
from adapters.sqlite.append import SqliteTransaction
from adapters.sqlite.connections import Connections
from domain.ports.errors import VersionConflict


class SqliteRecorder(LogRecorder):
    """The events of one organisation in a file."""

    def __init__(self, organisation: str, connections: Connections) -> None:
        super().__init__(organisation)
        self._connections = connections

    def append_after(self, position: int, wanted: Sequence[EncodedRows]) -> None:
        """Append, in one transaction, what was prepared for a position (see the base class)."""
        rows, contents = join_appends(wanted)
        command_ids = [append.command_id for append in wanted if append.rows]
        with self._connections.transaction() as connection:
            transaction = SqliteTransaction(self.organisation, connection, self._connections.path)
            if not transaction.insert_after(position, rows, command_ids):
                require_end(transaction.last()[0], position)
                raise VersionConflict("one of these commands has happened before")
            for name, content in contents.items():
                transaction.keep(name, content)

    @contextmanager
    def transaction(self) -> Iterator[SqliteTransaction]:
        """A transaction, committed at the end, in which nobody else can append."""
        with self._connections.transaction() as connection:
            yield SqliteTransaction(self.organisation, connection, self._connections.path)

    def read(self, sql: str, *values: object) -> Sequence[tuple[Any, ...]]:
        """What a query finds. Raises Unavailable."""
        return self._connections.read(sql, values)
