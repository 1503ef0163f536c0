"""The messages that came by mail to a store in a folder: a file beside the log."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from adapters.files.locks import hold_lock
from adapters.mail.incoming_store import TABLES, StoredIncomingMail
from adapters.sqlite.connections import Connections, create_database

FILE: Final = "mail.db"


class IncomingMailFile(StoredIncomingMail):
    """The port `IncomingMailStore` in a file, which is made with the first message or mailbox."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connections = Connections(path)

    def exists(self) -> bool:
        """Whether there is a file; asking makes none."""
        return self._path.is_file()

    def read_rows(self, sql: str, *values: object) -> Sequence[tuple[Any, ...]]:
        """What a query finds. Raises Unavailable."""
        return self._connections.read(sql, values)

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One durable transaction. Raises Unavailable."""
        if not self.exists():
            with hold_lock(self._path.with_name(self._path.name + "-turn"), 30):
                if not self.exists():
                    with create_database(self._path) as made:
                        made.executescript(f"BEGIN; {TABLES} COMMIT;")
                    self._path.chmod(0o600)
        with self._connections.transaction() as connection:
            yield connection

    def close(self) -> None:
        """Close the file; a later use opens it again."""
        self._connections.close()
