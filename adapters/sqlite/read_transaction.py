"""The tables of a log in SQLite as they stand at one moment, for whoever reads all of them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from adapters.eventstore.schema_differences import Shape, additions, differences
from adapters.sqlite import schema
from adapters.sqlite.connections import explained


class Snapshot:
    """One read transaction on a connection of this thread."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection, self._path = connection, path

    def rows(self, query: str, values: tuple[object, ...] = ()) -> Iterator[tuple[Any, ...]]:
        """What a query finds, row by row. Raises Unavailable."""
        with explained(self._path):
            yield from self._connection.execute(query, values)

    def faults(self) -> Iterator[str]:
        """What is wrong with the file and its tables."""
        for (line,) in self.rows("PRAGMA integrity_check(20)"):
            if line != "ok":
                yield f"The file is damaged: {line}."
        yield from differences(self._shape(), schema.made())

    def notes(self) -> Iterator[str]:
        """What somebody added to the file that does no harm."""
        yield from additions(self._shape(), schema.made())

    def made_virtual(self) -> bool | None:
        """Whether the file was made to be thrown away; None if its header does not say."""
        ((version,),) = self.rows("PRAGMA user_version")
        return schema.made_virtual(version)

    def _shape(self) -> Shape:
        return schema.shape_of(self.rows(schema.OBJECTS))


@contextmanager
def snapshot(connection: sqlite3.Connection, path: Path) -> Iterator[Snapshot]:
    """The tables while nobody changes what is read of them."""
    with explained(path):
        connection.execute("BEGIN")
    try:
        yield Snapshot(connection, path)
    finally:
        connection.execute("ROLLBACK")
