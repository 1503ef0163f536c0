"""The outbox of a store in a folder: a file beside the log."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Final

from adapters.files.locks import hold_lock
from adapters.mail import outbox_statements as statements
from adapters.mail.outbox import StoredOutbox
from adapters.mail.outbox_rows import Read, transfer
from adapters.sqlite.connections import Connections, create_database

FILE: Final = "outbox.db"
NOTHING: Final[Mapping[str, int]] = {}

_TABLES: Final = """
CREATE TABLE follower (
    organisation TEXT PRIMARY KEY, began INTEGER NOT NULL, position INTEGER NOT NULL
);
CREATE TABLE message (
    key TEXT PRIMARY KEY,
    organisation TEXT NOT NULL, window TEXT NOT NULL, about TEXT NOT NULL,
    occasion TEXT NOT NULL, addressee TEXT NOT NULL, office INTEGER NOT NULL,
    position INTEGER NOT NULL,
    queued_at TEXT NOT NULL, state TEXT NOT NULL, attempts INTEGER NOT NULL,
    next_at TEXT NOT NULL, via TEXT NOT NULL, reason TEXT NOT NULL, answer TEXT NOT NULL,
    batch TEXT NOT NULL, recorded INTEGER NOT NULL
);
CREATE INDEX message_by_state ON message (state, next_at);
"""
_PARKED: Final = """
CREATE TABLE IF NOT EXISTS parked (
    organisation TEXT NOT NULL, stream TEXT NOT NULL, position INTEGER NOT NULL,
    because TEXT NOT NULL, PRIMARY KEY (organisation, stream)
)
"""
"""Of streams that cannot be read nothing is told."""
_HANDED: Final = """
CREATE TABLE IF NOT EXISTS handed (
    key TEXT NOT NULL, address TEXT NOT NULL, state TEXT NOT NULL,
    PRIMARY KEY (key, address)
)
"""
"""What became of a letter at each of its addresses."""
_LATER: Final = {"parked": _PARKED, "handed": _HANDED, "message_in_order": statements.IN_ORDER}
"""What an outbox of an earlier version lacks."""


class Outbox(StoredOutbox):
    """The outbox in a file."""

    def __init__(self, path: Path, standing: Mapping[str, int] = NOTHING) -> None:
        """Open the outbox, or make it; `standing` is where each organisation's log stands now.

        What stood in the log when the outbox was made is history to it. Raises Unavailable.
        """
        if not path.is_file():
            with hold_lock(path.with_name(path.name + "-turn"), 30):
                if not path.is_file():
                    _make(path, standing)
        self.connections = Connections(path)
        there = {name for (name,) in self.read("SELECT name FROM sqlite_schema")}
        if not there.issuperset(_LATER):
            with self.connections.transaction() as connection:
                for made in _LATER.values():
                    connection.execute(made)

    def close(self) -> None:
        """Close the file; a later use opens it again."""
        self.connections.close()

    def read(self, sql: str, *values: object) -> Sequence[tuple[Any, ...]]:
        """What a query finds. Raises Unavailable."""
        return self.connections.read(sql, values)

    def transaction(self) -> AbstractContextManager[sqlite3.Connection]:
        """One durable transaction, in which nobody else writes (see the base class)."""
        return self.connections.transaction()


def save(path: Path, source: Read) -> None:
    """Make a new file of all that another outbox holds. Raises Unavailable."""
    with create_database(path) as connection:
        connection.executescript(_script())
        connection.execute("BEGIN")
        transfer(source, connection)
        connection.execute("COMMIT")


def _make(path: Path, standing: Mapping[str, int]) -> None:
    """Make the file complete, or not at all. Raises Unavailable."""
    with create_database(path) as connection:
        connection.executescript(_script())
        connection.executemany(statements.BEGIN, standing.items())


def _script() -> str:
    return f"BEGIN; {_TABLES} {'; '.join(_LATER.values())}; COMMIT;"
