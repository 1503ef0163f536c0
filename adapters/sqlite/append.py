"""What one writer does to an organisation's rows within one transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from eventsourcing.persistence import IntegrityError

from adapters.eventstore.columns import Columns, columns_of, row_of
from adapters.eventstore.envelope import EventRow, event_hash

SELECT: Final = (
    "SELECT position, stream, version, name, state, command_id, recorded_at, hash"
    " FROM event WHERE organisation = ?"
)
_COMMAND: Final = SELECT + " AND command_id = ? ORDER BY position"
_STREAM: Final = SELECT + " AND stream = ? ORDER BY version"
_SINCE: Final = SELECT + " AND position > ? ORDER BY position LIMIT ?"
_LAST: Final = "SELECT position, recorded_at FROM counter WHERE organisation = ?"
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
CONTENT: Final = "SELECT bytes FROM content WHERE organisation = ? AND hash = ?"
_KEEP: Final = "INSERT OR IGNORE INTO content VALUES (?, ?, ?)"


NO_CONTENTS: Final[Mapping[str, bytes]] = {}


class SqliteTransaction:
    """One organisation's rows as one transaction sees and changes them."""

    def __init__(self, organisation: str, connection: sqlite3.Connection) -> None:
        self.organisation = organisation
        self._connection = connection

    def of_stream(self, stream: str) -> Sequence[EventRow]:
        """The rows of a stream, in order of version."""
        return self._rows(_STREAM, stream)

    def since(self, position: int, limit: int) -> Sequence[EventRow]:
        """At most `limit` rows after a position, in order."""
        return self._rows(_SINCE, position, limit)

    def of_command(self, command_id: str) -> Sequence[EventRow]:
        """The rows that a command caused, in order."""
        return self._rows(_COMMAND, command_id)

    def last(self) -> tuple[int, str]:
        """The last position and when it was recorded; 0 and nothing for an empty log."""
        found = self._connection.execute(_LAST, (self.organisation,)).fetchone()
        return found or (0, "")

    def keep(self, digest: str, content: bytes) -> None:
        """Keep a content under its hash, once."""
        self._connection.execute(_KEEP, (self.organisation, digest, content))

    def content(self, digest: str) -> bytes | None:
        """The bytes with this hash, or None."""
        found = self._connection.execute(CONTENT, (self.organisation, digest)).fetchone()
        return found[0] if found else None

    def append(self, rows: Sequence[EventRow]) -> Sequence[EventRow]:
        """Give the rows the next positions, and their hashes; no position is ever left out.

        Raises IntegrityError for a version that its stream has already.
        """
        position, recorded_at = self.last()
        placed = []
        for number, row in enumerate(rows, start=position + 1):
            recorded_at = max(recorded_at, row.recorded_at)
            stream, version = str(row.originator_id), row.originator_version
            hash_ = event_hash(self.organisation, stream, version, row.topic, row.state)
            placed.append(replace(row, id=number, recorded_at=recorded_at, hash=hash_))
        self.insert([columns_of(self.organisation, row) for row in placed])
        return placed

    def insert(self, rows: Sequence[Columns], contents: Mapping[str, bytes] = NO_CONTENTS) -> None:
        """Store rows that have their positions and hashes, and contents.

        Raises IntegrityError for a position or a version that does not come next.
        """
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
        sql = _MOVE.format(", ".join("?" * len(command_ids)))
        to = (rows[-1][1], rows[-1][7], self.organisation, position)
        moved = self._connection.execute(sql, (*to, self.organisation, *command_ids))
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

    def _rows(self, sql: str, *values: object) -> Sequence[EventRow]:
        found = self._connection.execute(sql, (self.organisation, *values))
        return [row_of(columns) for columns in found]
