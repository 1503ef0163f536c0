"""What one writer does to an organisation's rows within one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from eventsourcing.persistence import IntegrityError
from psycopg import errors

from adapters.eventstore.columns import Columns, columns_of, row_of
from adapters.eventstore.envelope import EventRow, event_hash
from adapters.postgres.connections import Connection

SELECT: Final = (
    "SELECT position, stream, version, name, state, command_id, recorded_at, hash"
    " FROM event WHERE organisation = %s"
)
COMMAND: Final = SELECT + " AND command_id = %s ORDER BY position"
CONTENT: Final = "SELECT bytes FROM content WHERE organisation = %s AND hash = %s"
_STREAM: Final = SELECT + " AND stream = %s ORDER BY version"
_SINCE: Final = SELECT + " AND position > %s ORDER BY position LIMIT %s"
_LAST: Final = "SELECT position, recorded_at FROM counter WHERE organisation = %s"
_OPEN: Final = "INSERT INTO counter VALUES (%s, 0, '') ON CONFLICT DO NOTHING"
_LOCK: Final = "SELECT FROM counter WHERE organisation = %s FOR UPDATE"
_APPEND: Final = (
    b"SELECT append_after(%s, %s, %s::text[], %s::bigint[], %s::text[], %s::bytea[], %s::text[],"
    b" %s::text[], %s::text[], %s::text[], %s::bytea[])"
)
_KEEP: Final = "INSERT INTO content VALUES (%s, %s, %s) ON CONFLICT DO NOTHING"


class PostgresTransaction:
    """One organisation's rows as one transaction sees and changes them."""

    def __init__(self, organisation: str, connection: Connection) -> None:
        self.organisation, self.connection = organisation, connection
        self.added: list[Columns] = []
        """What this turn has stored, in order."""

    def lock(self) -> None:
        """Wait until nobody else appends, and keep all others waiting to the end of the turn.

        Those who wait are served in the order in which they came, by the server.
        """
        self.connection.execute(_OPEN, (self.organisation,))
        self.connection.execute(_LOCK, (self.organisation,))

    def of_stream(self, stream: str) -> Sequence[EventRow]:
        """The rows of a stream, in order of version."""
        return self._rows(_STREAM, stream)

    def since(self, position: int, limit: int) -> Sequence[EventRow]:
        """At most `limit` rows after a position, in order."""
        return self._rows(_SINCE, position, limit)

    def of_command(self, command_id: str) -> Sequence[EventRow]:
        """The rows that a command caused, in order."""
        return self._rows(COMMAND, command_id)

    def last(self) -> tuple[int, str]:
        """The last position and when it was recorded; 0 and nothing for an empty log."""
        found = self.connection.execute(_LAST, (self.organisation,)).fetchone()
        return (found[0], found[1]) if found else (0, "")

    def content(self, digest: str) -> bytes | None:
        """The bytes with this hash, or None."""
        found = self.connection.execute(CONTENT, (self.organisation, digest)).fetchone()
        return found[0] if found else None

    def keep(self, digest: str, content: bytes) -> None:
        """Keep a content under its hash, once."""
        self.connection.execute(_KEEP, (self.organisation, digest, content))

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

    def insert(self, rows: Sequence[Columns], contents: Mapping[str, bytes] | None = None) -> None:
        """Store rows that have their positions and hashes, and contents.

        Raises IntegrityError for a position or a version that does not come next; then the whole
        transaction is lost.
        """
        contents = contents or {}
        if not rows:
            for name, content in contents.items():
                self.keep(name, content)
        elif not store_rows(self.connection, rows, contents):
            raise IntegrityError(f"position {rows[0][1]} does not come next")
        self.added += rows

    def _rows(self, query: str, *values: object) -> Sequence[EventRow]:
        found = self.connection.execute(query.encode(), (self.organisation, *values), binary=True)
        return [row_of(columns) for columns in found]


def store_rows(
    connection: Connection, rows: Sequence[Columns], contents: Mapping[str, bytes]
) -> bool:
    """Store rows of one organisation in one statement; False when the log ends elsewhere.

    Raises IntegrityError, and nothing was stored, for a version that does not come next and for
    a command that has happened before.
    """
    organisations, positions, *columns = zip(*rows, strict=True)
    streams, versions, names, states, *others = columns
    told = (*map(_array, (streams, map(str, versions), names, map(_hex, states))),)
    kept = (list(contents), list(contents.values())) if contents else ("{}", "{}")
    try:
        values = (organisations[0], positions[0] - 1, *told, *map(_array, others), *kept)
        found = connection.execute(_APPEND, values).fetchone()
    except errors.IntegrityError as error:
        said = error.diag.message_primary
        if isinstance(error, errors.UniqueViolation) or "without a gap" in str(said):
            place = f"{rows[0][2]} has a version {rows[0][3]} already, or lacks the one before it"
            said = f"{place}: events follow each other without a gap"
        raise IntegrityError(said) from error
    return bool(found and found[0])


def _array(texts: Iterable[str]) -> str:
    """An array as PostgreSQL reads it; the driver takes several times as long to write one."""
    quoted = (one.replace("\\", "\\\\").replace('"', '\\"') for one in texts)
    return '{"' + '","'.join(quoted) + '"}'


def _hex(content: bytes) -> str:
    return "\\x" + content.hex()
