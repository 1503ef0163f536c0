"""The outbox of a store on PostgreSQL: tables that all processes share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

from adapters.mail.outbox import StoredOutbox
from adapters.mail.outbox_rows import Cursor
from adapters.postgres.connections import Connections
from adapters.postgres.dialect import native
from adapters.postgres.session import Connection

LOCK: Final = "SELECT pg_advisory_xact_lock(hashtext('placet outbox'))"
"""Writers take turns, as in a file: what became of letters is grouped once."""


class PostgresOutbox(StoredOutbox):
    """The outbox in the database; see `adapters.postgres.home` for how it begins."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def close(self) -> None:
        """Nothing to do: the connections belong to the store."""

    def read(self, sql: str, *values: object) -> Sequence[tuple[Any, ...]]:
        """What a query finds; `?` stands for a value. Raises Unavailable."""
        return self._connections.read(native(sql), values)

    @contextmanager
    def writing(self) -> Iterator[OutboxWriter]:
        """One durable transaction, in which nobody else writes (see the base class)."""
        with self._connections.transaction() as connection:
            connection.execute(LOCK)
            yield OutboxWriter(connection)


class OutboxWriter:
    """A transaction on the tables of the outbox."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def execute(self, sql: str, values: Sequence[Any] = (), /) -> Cursor:
        """What a statement did or found; `?` stands for a value."""
        return self._connection.execute(native(sql).encode(), values)
