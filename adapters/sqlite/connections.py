"""SQLite connections to one file: one that writes, and for each thread one that reads."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from functools import cache
from pathlib import Path
from typing import Any
from weakref import WeakSet

from adapters.files.locks import FileLock, replace_durably
from adapters.sqlite.errors import TIMEOUT, raise_unavailable, translate_errors
from domain.ports.errors import Unavailable


@cache
def wal_reset_defect(version: tuple[int, int, int] = sqlite3.sqlite_version_info) -> bool:
    """Whether this SQLite can lose commits when two connections write or checkpoint at once.

    SQLite 3.7.0 to 3.51.2 can, in WAL mode; 3.51.3, 3.50.7 and 3.44.6 are repaired
    (sqlite.org/wal.html#walresetbug).
    """
    repaired = {(3, 44): 6, (3, 50): 7}
    if version >= (3, 51, 3):
        return False
    least = repaired.get(version[:2])
    return least is None or version[2] < least


@contextmanager
def create_database(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection to a new database, which takes its place once all of it has been made.

    What is committed to it is durable. Raises Unavailable; then nothing is there.
    """
    part = path.with_name(path.name + ".part")
    part.unlink(missing_ok=True)
    with translate_errors(path):
        connection = sqlite3.connect(part, isolation_level=None)
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=FULL")
            yield connection
        finally:
            connection.close()
    replace_durably(part, path)


def assert_durable(connection: sqlite3.Connection) -> None:
    """Raise Unavailable unless each commit on this connection reaches the disk before it returns.

    With less than synchronous=FULL a power cut takes acknowledged events with it.
    """
    (level,) = connection.execute("PRAGMA synchronous").fetchone()
    if level < 2:
        raise Unavailable("SQLite was set to synchronous=NORMAL or OFF: the log needs FULL.")


class Connection(sqlite3.Connection):
    """A connection that can be remembered weakly, so that it ends with its thread."""

    def __del__(self) -> None:
        with suppress(sqlite3.Error):
            self.close()


class Connections:
    """All connections of this process to one database file in WAL mode.

    No writer ever blocks a reader. Writers take turns: threads by a lock, processes by SQLite's
    own, and where SQLite has the WAL-reset defect also by a file lock around each transaction
    with its checkpoint. With `durable`, every connection is shown to be synchronous=FULL.
    """

    def __init__(self, path: Path, *, read_only: bool = False, durable: bool = True) -> None:
        self.path, self.read_only, self.durable = path, read_only, durable
        self._local = threading.local()
        self._thread_lock = threading.RLock()
        self._lock = FileLock(path.with_name(path.name + "-turn"))
        self._holds_file_lock = False
        self._writer: Connection | None = None
        self._watch: Connection | None = None
        self._watch_lock = threading.Lock()
        self._open: WeakSet[Connection] = WeakSet()

    @property
    def reader(self) -> sqlite3.Connection:
        """This thread's own connection, which cannot write."""
        found: Connection | None = getattr(self._local, "reader", None)
        if found is None:
            found = self._local.reader = self._connect("ro")
        return found

    def read(self, sql: str, values: Sequence[object]) -> list[tuple[Any, ...]]:
        """What a query finds. Raises Unavailable."""
        with translate_errors(self.path):
            return self.reader.execute(sql, values).fetchall()

    def data_version(self) -> int | None:
        """Another number once anybody has committed, also another process; 0 or more.

        It is read from shared memory on a connection of its own, and waits for nobody: None where
        it cannot be told at once.
        """
        if not self._watch_lock.acquire(blocking=False):
            return None
        try:
            if self._watch is None:
                self._watch = self._connect("ro")
                self._watch.execute("PRAGMA busy_timeout=0")
            found: int = self._watch.execute("PRAGMA data_version").fetchone()[0]
        except (sqlite3.Error, Unavailable):
            return None
        else:
            return found
        finally:
            self._watch_lock.release()

    def iterate(self, sql: str) -> Iterator[tuple[Any, ...]]:
        """What a query finds, one by one, all as it stood at the beginning. Raises Unavailable."""
        with translate_errors(self.path):
            yield from self.reader.execute(sql)

    def transaction(self) -> AbstractContextManager[sqlite3.Connection]:
        """One transaction: all of it is committed at the end, or nothing after an error.

        Raises Unavailable when the file cannot be written, or is read only.
        """
        return _Transaction(self)

    def begin(self) -> sqlite3.Connection:
        """Wait for the turn and begin a transaction, which `commit` or `roll_back` must end.

        Raises Unavailable when the file cannot be written, or is read only.
        """
        if self.read_only:
            raise Unavailable(f"{self.path} was opened to be read only.")
        self._thread_lock.acquire()
        try:
            if self._needs_file_lock():
                self._lock.acquire(TIMEOUT)
                self._holds_file_lock = True
            return self._begun()
        except BaseException as error:
            self._leave_turn()
            raise_unavailable(self.path, error)
            raise

    def commit(self, connection: sqlite3.Connection) -> None:
        """End the transaction and the turn. Raises Unavailable; then nothing was done."""
        try:
            connection.execute("COMMIT")
        except BaseException as error:
            self.roll_back(connection, error)
            raise
        self._leave_turn()

    def roll_back(self, connection: sqlite3.Connection, error: BaseException) -> None:
        """End the transaction and the turn, and nothing was done, after this error.

        Raises Unavailable for an error of SQLite.
        """
        try:
            self._undo(connection, error)
        finally:
            self._leave_turn()
        raise_unavailable(self.path, error)

    def _leave_turn(self) -> None:
        if self._holds_file_lock:
            self._holds_file_lock = False
            self._lock.release()
        self._thread_lock.release()

    def overwrite_deleted(self) -> None:
        """Overwrite what was deleted, also in the write-ahead log.

        Raises Unavailable, also while somebody reads what was there before.
        """
        with translate_errors(self.path), self._thread_lock, self._alone():
            connection = self._ready()
            connection.execute("PRAGMA secure_delete=ON")
            connection.execute("VACUUM")
            ((busy, _, _),) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        if busy:
            raise Unavailable(f"{self.path} is being read: what was deleted is still in its log.")

    def overwrite(self, source: Connections) -> None:
        """Make this file a copy of another, in one transaction. Raises Unavailable."""
        with translate_errors(self.path), self._thread_lock, self._alone():
            source.reader.backup(self._ready())

    def checkpoint(self) -> None:
        """Carry all that was committed into the file, and empty the log beside it, if it can be.

        Raises Unavailable.
        """
        with translate_errors(self.path), self._thread_lock, self._alone():
            self._ready().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def close(self) -> None:
        """Close the connections of this process; a later use opens new ones.

        Those of other threads close as soon as nothing reads with them any more.
        """
        if not self._open:
            return
        with self._thread_lock:
            with self._alone():
                self._close()
            self._lock.close()

    def _close(self) -> None:
        """Close this thread's reader and the writer, and let go of the readers of other threads.

        To close a connection with which another thread is reading would crash the process; it
        closes by its `__del__` once nothing uses it.
        """
        if (reader := getattr(self._local, "reader", None)) is not None:
            reader.close()
        self._local, self._open = threading.local(), WeakSet()
        if self._writer is not None:
            self._writer.close()
        self._writer = None
        with self._watch_lock:
            if self._watch is not None:
                self._watch.close()
            self._watch = None

    def _alone(self) -> AbstractContextManager[object]:
        return self._lock.hold(TIMEOUT) if self._needs_file_lock() else nullcontext()

    def _needs_file_lock(self) -> bool:
        """Whether other processes must be kept out by a file, and there is a place for it."""
        if self.read_only or not wal_reset_defect():
            return False
        if self._writer is not None:
            return True
        folder = self.path.parent  # who cannot write here resets nothing either
        return folder.is_dir() and os.access(folder, os.W_OK)

    def _ready(self) -> sqlite3.Connection:
        if self._writer is None:
            self._writer = self._connect("rw")
        return self._writer

    def _begun(self) -> sqlite3.Connection:
        connection = self._ready()
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.Error as error:
            self._undo(connection, error)
            raise
        return connection

    def _undo(self, connection: sqlite3.Connection, error: BaseException) -> None:
        """Roll back; after an error of the file go on with a new connection."""
        with suppress(sqlite3.Error):
            if connection.in_transaction:
                connection.execute("ROLLBACK")
        if isinstance(error, sqlite3.Error) and not isinstance(error, sqlite3.IntegrityError):
            self._writer = None
            with suppress(sqlite3.Error):
                connection.close()

    def _connect(self, mode: str) -> Connection:
        """A connection in mode `ro` or `rw`. Raises Unavailable."""
        if not self.path.is_file():
            raise Unavailable(f"{self.path} does not exist.")
        with translate_errors(self.path):
            connection = sqlite3.connect(
                f"{self.path.absolute().as_uri()}?mode={mode}",
                uri=True,
                timeout=TIMEOUT,
                isolation_level=None,
                check_same_thread=False,
                factory=Connection,
            )
            self._open.add(connection)
            connection.execute(f"PRAGMA synchronous={'FULL' if self.durable else 'NORMAL'}")
            connection.execute("PRAGMA fullfsync=ON")
            if self.durable:
                assert_durable(connection)
        return connection


class _Transaction:
    """One transaction of the connection that writes.

    Each step of the record has one, so it is a plain object: a generator with three contexts in it
    takes three times as many instructions.
    """

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def __enter__(self) -> sqlite3.Connection:
        self._connection = self._connections.begin()
        return self._connection

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        if error is None:
            self._connections.commit(self._connection)
        else:
            self._connections.roll_back(self._connection, error)
