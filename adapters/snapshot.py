"""The tables of a log in SQLite as they stand at one moment, for whoever reads all of them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from adapters import schema
from adapters.connections import explained

_TRIGGERS: Final = "SELECT COUNT(*) FROM sqlite_master WHERE type = 'trigger'"


class Snapshot:
    """One read transaction on a connection of this thread."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection, self._path = connection, path

    def rows(self, query: str) -> Iterator[tuple[Any, ...]]:
        """What a query finds, row by row. Raises Unavailable."""
        with explained(self._path):
            yield from self._connection.execute(query)

    def faults(self) -> Iterator[str]:
        """What is wrong with the file and its triggers."""
        for (line,) in self.rows("PRAGMA integrity_check(20)"):
            if line != "ok":
                yield f"The file is damaged: {line}."
        ((triggers,),) = self.rows(_TRIGGERS)
        if triggers < schema.TRIGGERS:
            yield "The triggers that keep events and contents from being changed are gone."


@contextmanager
def snapshot(connection: sqlite3.Connection, path: Path) -> Iterator[Snapshot]:
    """The tables while nobody changes what is read of them."""
    with explained(path):
        connection.execute("BEGIN")
    try:
        yield Snapshot(connection, path)
    finally:
        connection.execute("ROLLBACK")
