"""The keys of sealed texts of a store on PostgreSQL: a table that all processes share."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from threading import RLock
from typing import Final

import psycopg

from adapters.eventstore.text_keys import TextKeys
from adapters.postgres.connections import Connections
from adapters.postgres.session import Connection
from domain.ports.errors import Unavailable

_FIND: Final = b"SELECT id, secret FROM text_key WHERE id = ANY (%s)"
_KEEP: Final = (
    b"INSERT INTO text_key SELECT id, secret FROM unnest(%s::text[], %s::bytea[])"
    b" AS told (id, secret) ON CONFLICT (id)"
    b" DO UPDATE SET secret = NULL WHERE excluded.secret IS NULL"
)
_ERASED: Final = b"SELECT position FROM erased WHERE organisation = %s"
_SET_ERASED: Final = (
    b"INSERT INTO erased VALUES (%s, %s)"
    b" ON CONFLICT (organisation) DO UPDATE SET position = excluded.position"
)
_REWRITE: Final = b"VACUUM (FULL) text_key"


class PostgresTextKeys(TextKeys):
    """The port `TextKeys` in the database.

    They are read and kept on a connection of their own: a reader of the log that has all others
    lent out needs keys too.
    """

    def __init__(self, connections: Connections) -> None:
        super().__init__()
        self._connections, self._connection_lock = connections, RLock()
        self._connection: Connection | None = None

    def find(self, ids: Collection[str]) -> Mapping[str, bytes | None]:
        """The keys that are known of these (see the base class)."""
        with self._used() as connection:
            found = connection.execute(_FIND, (sorted(ids),), binary=True).fetchall()
        return {key: None if secret is None else bytes(secret) for key, secret in found}

    def keep(self, keys: Mapping[str, bytes | None]) -> None:
        """Keep keys durably (see the base class)."""
        with self._used() as connection:
            connection.execute(_KEEP, ([*keys], [*keys.values()]))

    def destroy(self, ids: Collection[str]) -> None:
        """Destroy these keys for good (see the base class).

        The table is rewritten: until then its file would hold what was replaced in it.
        """
        self.keep(dict.fromkeys(ids))
        with self._used() as connection:
            connection.execute(_REWRITE)

    def erased_until(self, organisation: str) -> int:
        """The position up to which erasures were carried out (see the base class)."""
        with self._used() as connection:
            found = connection.execute(_ERASED, (organisation,), binary=True).fetchone()
        return found[0] if found else 0

    def set_erased_until(self, organisation: str, position: int) -> None:
        """Remember that they were (see the base class)."""
        with self._used() as connection:
            connection.execute(_SET_ERASED, (organisation, position))

    def close(self) -> None:
        """Close the connection; a later use opens another one."""
        with self._connection_lock:
            self._end()

    @contextmanager
    def _used(self) -> Iterator[Connection]:
        """The connection, opened again where it ended meanwhile. Raises Unavailable."""
        with self._connection_lock:
            try:
                with self._connections.translate_errors(self._connection):
                    if self._connection is None or self._connection.closed:
                        self._connection = self._connections.separate(0.0)
                    yield self._connection
            except Unavailable:
                self._end()
                raise

    def _end(self) -> None:
        if self._connection is not None:
            with suppress(psycopg.Error):
                self._connection.close()
            self._connection = None
