"""What a check has met so far: on disk, in a file without a name, so that it may be any number."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from types import TracebackType
from typing import Final

CACHE_KB: Final = 16_000
"""How much of it SQLite keeps in memory; beyond that it writes to the file."""
_TABLES: Final = f"""
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA cache_size = -{CACHE_KB};
BEGIN;
CREATE TABLE head (
    organisation TEXT, stream TEXT, version INTEGER, PRIMARY KEY (organisation, stream)
) WITHOUT ROWID;
CREATE TABLE command (
    organisation TEXT, id TEXT, position INTEGER, PRIMARY KEY (organisation, id)
) WITHOUT ROWID;
CREATE TABLE held (organisation TEXT, hash TEXT, PRIMARY KEY (organisation, hash)) WITHOUT ROWID;
CREATE TABLE named (
    organisation TEXT, hash TEXT, position INTEGER, needed INTEGER, text INTEGER,
    PRIMARY KEY (organisation, hash)
) WITHOUT ROWID;
CREATE TABLE part (
    organisation TEXT, whole TEXT, hash TEXT, PRIMARY KEY (organisation, whole, hash)
) WITHOUT ROWID;
"""
_NAME: Final = (
    "INSERT INTO named VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET"
    " needed = max(needed, excluded.needed), text = max(text, excluded.text)"
)
_MISSING: Final = (
    "SELECT organisation, hash, position, needed FROM named"
    " WHERE NOT EXISTS (SELECT 1 FROM held"
    " WHERE held.organisation = named.organisation AND held.hash = named.hash)"
    " ORDER BY organisation, position, hash"
)
_PARTS: Final = (
    "FROM named CROSS JOIN part ON part.organisation = named.organisation AND whole = named.hash"
    " WHERE named.text"
)
_MISSING_PARTS: Final = (
    f"SELECT named.organisation, part.hash, position, whole {_PARTS}"  # noqa: S608  (a constant)
    " AND NOT EXISTS (SELECT 1 FROM held"
    " WHERE held.organisation = part.organisation AND held.hash = part.hash)"
    " ORDER BY named.organisation, position, part.hash"
)
_ORPHANS: Final = (
    "SELECT organisation, hash FROM held WHERE NOT EXISTS (SELECT 1 FROM named"  # noqa: S608  (the same)
    " WHERE named.organisation = held.organisation AND named.hash = held.hash)"
    f" AND NOT EXISTS (SELECT 1 {_PARTS}"
    " AND part.organisation = held.organisation AND part.hash = held.hash)"
)


class Scratch:
    """Streams, commands and contents of a log, and which contents are named where."""

    def __init__(self) -> None:
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.executescript(_TABLES)

    def head(self, organisation: str, stream: str) -> int:
        """The last version of a stream; 0 for one that was not met."""
        return self._integer("SELECT version FROM head WHERE organisation = ? AND stream = ?",
                         organisation, stream)  # fmt: skip

    def set_head(self, organisation: str, stream: str, version: int) -> None:
        """A stream has this version from now on."""
        self._do("INSERT OR REPLACE INTO head VALUES (?, ?, ?)", organisation, stream, version)

    def add_command(self, organisation: str, command_id: str, position: int) -> int:
        """Meet a command at a position; where it was met before, or 0."""
        before = self._integer("SELECT position FROM command WHERE organisation = ? AND id = ?",
                           organisation, command_id)  # fmt: skip
        put = "INSERT OR IGNORE INTO command VALUES (?, ?, ?)"
        self._do(put, organisation, command_id, position)
        return before

    def add_content(self, organisation: str, name: str, parts: Iterator[str]) -> None:
        """The store holds a content, which names others as its parts."""
        self._do("INSERT OR IGNORE INTO held VALUES (?, ?)", organisation, name)
        for part in parts:
            self._do("INSERT OR IGNORE INTO part VALUES (?, ?, ?)", organisation, name, part)

    def add_reference(
        self, organisation: str, name: str, position: int, *, needed: bool, text: bool
    ) -> None:
        """An event names a content: one that must be there or may, and a text or something else."""
        self._do(_NAME, organisation, name, position, needed, text)

    def missing(self) -> Iterator[tuple[str, str, int, bool]]:
        """What events name and the store does not hold: organisation, hash, position, needed."""
        yield from self._database.execute(_MISSING)

    def missing_parts(self) -> Iterator[tuple[str, str, int, str]]:
        """What only texts name and the store does not hold: organisation, hash, position, text."""
        yield from self._database.execute(_MISSING_PARTS)

    def orphans(self) -> Iterator[tuple[str, str]]:
        """What the store holds and nothing names: organisation and hash."""
        yield from self._database.execute(_ORPHANS)

    def __enter__(self) -> Scratch:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._database.close()

    def _integer(self, query: str, *values: object) -> int:
        found = self._database.execute(query, values).fetchone()
        return int(found[0]) if found else 0

    def _do(self, statement: str, *values: object) -> None:
        self._database.execute(statement, values)
