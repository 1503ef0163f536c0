"""Statements on the tables of a log that SQLite and PostgreSQL understand alike.

`?` stands for a value; for psycopg it is replaced by its own sign.
"""

from __future__ import annotations

from typing import Final

SELECT: Final = (
    "SELECT position, stream, version, name, state, command_id, recorded_at, hash"
    " FROM event WHERE organisation = ?"
)
OF_COMMAND: Final = SELECT + " AND command_id = ? ORDER BY position"
OF_STREAM: Final = SELECT + " AND stream = ? ORDER BY version"
OF_STREAM_BETWEEN: Final = SELECT + " AND stream = ? AND version > ? AND version <= ?"
FOLDABLE: Final = (
    "SELECT position, stream, version, name, state, hash FROM event"
    " WHERE organisation = ? AND position > ? ORDER BY position LIMIT ?"
)
SINCE: Final = SELECT + " AND position > ? ORDER BY position LIMIT ?"
BETWEEN: Final = SELECT + " AND position >= ? AND position <= ?"

LAST: Final = "SELECT position, recorded_at FROM counter WHERE organisation = ? AND position > 0"
HEADS: Final = "SELECT organisation, position, recorded_at FROM counter WHERE position > 0"
LAST_RECORDED_BY: Final = (
    "SELECT position FROM event WHERE organisation = ? AND recorded_at <= ?"
    " ORDER BY recorded_at DESC, position DESC LIMIT 1"
)
NEWEST: Final = "SELECT max(recorded_at) FROM counter WHERE position > 0"
ORGANISATIONS: Final = "SELECT organisation FROM counter WHERE position > 0 ORDER BY organisation"

CONTENT: Final = "SELECT bytes FROM content WHERE organisation = ? AND hash = ?"
CONTENTS: Final = "SELECT hash FROM content WHERE organisation = ? ORDER BY hash"
KEEP_CONTENT: Final = "INSERT INTO content VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
