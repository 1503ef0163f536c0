"""What one writer does to an organisation's rows in SQLite within one transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from functools import cache
from pathlib import Path
from typing import Any, Final

from eventsourcing.persistence import IntegrityError

from adapters.eventstore.append import NO_CONTENTS, AppendTransaction
from adapters.eventstore.columns import Columns
from adapters.sqlite.errors import translate_errors

_ADVANCE: Final = (
    "INSERT INTO counter VALUES (?, ?, ?) ON CONFLICT (organisation)"
    " DO UPDATE SET position = excluded.position, recorded_at = excluded.recorded_at"
)
_OPEN: Final = "INSERT OR IGNORE INTO counter VALUES (?, 0, '')"
_HAPPENED: Final = "SELECT 1 FROM event WHERE organisation = ? AND command_id IN ({})"
_MOVE: Final = (
    "UPDATE counter SET position = ?, recorded_at = ?"  # noqa: S608  (two constants)
    f" WHERE organisation = ? AND position = ? AND NOT EXISTS ({_HAPPENED})"
)
_INSERT: Final = (
    "INSERT INTO event (organisation, position, stream, version, name, state, command_id,"
    " recorded_at, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


@cache
def _move(commands: int) -> str:
    """Move the counter, unless one of so many commands has happened before."""
    return _MOVE.format(", ".join("?" * commands))


class SqliteTransaction(AppendTransaction):
    """One organisation's rows as one transaction sees and changes them."""

    def __init__(self, organisation: str, connection: sqlite3.Connection, path: Path) -> None:
        super().__init__(organisation)
        self._connection, self._path = connection, path

    def translate_errors(self) -> AbstractContextManager[None]:
        """Within it, errors of SQLite are raised as Unavailable."""
        return translate_errors(self._path)

    def execute(self, sql: str, *values: object) -> Sequence[tuple[Any, ...]]:
        """What a statement finds."""
        return self._connection.execute(sql, values).fetchall()

    def insert(self, rows: Sequence[Columns], contents: Mapping[str, bytes] = NO_CONTENTS) -> None:
        """Store rows that have their positions and hashes, and contents (see the base class)."""
        if rows:
            self._store(rows)
            self._connection.execute(_ADVANCE, (self.organisation, rows[-1][1], rows[-1][7]))
        for name, content in contents.items():
            self.keep(name, content)

    def insert_after(
        self, position: int, rows: Sequence[Columns], command_ids: Sequence[str]
    ) -> bool:
        """Store the rows of these commands if the log ends at `position`.

        False, and nothing was done, when it ends elsewhere or one of them has happened before.
        Raises IntegrityError for a version that does not come next.
        """
        if position == 0:
            self._connection.execute(_OPEN, (self.organisation,))
        to = (rows[-1][1], rows[-1][7], self.organisation, position)
        values = (*to, self.organisation, *command_ids)
        moved = self._connection.execute(_move(len(command_ids)), values)
        if not moved.rowcount:
            return False
        self._store(rows)
        return True

    def _store(self, rows: Sequence[Columns]) -> None:
        try:
            self._connection.executemany(_INSERT, rows)
        except sqlite3.IntegrityError as error:
            first = f"{rows[0][2]} has a version {rows[0][3]} already, or lacks the one before it"
            raise IntegrityError(f"{first}: {error}") from error
