"""The file of read models in SQLite; it is made again, empty, when it is missing or damaged."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from adapters.files.locks import try_lock
from adapters.readmodels.encoded_rows import FORMAT, EncodedPage, decode_row, require_progress
from adapters.readmodels.read_models import ReadModels
from adapters.readmodels.statements import Statements
from adapters.sqlite import read_model_rows as tables
from adapters.sqlite.connections import Connections
from adapters.sqlite.errors import DamagedFile, translate_errors
from domain.ports.errors import Unavailable
from domain.ports.read_models import RowT

_TRACKING: Final = """
CREATE TABLE tracking (
    follower TEXT NOT NULL, organisation TEXT NOT NULL, position INTEGER NOT NULL,
    PRIMARY KEY (follower, organisation)
);
"""
_TRACK: Final = (
    "INSERT INTO tracking VALUES (?, ?, ?) ON CONFLICT (follower, organisation)"
    " DO UPDATE SET position = excluded.position"
)


class SqliteViews(ReadModels):
    """The file of views; a missing, damaged or older one is made again: the log has it all."""

    statements = Statements()
    scope = ()

    def __init__(self, path: Path) -> None:
        self.path = path
        self._connections = Connections(path, durable=False)
        self._make_sure()

    def keep_page(
        self, follower: str, organisation: str, position: int, page: EncodedPage, after: int | None
    ) -> None:
        """Keep a page and a position together (see the base class)."""
        who = (follower, organisation)
        with self._replace_damaged(), self._connections.transaction() as connection:
            found = connection.execute(self.statements.position, who).fetchone()
            require_progress(*who, found[0] if found else 0, position, after)
            connection.execute(_TRACK, (*who, position))
            tables.put_rows(connection, organisation, page)

    def rows_named(
        self, kind: type[RowT], names: Collection[tuple[str, str]]
    ) -> Mapping[tuple[str, str], RowT]:
        """Those of the rows with these organisations and keys that there are."""
        found = self.read(tables.SOME, json.dumps([*names]), kind.view)
        return {(organisation, key): decode_row(row, kind) for organisation, key, row in found}

    def all_rows(self) -> Iterator[tuple[Any, ...]]:
        """Every row at one moment: view, organisation, key, place, rank, part of, JSON."""
        with self._replace_damaged():
            yield from self._connections.iterate(tables.WHOLE)

    @contextmanager
    def rebuild(self) -> Iterator[SqliteViews]:
        """Empty views to be filled; they replace these in one transaction when all went well.

        Readers see the old rows until then. The file is not replaced but overwritten through
        SQLite: a file swapped under other connections would leave them with the lost one.
        """
        with self.temporary_views() as shadow:
            yield shadow
            with self._replace_damaged():
                self._connections.overwrite(shadow._connections)  # noqa: SLF001 (one of its kind)

    @contextmanager
    def temporary_views(self) -> Iterator[SqliteViews]:
        """Empty views to be filled, and gone afterwards.

        Raises Unavailable while another process, or another block, has some.
        """
        alone = try_lock(self.path.with_name(self.path.name + "-anew"))
        if alone is None:
            raise Unavailable("Another process is making the views anew.")
        try:
            with self._adjacent(".new") as shadow:
                yield shadow
        finally:
            os.close(alone)

    @property
    def part_name(self) -> str:
        """The path of the file."""
        return str(self.path)

    def part(self) -> AbstractContextManager[SqliteViews]:
        """Empty views in a file beside this one, which is gone afterwards."""
        return self._adjacent(".part")

    def open_part(self, name: str) -> AbstractContextManager[SqliteViews]:
        """The part in the file with this path."""
        return closing(SqliteViews(Path(name)))

    @contextmanager
    def _adjacent(self, ending: str) -> Iterator[SqliteViews]:
        made = SqliteViews(_emptied(self.path.with_name(self.path.name + ending)))
        try:
            yield made
        finally:
            made.close()
            _emptied(made.path).with_name(made.path.name + "-turn").unlink(missing_ok=True)

    def close(self) -> None:
        """Close the file; a later use opens it again."""
        self._connections.close()

    def read(self, sql: str, *values: object) -> Sequence[tuple[Any, ...]]:
        """What a query finds. Raises Unavailable."""
        with self._replace_damaged():
            return self._connections.read(sql, values)

    def _make_sure(self) -> None:
        try:
            fits = self._connections.read("PRAGMA user_version", ()) == [(FORMAT,)]
        except Unavailable:
            fits = False
        if not fits:
            self._make_empty()

    def _make_empty(self) -> None:
        self._connections.close()
        with translate_errors(self.path):
            _make(_emptied(self.path))

    @contextmanager
    def _replace_damaged(self) -> Iterator[None]:
        """After damage, or when the file is gone, go on with an empty one and say so."""
        try:
            yield
        except Unavailable as error:
            if isinstance(error, DamagedFile) or not self.path.exists():
                self._make_empty()
                message = "The views were damaged; they are being made anew. Try again."
                raise Unavailable(message) from error
            raise


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
