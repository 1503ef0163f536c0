"""Tables beside the record in the database of a store, which all processes share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar, Final

from adapters.operational_tables import Cursor, OperationalTables
from adapters.postgres.connections import Connections
from adapters.postgres.dialect import native
from adapters.postgres.session import Connection

_LOCK: Final = "SELECT pg_advisory_xact_lock(hashtext(%s))"


def take_turn(connection: Connection, lock: str) -> TableTransaction:
    """Wait until no other transaction holds a lock of this name, and hold it to the end."""
    connection.execute(_LOCK, (lock,))
    return TableTransaction(connection)


class PostgresTables(OperationalTables):
    """Tables whose writers hold one exclusive lock, as for a file."""

    lock: ClassVar[str]
    """The name of their lock."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def read(self, sql: str, *values: object) -> Sequence[tuple[Any, ...]]:
        """What a query finds (see the base class)."""
        return self._connections.read(native(sql), values)

    @contextmanager
    def transaction(self) -> Iterator[TableTransaction]:
        """One durable transaction (see the base class)."""
        with self._connections.transaction() as connection:
            yield take_turn(connection, self.lock)

    def close(self) -> None:
        """Nothing to do: the connections belong to the store."""


class TableTransaction:
    """A transaction on such tables."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def execute(self, sql: str, values: Sequence[Any] = (), /) -> Cursor:
        """What a statement did or found."""
        return self._connection.execute(native(sql).encode(), values)
