"""The intake of a store on PostgreSQL: a table that all processes share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from threading import Lock
from typing import Final

import psycopg
from msgspec import structs

from adapters.eventstore.intake_encoding import decode_entry, encode_entry
from adapters.postgres.connections import Connections
from adapters.postgres.session import Connection
from domain.intake_entry import IntakeEntry
from domain.ports.errors import Unavailable

_ADD: Final = "INSERT INTO intake (json) VALUES (%s) RETURNING id"
_ALL: Final = "SELECT id, json FROM intake ORDER BY id"
_TAKE_OFF: Final = "DELETE FROM intake WHERE id = ANY (%s)"


class PostgresIntake:
    """The port `IntakeQueue` in the database.

    Entries are kept on a connection of their own, so that no crowd of readers keeps them waiting.
    """

    def __init__(self, connections: Connections) -> None:
        self._connections, self._lock = connections, Lock()
        self._connection: Connection | None = None

    def keep(self, entries: Sequence[IntakeEntry]) -> Sequence[IntakeEntry]:
        """Keep them durably, all or none; the same with their numbers. Raises Unavailable."""
        with self._lock:
            try:
                with self._connections.translate_errors(self._connection):
                    return self._kept(entries)
            except Unavailable:
                self._end()
                raise

    def pending_entries(self) -> Sequence[IntakeEntry]:
        """Those that are kept, in order. Raises Unavailable."""
        return [decode_entry(number, bytes(json)) for number, json in self._connections.read(_ALL)]

    def remove(self, ids: Iterable[int]) -> None:
        """Forget these. Raises Unavailable."""
        with self._connections.borrow() as connection:
            connection.execute(_TAKE_OFF, ([*ids],))

    def close(self) -> None:
        """Close the connection; a later use opens another one."""
        with self._lock:
            self._end()

    def _kept(self, entries: Sequence[IntakeEntry]) -> Sequence[IntakeEntry]:
        if self._connection is None:
            self._connection = self._connections.separate(0.0)
        kept = []
        with self._connection.transaction():
            for entry in entries:
                row = self._connection.execute(_ADD.encode(), (encode_entry(entry),)).fetchone()
                kept.append(structs.replace(entry, id=row[0] if row else 0))
        return kept

    def _end(self) -> None:
        if self._connection is not None:
            with suppress(psycopg.Error):
                self._connection.close()
            self._connection = None
