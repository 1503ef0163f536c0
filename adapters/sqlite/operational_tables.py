"""Tables beside the record in a file beside the log, which is made when it is first written to."""

from __future__ import annotations

import sqlite3
from collections.abc import Hashable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar

from adapters.files.locks import hold_lock
from adapters.operational_tables import OperationalTables
from adapters.sqlite.connections import Connections, create_database


class TablesFile(OperationalTables):
    """Tables in a file that only its owner can read; as long as there is none, they are empty."""

    tables: ClassVar[str]
    """The statements that make the tables, each with a semicolon at its end."""

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        self._path = path
        self._connections = Connections(path, read_only=read_only)
        self._made = False

    def exists(self) -> bool:
        """Whether the file is there; asked of the disk until it is. Asking makes none."""
        self._made = self._made or self._path.is_file()
        return self._made

    def version(self) -> Hashable | None:
        """Another value once a process has written to the file (see the base class)."""
        if not self.exists():
            return self.changes
        version = self._connections.data_version()
        return None if version is None else (self.changes, version)

    def read(self, sql: str, *values: object) -> Sequence[tuple[Any, ...]]:
        """What a query finds (see the base class); counts of nothing are 0."""
        if self.exists():
            return self._connections.read(sql, values)
        return [(0,)] if sql.startswith("SELECT count(*)") else []

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """One durable transaction (see the base class). What it deletes is overwritten."""
        if not self.exists():
            lock = self._path.with_name(self._path.name + "-turn")
            lock.touch(mode=0o600)
            with hold_lock(lock, 30):
                if not self.exists():
                    self._make()
        with self._connections.transaction() as connection:
            connection.execute("PRAGMA secure_delete = ON")
            yield connection

    def _make(self) -> None:
        """Make the file complete, or not at all. Raises Unavailable."""
        with create_database(self._path) as connection:
            self._path.with_name(self._path.name + ".part").chmod(0o600)
            connection.executescript(f"BEGIN; {self.tables} COMMIT;")

    def close(self) -> None:
        """Close the file; a later use opens it again."""
        self._connections.close()
