"""Views: rows that followers make from the log, each follower's position beside its rows."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from eventsourcing.persistence import Tracking, TrackingRecorder

from adapters.files.locks import try_lock
from adapters.readmodels.page import (
    FIRST,
    FORMAT,
    LAST,
    NO_PLACES,
    AlreadyRead,
    Mark,
    Page,
    Places,
    Rows,
    of_json,
)
from adapters.sqlite import read_model_tables as tables
from adapters.sqlite.connections import Connections, DamagedFile, translate_errors
from domain.ports.errors import Unavailable

_TRACKING: Final = """
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


class SqliteViews(TrackingRecorder):
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
        places: Places = NO_PLACES,
        after: int | None = None,
    ) -> None:
        """Keep what a follower made of the events up to `position`, rows and position together.

        A row without a place is found by its key only. `after` is the position that it started
        from, where it wants to be sure that nobody, such as a rebuild, moved it meanwhile; with
        it rows may be kept anew where the follower stands. Raises AlreadyRead, and keeps nothing,
        when the follower has been there already; Unavailable when the file cannot be written.
        """
        page = Page.of(rows, places)
        with self._or_anew(), self._connections.transaction() as connection:
            _track(connection, (follower, organisation), position, after)
            tables.put_rows(connection, organisation, page)

    def position(self, follower: str, organisation: str) -> int:
        """The position up to which a follower has read; 0 when it has not begun."""
        found = self._read(_POSITION, follower, organisation)
        return int(found[0]) if found else 0

    def row(self, view: str, organisation: str, key: str) -> Mapping[str, object] | None:
        """One row of a view, or None."""
        found = self._read(tables.ROW, view, organisation, key)
        return of_json(found[0]) if found else None

    def rows(self, view: str, organisation: str | None = None) -> Iterator[Mapping[str, object]]:
        """A view's rows in order of organisation and key."""
        return map(of_json, self._read(tables.ROWS, view, organisation, organisation))

    def rows_named(
        self, view: str, names: Collection[tuple[str, str]]
    ) -> Mapping[tuple[str, str], Mapping[str, object]]:
        """Those of the rows with these organisations and keys that there are."""
        found = self._all(tables.SOME, json.dumps([*names]), view)
        return {(organisation, key): of_json(told) for organisation, key, told in found}

    def list_rows(
        self,
        view: str,
        place: str,
        limit: int,
        *,
        after: Mark = FIRST,
        before: Mark = LAST,
        backwards: bool = False,
    ) -> Sequence[Mark]:
        """At most `limit` rows at a place between two marks, in order of rank, or backwards.

        The rows themselves are not read.
        """
        query = tables.LISTED_BACKWARDS if backwards else tables.LISTED
        return self._all(query, view, place, *after, *before, limit)

    def rows_part_of(
        self, view: str, organisation: str, whole: str
    ) -> Sequence[Mapping[str, object]]:
        """The rows of a view that are a part of `whole`, in order of their keys."""
        return [of_json(told) for told in self._read(tables.PARTS, view, organisation, whole)]

    def counts(self, view: str, organisation: str | None = None) -> Mapping[str, int]:
        """How many rows stand at each place of a view."""
        return dict(self._all(tables.COUNTS, view, organisation, organisation))

    def count_up_to(self, view: str, place: str, rank: str) -> int:
        """How many rows at a place have at most this rank; they are looked at one by one."""
        return int(self._read(tables.COUNT_UP_TO, view, place, rank)[0])

    def all_rows(self) -> Iterator[tuple[Any, ...]]:
        """Every row at one moment: view, organisation, key, place, rank, part of, JSON."""
        with self._or_anew():
            yield from self._connections.iterate(tables.WHOLE)

    def wrong_counts(self) -> Sequence[tuple[str, str, str]]:
        """View, organisation and place of each count that does not fit the rows."""
        return self._all(tables.MISCOUNTED)

    @contextmanager
    def rebuild(self) -> Iterator[SqliteViews]:
        """Empty views to be filled; they replace these in one transaction when all went well.

        Readers see the old rows until then. The file is not replaced but overwritten through
        SQLite: a file swapped under other connections would leave them with the lost one.
        """
        with self.temporary_views() as shadow:
            yield shadow
            with self._or_anew():
                self._connections.overwrite(shadow._connections)  # noqa: SLF001 (one of its kind)

    @contextmanager
    def temporary_views(self) -> Iterator[SqliteViews]:
        """Empty views to be filled, and gone afterwards.

        Raises Unavailable while another process, or another block, has some.
        """
        alone = try_lock(self.path.with_name(self.path.name + "-anew"))
        if alone is None:
            raise Unavailable("Another process is making the views anew.")
        shadow = SqliteViews(_emptied(self.path.with_name(self.path.name + ".new")))
        try:
            yield shadow
        finally:
            shadow.close()
            _emptied(shadow.path).with_name(shadow.path.name + "-turn").unlink(missing_ok=True)
            os.close(alone)

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

    def _read(self, sql: str, *values: object) -> list[Any]:
        """The first column of what is found."""
        return [first for (first,) in self._all(sql, *values)]

    def _all(self, sql: str, *values: object) -> list[Any]:
        with self._or_anew():
            return self._connections.read(sql, values)

    def _make_sure(self) -> None:
        try:
            fits = self._connections.read("PRAGMA user_version", ()) == [(FORMAT,)]
        except Unavailable:
            fits = False
        if not fits:
            self._make_anew()

    def _make_anew(self) -> None:
        self._connections.close()
        with translate_errors(self.path):
            _make(_emptied(self.path))

    @contextmanager
    def _or_anew(self) -> Iterator[None]:
        """After damage, or when the file is gone, go on with an empty one and say so."""
        try:
            yield
        except Unavailable as error:
            if isinstance(error, DamagedFile) or not self.path.exists():
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
        connection.executescript(
            f"BEGIN; {tables.TABLES} {_TRACKING} PRAGMA user_version={FORMAT}; COMMIT;"
        )
    finally:
        connection.close()
