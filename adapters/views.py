"""Views: rows that followers make from the log, each follower's position beside its rows."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import msgspec
from eventsourcing.persistence import IntegrityError, Tracking, TrackingRecorder

from adapters.codec import encoded, plain
from adapters.connections import Connections, Damaged, explained
from domain.ports import ChangedMeanwhile, Unavailable

FORMAT: Final = 2
"""Version of the tables below; a file of any other version is made anew."""

_TABLES: Final = """
CREATE TABLE row (
    view TEXT NOT NULL, organisation TEXT NOT NULL, key TEXT NOT NULL, json BLOB NOT NULL,
    PRIMARY KEY (view, organisation, key)
);
CREATE TABLE tracking (
    follower TEXT NOT NULL, organisation TEXT NOT NULL, position INTEGER NOT NULL,
    PRIMARY KEY (follower, organisation)
);
"""
_POSITION: Final = "SELECT position FROM tracking WHERE follower = ? AND organisation = ?"
_TRACK: Final = (
    "INSERT INTO tracking VALUES (?, ?, ?) ON CONFLICT (follower, organisation)"
    " DO UPDATE SET position = excluded.position"
)
_ROW: Final = "SELECT json FROM row WHERE view = ? AND organisation = ? AND key = ?"
_ROWS: Final = (
    "SELECT json FROM row WHERE view = ? AND (? IS NULL OR organisation = ?)"
    " ORDER BY organisation, key"
)
_KEEP: Final = "INSERT OR REPLACE INTO row VALUES (?, ?, ?, ?)"
_DROP: Final = "DELETE FROM row WHERE view = ? AND organisation = ? AND key = ?"

Rows = Mapping[tuple[str, str], Mapping[str, object] | None]
"""By view and key: the row as it now is, or None where it is gone."""


class AlreadyRead(ChangedMeanwhile, IntegrityError):
    """A follower has passed this position already, or was moved: what it made is not kept."""


class Views(TrackingRecorder):
    """The file of views. A missing, damaged or older one is made anew, empty: the log has it all.

    As a TrackingRecorder it names an application `follower/organisation`.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._connections = Connections(path, durable=False)
        self._make_sure()

    def keep(
        self,
        follower: str,
        organisation: str,
        position: int,
        rows: Rows,
        *,
        after: int | None = None,
    ) -> None:
        """Keep what a follower made of the events up to `position`, rows and position together.

        `after` is the position that it started from, where it wants to be sure that nobody, such
        as a rebuild, moved it meanwhile; with it rows may be kept anew where the follower stands.
        Raises AlreadyRead, and keeps nothing, when the
        follower has been there already; Unavailable when the file cannot be written.
        """
        with self._or_anew(), self._connections.writing() as connection:
            _track(connection, (follower, organisation), position, after)
            for (view, key), row in rows.items():
                _put(connection, (view, organisation, key), row)

    def position(self, follower: str, organisation: str) -> int:
        """The position up to which a follower has read; 0 when it has not begun."""
        found = self._read(_POSITION, follower, organisation)
        return int(found[0]) if found else 0

    def row(self, table: str, organisation: str, key: str) -> Mapping[str, object] | None:
        """One row of a view, or None."""
        found = self._read(_ROW, table, organisation, key)
        return _of_json(found[0]) if found else None

    def rows(self, table: str, organisation: str | None = None) -> Iterator[Mapping[str, object]]:
        """A view's rows in order of organisation and key."""
        return map(_of_json, self._read(_ROWS, table, organisation, organisation))

    @contextmanager
    def rebuild(self) -> Iterator[Views]:
        """Empty views to be filled; they replace these in one transaction when all went well.

        Readers see the old rows until then. The file is not replaced but overwritten through
        SQLite: a file swapped under other connections would leave them with the lost one.
        """
        shadow = Views(_emptied(self.path.with_name(self.path.name + ".new")))
        try:
            yield shadow
            with self._or_anew():
                self._connections.overwrite(shadow._connections)
        finally:
            shadow.close()
            _emptied(shadow.path).with_name(shadow.path.name + "-turn").unlink(missing_ok=True)

    def close(self) -> None:
        """Close the file; a later use opens it again."""
        self._connections.close()

    def insert_tracking(self, tracking: Tracking) -> None:
        """Record a position without rows. Raises like `keep`."""
        follower, _, organisation = tracking.application_name.partition("/")
        self.keep(follower, organisation, tracking.notification_id, {})

    def max_tracking_id(self, application_name: str) -> int | None:
        """The position of `follower/organisation`, or None when it has not begun."""
        follower, _, organisation = application_name.partition("/")
        return self.position(follower, organisation) or None

    def _read(self, sql: str, *values: object) -> list[bytes]:
        """The first column of what is found."""
        with self._or_anew():
            return [first for (first,) in self._connections.read(sql, values)]

    def _make_sure(self) -> None:
        try:
            fits = self._connections.read("PRAGMA user_version", ()) == [(FORMAT,)]
        except Unavailable:
            fits = False
        if not fits:
            self._make_anew()

    def _make_anew(self) -> None:
        self._connections.close()
        with explained(self.path):
            _make(_emptied(self.path))

    @contextmanager
    def _or_anew(self) -> Iterator[None]:
        """After damage, or when the file is gone, go on with an empty one and say so."""
        try:
            yield
        except Unavailable as error:
            if isinstance(error, Damaged) or not self.path.exists():
                self._make_anew()
                message = "The views were damaged; they are being made anew. Try again."
                raise Unavailable(message) from error
            raise


def _track(
    connection: sqlite3.Connection, who: tuple[str, str], position: int, after: int | None
) -> None:
    found = connection.execute(_POSITION, who).fetchone()
    now = found[0] if found else 0
    anew = position == now == after
    if (position <= now and not anew) or after not in {None, now}:
        raise AlreadyRead(f"{who[0]} has read {who[1]} up to {now}, so it cannot keep {position}")
    connection.execute(_TRACK, (*who, position))


def _put(
    connection: sqlite3.Connection, place: tuple[str, str, str], row: Mapping[str, object] | None
) -> None:
    if row is None:
        connection.execute(_DROP, place)
    else:
        connection.execute(_KEEP, (*place, encoded(plain(row))))


def _of_json(content: bytes) -> Mapping[str, object]:
    row: Mapping[str, object] = msgspec.json.decode(content)
    return row


def _emptied(path: Path) -> Path:
    """The path, with no file of that name nor what SQLite keeps beside it."""
    for ending in ("", "-wal", "-shm"):
        with suppress(OSError):
            path.with_name(path.name + ending).unlink()
    return path


def _make(path: Path) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.executescript(f"BEGIN; {_TABLES} PRAGMA user_version={FORMAT}; COMMIT;")
    finally:
        connection.close()
