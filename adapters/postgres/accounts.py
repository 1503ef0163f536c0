"""The accounts of a store on PostgreSQL: tables that all processes share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

from adapters.accounts.tables import StoredAccounts
from adapters.mail.outbox_rows import Cursor
from adapters.postgres.connections import Connections
from adapters.postgres.dialect import native
from adapters.postgres.session import Connection

LOCK: Final = "SELECT pg_advisory_xact_lock(hashtext('placet accounts'))"
"""Writers take turns, as in a file: an invitation and a code are used once."""


class PostgresAccounts(StoredAccounts):
    """The port `AccountTables` in the database."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def close(self) -> None:
        """Nothing to do: the connections belong to the store."""

    def read(self, sql: str, *values: object) -> Sequence[tuple[Any, ...]]:
        """What a query finds (see the base class)."""
        return self._connections.read(native(sql), values)

    @contextmanager
    def transaction(self) -> Iterator[AccountTransaction]:
        """One durable transaction, in which nobody else writes (see the base class)."""
        with self._connections.transaction() as connection:
            connection.execute(LOCK)
            yield AccountTransaction(connection)


class AccountTransaction:
    """A transaction on the tables of accounts."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def execute(self, sql: str, values: Sequence[Any] = (), /) -> Cursor:
        """What a statement did or found; `?` stands for a value."""
        return self._connection.execute(native(sql).encode(), values)
