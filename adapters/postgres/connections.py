"""Connections to one PostgreSQL database: a few, lent out one by one, each error in a sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from threading import Lock
from typing import Any

import psycopg
from psycopg_pool import PoolTimeout

from adapters.postgres.address import displayable_url
from adapters.postgres.errors import ConnectionLost, ConnectionsExhausted, TranslatedErrors
from adapters.postgres.pool import Pool
from adapters.postgres.session import READ_ONLY, SETTINGS, Connection, assert_durable, connect
from domain.ports.errors import Unavailable


@dataclass(frozen=True)
class Limits:
    """How many connections a process may have, and how long to wait for one, in seconds."""

    most: int = 10
    timeout: float = 5.0


class Connections:
    """The connections of this process to one database. None is shared between threads."""

    def __init__(self, url: str, limits: Limits | None = None, *, read_only: bool = False) -> None:
        self._url, self._limits = url, limits or Limits()
        self._settings = {**SETTINGS, **(READ_ONLY if read_only else {})}
        self._lock = Lock()
        self._pool: Pool | None = None
        self._lent: list[None] = []  # one for each connection in use; a list is safe with threads
        self.durable = False
        """Whether each new connection is shown to keep what it acknowledges."""
        self.where = displayable_url(url)

    @contextmanager
    def borrow(self) -> Iterator[Connection]:
        """A connection of one's own, until the end of the block.

        Raises ConnectionsExhausted when none becomes free in time; ConnectionLost when it ends
        meanwhile; Unavailable when the server cannot be reached, and for each error that is no
        IntegrityError of the database.
        """
        pool = self._opened()
        connection = self._taken(pool)
        self._lent.append(None)
        try:
            with self.translate_errors(connection):
                yield connection
        finally:
            self._lent.pop()
            _give_back(pool, connection)

    @property
    def in_use(self) -> tuple[int, int]:
        """How many connections are lent out, and how many may be."""
        return len(self._lent), self._limits.most

    def read(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """What a query finds. Asked once more when its connection had ended while idle."""
        try:
            return self._read(sql, values)
        except ConnectionLost:
            return self._read(sql, values)

    @contextmanager
    def transaction(self, how: str = "") -> Iterator[Connection]:
        """One transaction, committed at the end; nothing of it stays after an error.

        Raises like `lent`.
        """
        with self.borrow() as connection:
            connection.execute(f"BEGIN {how}".encode())
            try:
                yield connection
            except BaseException:
                with suppress(psycopg.Error):
                    connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    def separate(self, seconds: float) -> Connection:
        """A new connection beside the others, waited for while the server takes none.

        The caller closes it. Raises psycopg.Error.
        """
        return connect(self._url, self._settings, seconds)

    def close(self) -> None:
        """Close the connections that are not lent out; a later use opens new ones."""
        with self._lock:
            pool, self._pool = self._pool, None
        if pool is not None:
            pool.close()

    def translate_errors(
        self, connection: Connection | None = None
    ) -> AbstractContextManager[None]:
        """Turn errors of the database into Unavailable, or ConnectionLost where it ended."""
        return TranslatedErrors(self.where, connection)

    def _read(self, sql: str, values: Sequence[object]) -> list[tuple[Any, ...]]:
        with self.borrow() as connection:
            return connection.execute(sql.encode(), values, binary=True).fetchall()

    def _opened(self) -> Pool:
        with self._lock:
            if self._pool is None:
                most, timeout = self._limits.most, self._limits.timeout
                self._pool = Pool(
                    self._url, self._settings, self._look_at, most=most, timeout=timeout
                )
            return self._pool

    def _taken(self, pool: Pool) -> Connection:
        try:
            with self.translate_errors():
                return pool.taken()
        except Unavailable as error:
            if isinstance(error.__cause__, PoolTimeout):
                raise self._too_late() from error
            raise

    def _too_late(self) -> Unavailable:
        seconds = f"{self._limits.timeout:g} seconds"
        if len(self._lent) < self._limits.most:
            return Unavailable(f"{self.where} cannot be used now: no connection within {seconds}.")
        return ConnectionsExhausted(
            f"All {self._limits.most} connections to {self.where} were in use for {seconds};"
            " nothing was done. Try again."
        )

    def _look_at(self, connection: Connection) -> None:
        """Refuse a new connection that would not keep what it acknowledges."""
        try:
            if self.durable:
                assert_durable(connection, self.where)
        except BaseException:
            connection.close()
            raise


def _give_back(pool: Pool, connection: Connection) -> None:
    """Keep it for the next one, unless it is broken or was left inside a transaction.

    Where one is broken, the idle ones probably are, too: they are replaced.
    """
    broken = connection.broken
    if connection.info.transaction_status is not psycopg.pq.TransactionStatus.IDLE:
        connection.close()
    pool.putconn(connection)
    if broken:
        pool.drain()
