"""What one writer does to an organisation's rows within one transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from eventsourcing.persistence import IntegrityError

from adapters.envelope import Row, hash_of

SELECT: Final = (
    "SELECT position, stream, version, name, state, command_id, recorded_at, hash"
    " FROM event WHERE organisation = ?"
)
_COMMAND: Final = SELECT + " AND command_id = ? ORDER BY position"
_VERSION: Final = "SELECT MAX(version) FROM event WHERE organisation = ? AND stream = ?"
_LAST: Final = "SELECT position, recorded_at FROM counter WHERE organisation = ?"
_ADVANCE: Final = (
    "INSERT INTO counter VALUES (?, ?, ?) ON CONFLICT (organisation)"
    " DO UPDATE SET position = excluded.position, recorded_at = excluded.recorded_at"
)
_INSERT: Final = (
    "INSERT INTO event (organisation, position, stream, version, name, state, command_id,"
    " recorded_at, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_KEEP: Final = "INSERT OR IGNORE INTO content VALUES (?, ?, ?)"


class Turn:
    """One organisation's rows as one transaction sees and changes them."""

    def __init__(self, organisation: str, connection: sqlite3.Connection) -> None:
        self.organisation = organisation
        self._connection = connection

    def of_command(self, command_id: str) -> Sequence[Row]:
        """The rows that a command caused, in order; an empty id names no command."""
        if not command_id:
            return []
        found = self._connection.execute(_COMMAND, (self.organisation, command_id))
        return [row_of(columns) for columns in found]

    def version_of(self, stream: str) -> int:
        """The stream's last version; 0 for one that does not exist."""
        found = self._connection.execute(_VERSION, (self.organisation, stream)).fetchone()
        return found[0] or 0

    def last(self) -> tuple[int, str]:
        """The last position and when it was recorded; 0 and nothing for an empty log."""
        found = self._connection.execute(_LAST, (self.organisation,)).fetchone()
        return (found[0], found[1]) if found else (0, "")

    def keep(self, digest: str, content: bytes) -> None:
        """Keep a content under its hash, once."""
        self._connection.execute(_KEEP, (self.organisation, digest, content))

    def append(self, rows: Sequence[Row]) -> Sequence[Row]:
        """Give the rows the next positions, and their hashes; no position is ever left out.

        Raises IntegrityError for a version that its stream has already.
        """
        position, recorded_at = self.last()
        placed = []
        for number, row in enumerate(rows, start=position + 1):
            recorded_at = max(recorded_at, row.recorded_at)
            placed.append(self._insert(replace(row, id=number, recorded_at=recorded_at)))
        if placed:
            last = (self.organisation, placed[-1].id, recorded_at)
            self._connection.execute(_ADVANCE, last)
        return placed

    def _insert(self, row: Row) -> Row:
        stream, version = str(row.originator_id), row.originator_version
        hash_ = hash_of(self.organisation, stream, version, row.topic, row.state)
        where = (self.organisation, row.id, stream, version)
        what = (row.topic, row.state, row.command_id, row.recorded_at, hash_)
        try:
            self._connection.execute(_INSERT, (*where, *what))
        except sqlite3.IntegrityError as error:
            raise IntegrityError(f"{stream} has a version {version} already") from error
        return replace(row, hash=hash_)


def row_of(columns: tuple[Any, ...]) -> Row:
    """A row of the table, whose columns stand in the order of SELECT."""
    position, stream, version, name, state, command_id, recorded_at, hash_ = columns
    return Row(
        id=position,
        originator_id=stream,
        originator_version=version,
        topic=name,
        state=state if isinstance(state, bytes) else str(state).encode(),
        command_id=command_id,
        recorded_at=recorded_at,
        hash=hash_,
    )
