"""Drafts of a store on PostgreSQL: a table that all processes share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from adapters.postgres.connections import Connections
from adapters.postgres.dialect import native
from adapters.postgres.session import Connection
from adapters.stored_drafts import Cursor, StoredDrafts


class PostgresDrafts(StoredDrafts):
    """The port `DraftStore` in the database."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def read(self, sql: str, *values: object) -> Sequence[tuple[Any, ...]]:
        """What a query finds; `?` stands for a value. Raises Unavailable."""
        return self._connections.read(native(sql), values)

    @contextmanager
    def writing(self) -> Iterator[_Writer]:
        """One transaction. Raises Unavailable."""
        with self._connections.transaction() as connection:
            yield _Writer(connection)

    def close(self) -> None:
        """Nothing to do: the connections belong to the store."""


class _Writer:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def execute(self, sql: str, values: Sequence[Any] = (), /) -> Cursor:
        return self._connection.execute(native(sql).encode(), values)
