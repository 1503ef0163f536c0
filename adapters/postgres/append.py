"""What one writer does to an organisation's rows in PostgreSQL within one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Final

from eventsourcing.persistence import IntegrityError
from psycopg import errors

from adapters.eventstore.append import NO_CONTENTS, AppendTransaction
from adapters.eventstore.columns import Columns
from adapters.postgres.dialect import native
from adapters.postgres.errors import TranslatedErrors
from adapters.postgres.session import Connection

_OPEN: Final = "INSERT INTO counter VALUES (%s, 0, '') ON CONFLICT DO NOTHING"
_LOCK: Final = "SELECT FROM counter WHERE organisation = %s FOR UPDATE"
_APPEND: Final = (
    b"SELECT append_after(%s, %s, %s::text[], %s::bigint[], %s::text[], %s::bytea[], %s::text[],"
    b" %s::text[], %s::text[], %s::text[], %s::bytea[])"
)


class PostgresTransaction(AppendTransaction):
    """One organisation's rows as one transaction sees and changes them."""

    def __init__(self, organisation: str, connection: Connection, where: str) -> None:
        super().__init__(organisation)
        self.connection, self._where = connection, where
        self.added: list[Columns] = []
        """What this turn has stored, in order."""

    def lock(self) -> None:
        """Wait until nobody else appends, and keep all others waiting to the end of the turn.

        Those who wait are served in the order in which they came, by the server.
        """
        self.connection.execute(_OPEN, (self.organisation,))
        self.connection.execute(_LOCK, (self.organisation,))

    def translate_errors(self) -> AbstractContextManager[None]:
        """Within it, errors of the database on this connection become Unavailable."""
        return TranslatedErrors(self._where, self.connection)

    def execute(self, sql: str, *values: object) -> Sequence[tuple[Any, ...]]:
        """What a statement finds; `?` stands for a value."""
        found = self.connection.execute(native(sql).encode(), values, binary=True)
        return found.fetchall() if found.description else ()

    def insert(self, rows: Sequence[Columns], contents: Mapping[str, bytes] = NO_CONTENTS) -> None:
        """Store rows that have their positions and hashes, and contents (see the base class)."""
        if not rows:
            for name, content in contents.items():
                self.keep(name, content)
        elif not store_rows(self.connection, rows, contents):
            raise IntegrityError(f"position {rows[0][1]} does not come next")
        self.added += rows


def store_rows(
    connection: Connection, rows: Sequence[Columns], contents: Mapping[str, bytes]
) -> bool:
    """Store rows of one organisation in one statement; False when the log ends elsewhere.

    Raises IntegrityError, and nothing was stored, for a version that does not come next and for
    a command that has happened before.
    """
    organisations, positions, *columns = zip(*rows, strict=True)
    streams, versions, names, states, *others = columns
    arrays = (*map(_array, (streams, map(str, versions), names, map(_hex, states))),)
    kept = (list(contents), list(contents.values())) if contents else ("{}", "{}")
    try:
        values = (organisations[0], positions[0] - 1, *arrays, *map(_array, others), *kept)
        found = connection.execute(_APPEND, values).fetchone()
    except errors.IntegrityError as error:
        message = error.diag.message_primary
        if isinstance(error, errors.UniqueViolation) or "without a gap" in str(message):
            place = f"{rows[0][2]} has a version {rows[0][3]} already, or lacks the one before it"
            message = f"{place}: events follow each other without a gap"
        raise IntegrityError(message) from error
    return bool(found and found[0])


def _array(texts: Iterable[str]) -> str:
    """An array as PostgreSQL reads it; the driver takes several times as long to write one."""
    quoted = (text.replace("\\", "\\\\").replace('"', '\\"') for text in texts)
    return '{"' + '","'.join(quoted) + '"}'


def _hex(content: bytes) -> str:
    return "\\x" + content.hex()
