"""Connections to one PostgreSQL database: a few, lent out one by one, each error in a sentence."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Final
from uuid import uuid4

import psycopg
from psycopg import errors
from psycopg.conninfo import conninfo_to_dict

from domain.ports.errors import Unavailable

SCHEMA: Final = "placet"
"""The schema that holds all tables; other schemas of the database are left alone."""
CONNECT_SECONDS: Final = 5
STATEMENT_SECONDS: Final = 30
LOCK_SECONDS: Final = 20

_SETTINGS: Final = {
    "search_path": SCHEMA,
    "statement_timeout": f"{STATEMENT_SECONDS}s",
    "lock_timeout": f"{LOCK_SECONDS}s",
    "idle_in_transaction_session_timeout": f"{STATEMENT_SECONDS}s",
    # Every question asked often has an index; a plan made while a table was small is kept long.
    "enable_seqscan": "off",
    # So the plan is the same whatever is asked for; to plan each append anew took half its time.
    "plan_cache_mode": "force_generic_plan",
    "jit": "off",
}
_READ_ONLY: Final = {"default_transaction_read_only": "on"}
_REASONS: Final[dict[type[psycopg.Error], str]] = {
    errors.DiskFull: "its disk is full; free some space and try again",
    errors.LockNotAvailable: f"another process kept it locked for {LOCK_SECONDS} seconds",
    errors.QueryCanceled: f"it did not answer within {STATEMENT_SECONDS} seconds",
    errors.ReadOnlySqlTransaction: "it may not be written to",
    errors.InsufficientPrivilege: "this user may not do that",
    errors.InvalidCatalogName: "there is no such database",
    errors.InvalidPassword: "the password is not accepted",
    errors.InvalidAuthorizationSpecification: "this user is not let in",
    errors.TooManyConnections: "it has no connection left; try again",
    errors.CannotConnectNow: "it is starting or stopping; try again",
    errors.AdminShutdown: "it was stopped; try again",
    errors.CrashShutdown: "it was stopped; try again",
    errors.DataCorrupted: "it is damaged; restore a backup",
    errors.IndexCorrupted: "it is damaged; restore a backup",
}


class ConnectionsExhausted(Unavailable):
    """All connections that this process may have are in use."""


class ConnectionLost(Unavailable):
    """The connection ended before the answer came: what was asked was done, or was not."""


@dataclass(frozen=True)
class Limits:
    """How many connections a process may have, and how long to wait for one, in seconds."""

    most: int = 10
    patience: float = 5.0


class Connection(psycopg.Connection[tuple[Any, ...]]):
    """A connection in autocommit mode, under a name that no other one has."""

    name: str


class Connections:
    """The connections of this process to one database. None is shared between threads."""

    def __init__(self, url: str, limits: Limits | None = None, *, read_only: bool = False) -> None:
        self._url, self._limits = url, limits or Limits()
        self._settings = {**_SETTINGS, **(_READ_ONLY if read_only else {})}
        self._places = threading.BoundedSemaphore(self._limits.most)
        self._idle: list[Connection] = []
        self._lent: list[None] = []  # one for each connection in use; a list is safe with threads
        self.durable = False
        """Whether each new connection is shown to keep what it acknowledges."""
        self.where = displayable_url(url)

    @contextmanager
    def borrow(self) -> Iterator[Connection]:
        """A connection of one's own, until the end of the block.

        Raises Exhausted when none becomes free in time; Broken when it ends meanwhile;
        Unavailable when the server cannot be reached, and for each error that is no
        IntegrityError of the database.
        """
        if not self._places.acquire(timeout=self._limits.patience):
            raise ConnectionsExhausted(
                f"All {self._limits.most} connections to {self.where} were in use for"
                f" {self._limits.patience:g} seconds; nothing was done. Try again."
            )
        self._lent.append(None)
        try:
            with self.translate_errors():
                connection = self._taken()
            try:
                with self.translate_errors(connection):
                    yield connection
            finally:
                self._give_back(connection)
        finally:
            self._lent.pop()
            self._places.release()

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

    def connect_additional(self, seconds: float) -> Connection:
        """A new connection beside the others, waited for while the server takes none.

        The caller closes it. Raises psycopg.Error.
        """
        return connect(self._url, self._settings, seconds)

    def close(self) -> None:
        """Close the connections that are not lent out; a later use opens new ones."""
        while self._idle:
            self._idle.pop().close()

    def _read(self, sql: str, values: Sequence[object]) -> list[tuple[Any, ...]]:
        with self.borrow() as connection:
            return connection.execute(sql.encode(), values, binary=True).fetchall()

    def _taken(self) -> Connection:
        with suppress(IndexError):
            return self._idle.pop()
        connection = connect(self._url, self._settings)
        try:
            if self.durable:
                assert_durable(connection, self.where)
        except BaseException:
            connection.close()
            raise
        return connection

    def _give_back(self, connection: Connection) -> None:
        """Keep it for the next one, unless it is broken or was left inside a transaction."""
        if connection.info.transaction_status is psycopg.pq.TransactionStatus.IDLE:
            self._idle.append(connection)
            return
        broken = connection.broken
        connection.close()
        if broken:
            self.close()

    def translate_errors(
        self, connection: Connection | None = None
    ) -> AbstractContextManager[None]:
        """Turn errors of the database into Unavailable, and Broken where the connection ended."""
        return _Explained(self.where, connection)


class _Explained:
    def __init__(self, where: str, connection: Connection | None) -> None:
        self._where, self._connection = where, connection

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        told = errors.IntegrityError | errors.RaiseException
        if not isinstance(error, psycopg.Error) or isinstance(error, told):
            return
        reason = _REASONS.get(type(error)) or _said(error)
        broken = self._connection is not None and self._connection.broken
        meant = ConnectionLost if broken else Unavailable
        raise meant(f"{self._where} cannot be used now: {reason}.") from error


def connect(url: str, settings: Mapping[str, str], seconds: float = 0.0) -> Connection:
    """A new connection; tried again for some seconds while the server does not take any.

    Raises psycopg.Error.
    """
    name = f"{SCHEMA}-{uuid4().hex}"
    until = time.monotonic() + seconds
    while True:
        try:
            connection = Connection.connect(
                url,
                autocommit=True,
                prepare_threshold=0,
                connect_timeout=CONNECT_SECONDS,
                keepalives_idle=10,
                keepalives_interval=5,
                keepalives_count=4,
                tcp_user_timeout=STATEMENT_SECONDS * 1000,
                application_name=name,
                options=" ".join(f"-c {key}={value}" for key, value in settings.items()),
            )
        except psycopg.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
        else:
            connection.name = name
            return connection


def assert_durable(connection: psycopg.Connection[tuple[Any, ...]], where: str) -> None:
    """Raise Unavailable where a setting would let a crash take what was acknowledged."""
    for setting in ("synchronous_commit", "fsync", "full_page_writes"):
        found = connection.execute("SELECT current_setting(%s)", (setting,)).fetchone()
        if found == ("off",):
            raise Unavailable(
                f"{where} has {setting} = off: after a crash it could lack what was acknowledged."
                " Set it to on."
            )


def is_address(place: object) -> bool:
    """Whether this is the address of a database, rather than a folder."""
    return str(place).startswith(("postgresql://", "postgres://"))


def without_password(place: str) -> str:
    """A folder as it is, an address without its password."""
    return displayable_url(place) if is_address(place) else place


def displayable_url(url: str) -> str:
    """The address without what must not be shown. Raises Unavailable for what is no address."""
    try:
        told = conninfo_to_dict(url)
    except psycopg.ProgrammingError:  # whose text would show a password
        message = "This is no address of a PostgreSQL database: postgresql://USER@HOST:PORT/NAME."
        raise Unavailable(message) from None
    host, port = told.get("host", "localhost"), told.get("port", "5432")
    return f"postgresql://{host}:{port}/{told.get('dbname', '')}"


def _said(error: psycopg.Error) -> str:
    """The server's or the library's own words, in one line without an address."""
    words = error.diag.message_primary or str(error).strip().splitlines()[-1]
    return f"PostgreSQL says: {words.rstrip('.')}"
