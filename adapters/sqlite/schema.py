"""The tables of a log, and what tells a store from any other folder."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Final

from adapters.eventstore.program_version import program_version
from adapters.eventstore.schema_differences import Shape
from adapters.sqlite.connections import create_database
from domain.ports.errors import Unavailable

SCHEMA: Final = 2
"""Version of a new log; a program never opens a store with a higher one.

The tables of version 1 are the same, and texts in them are not sealed.
"""
LOG: Final = "log.db"
"""The file of the log in the folder of a store."""
SEALED: Final = 2

TABLES: Final = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);

-- The last position and time of each organisation; changed in the transaction that appends.
CREATE TABLE counter (
    organisation TEXT PRIMARY KEY, position INTEGER NOT NULL, recorded_at TEXT NOT NULL
);

CREATE TABLE event (
    organisation TEXT NOT NULL,
    position INTEGER NOT NULL CHECK (position > 0),
    stream TEXT NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0),
    name TEXT NOT NULL,
    command_id TEXT NOT NULL,
    recorded_at TEXT NOT NULL,
    state BLOB NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (organisation, position),
    UNIQUE (organisation, stream, version)
);
CREATE INDEX event_by_command ON event (organisation, command_id, position);
CREATE INDEX event_by_time ON event (organisation, recorded_at, position);

CREATE TABLE content (
    organisation TEXT NOT NULL, hash TEXT NOT NULL, bytes BLOB NOT NULL,
    PRIMARY KEY (organisation, hash)
);

-- Also what keeps INSERT OR REPLACE from changing an event.
CREATE TRIGGER event_follows BEFORE INSERT ON event
WHEN NEW.position != 1 + (
    SELECT COALESCE(MAX(position), 0) FROM event WHERE organisation = NEW.organisation
) OR NEW.version != 1 + (
    SELECT COALESCE(MAX(version), 0) FROM event
    WHERE organisation = NEW.organisation AND stream = NEW.stream
)
BEGIN SELECT RAISE(ABORT, 'events follow each other without a gap'); END;
CREATE TRIGGER event_stays BEFORE UPDATE ON event
BEGIN SELECT RAISE(ABORT, 'events are never changed'); END;
CREATE TRIGGER event_remains BEFORE DELETE ON event
BEGIN SELECT RAISE(ABORT, 'events are never deleted'); END;
CREATE TRIGGER content_stays BEFORE UPDATE ON content
BEGIN SELECT RAISE(ABORT, 'contents are never changed'); END;
CREATE TRIGGER content_remains BEFORE DELETE ON content
BEGIN SELECT RAISE(ABORT, 'contents are never deleted'); END;
"""


_KEPT, _THROWN_AWAY = 1, 2
"""What the header of the file says of it, apart from its marks; 0 in files that say nothing."""
OBJECTS: Final = (
    "SELECT type || ' ' || name, coalesce(sql, 'of ' || tbl_name) FROM sqlite_schema"
    " WHERE name NOT LIKE 'sqlite_stat%'"
)


def table_shape(objects: Iterable[tuple[str, str]]) -> Shape:
    """How tables are made, from what OBJECTS finds; blanks do not count."""
    return {name: " ".join(sql.split()) for name, sql in objects}


@cache
def expected_shape() -> Shape:
    """How this program makes the tables."""
    connection = sqlite3.connect(":memory:")
    try:
        connection.executescript(TABLES)
        return table_shape(connection.execute(OBJECTS))
    finally:
        connection.close()


def make_log(path: Path, *, virtual: bool) -> None:
    """Make an empty log at `path`, complete or not at all. Raises Unavailable."""
    with create_database(path) as connection:
        connection.executescript(f"BEGIN; {TABLES} COMMIT;")
        connection.executemany("INSERT INTO meta VALUES (?, ?)", _marks(virtual).items())
        connection.execute(f"PRAGMA user_version={_THROWN_AWAY if virtual else _KEPT}")


def is_virtual_file(version: int) -> bool | None:
    """Whether a file was made to be thrown away, by its `user_version`; None if it does not say."""
    return {_KEPT: False, _THROWN_AWAY: True}.get(version)


def upgrade_log(connection: sqlite3.Connection) -> None:
    """Mark a log as one of this version, within a transaction."""
    marks = {"schema": str(SCHEMA), "program": program_version()}
    connection.executemany(
        "UPDATE meta SET value = ? WHERE key = ?", [*zip(marks.values(), marks, strict=True)]
    )


def _marks(virtual: bool) -> Mapping[str, str]:
    return {
        "schema": str(SCHEMA),
        "program": program_version(),
        "virtual": "yes" if virtual else "no",
    }


def read_store_marks(connection: sqlite3.Connection, path: Path) -> Mapping[str, str]:
    """What the store says of itself. Raises Unavailable for no store, or one too new."""
    try:
        marks = dict(connection.execute("SELECT key, value FROM meta").fetchall())
        schema = int(marks["schema"])
    except (sqlite3.OperationalError, KeyError, ValueError) as error:
        if getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) != sqlite3.SQLITE_ERROR:
            raise
        raise Unavailable(f"{path} is not a log of Placet.") from error
    if schema > SCHEMA:
        raise Unavailable(
            f"{path} was written by a newer version of Placet, {marks.get('program')}: its format"
            f" is {schema}, this program reads up to {SCHEMA}. Use the newer version."
        )
    return marks
