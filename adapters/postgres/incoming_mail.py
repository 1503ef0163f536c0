"""The messages that came by mail to a store on PostgreSQL: tables that all processes share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

from adapters.mail.incoming_store import StoredIncomingMail
from adapters.postgres.connections import Connections
from adapters.postgres.dialect import native
from adapters.postgres.outbox import OutboxWriter

LOCK: Final = "SELECT pg_advisory_xact_lock(hashtext('placet incoming mail'))"
"""Writers take turns, as in a file: the same message is kept once."""


class PostgresIncomingMail(StoredIncomingMail):
    """The port `IncomingMailStore` in the database."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def exists(self) -> bool:
        """The tables are those of the store."""
        return True

    def read_rows(self, sql: str, *values: object) -> Sequence[tuple[Any, ...]]:
        """What a query finds. Raises Unavailable."""
        return self._connections.read(native(sql), values)

    @contextmanager
    def writing(self) -> Iterator[OutboxWriter]:
        """One durable transaction. Raises Unavailable."""
        with self._connections.transaction() as connection:
            connection.execute(LOCK)
            yield OutboxWriter(connection)

    def close(self) -> None:
        """Nothing to do: the connections belong to the store."""
