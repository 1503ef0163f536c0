"""The tables of a log in SQLite as they stand at one moment, for reading all of them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from adapters.eventstore.schema_differences import Shape, shape_additions, shape_differences
from adapters.sqlite import schema
from adapters.sqlite.errors import translate_errors


class ReadTransaction:
    """One read transaction on a connection of this thread."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection, self._path = connection, path

    def rows(self, query: str, values: tuple[object, ...] = ()) -> Iterator[tuple[Any, ...]]:
        """What a query finds, row by row. Raises Unavailable."""
        with translate_errors(self._path):
            yield from self._connection.execute(query, values)

    def faults(self) -> Iterator[str]:
        """What is wrong with the file and its tables."""
        for (line,) in self.rows("PRAGMA integrity_check(20)"):
            if line != "ok":
                yield f"The file is damaged: {line}."
        yield from shape_differences(self._shape(), schema.expected_shape())

    def notes(self) -> Iterator[str]:
        """What somebody added to the file that does no harm."""
        yield from shape_additions(self._shape(), schema.expected_shape())

    def is_virtual(self) -> bool | None:
        """Whether the file was made to be thrown away; None if its header does not say."""
        ((version,),) = self.rows("PRAGMA user_version")
        return schema.is_virtual_file(version)

    def _shape(self) -> Shape:
        return schema.table_shape(self.rows(schema.OBJECTS))


@contextmanager
def read_transaction(connection: sqlite3.Connection, path: Path) -> Iterator[ReadTransaction]:
    """The tables while nobody changes what is read of them."""
    with translate_errors(path):
        connection.execute("BEGIN")
    try:
        yield ReadTransaction(connection, path)
    finally:
        connection.execute("ROLLBACK")
