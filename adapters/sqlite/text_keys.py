"""The keys of sealed texts of a store in a folder: a small file beside the log.

It has no write-ahead log, and what is deleted in it is overwritten: once a key was destroyed no
file of the store holds it.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from adapters.eventstore.text_keys import TextKeys
from adapters.files.locks import hold_lock, replace_durably
from adapters.sqlite.errors import TIMEOUT, translate_errors

FILE: Final = "text-keys.db"
LOCK: Final = "text-keys.lock"

_TABLES: Final = (
    "CREATE TABLE text_key (id TEXT PRIMARY KEY, secret BLOB) WITHOUT ROWID",
    "CREATE TABLE erased (organisation TEXT PRIMARY KEY, position INTEGER NOT NULL) WITHOUT ROWID",
)
_FIND: Final = "SELECT id, secret FROM text_key WHERE id IN ({})"
_KEEP: Final = (
    "INSERT INTO text_key VALUES (?, ?) ON CONFLICT (id)"
    " DO UPDATE SET secret = NULL WHERE excluded.secret IS NULL"
)
_ERASED: Final = "SELECT position FROM erased WHERE organisation = ?"
_SET_ERASED: Final = (
    "INSERT INTO erased VALUES (?, ?)"
    " ON CONFLICT (organisation) DO UPDATE SET position = excluded.position"
)
_MOST: Final = 500
"""How many keys one query looks up."""


class TextKeysFile(TextKeys):
    """The port `TextKeys` in a file that only its owner can read."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._path, self._lock_path = folder / FILE, folder / LOCK
        self._local = threading.local()

    def find(self, ids: Collection[str]) -> Mapping[str, bytes | None]:
        """The keys that are known of these (see the base class)."""
        found: dict[str, bytes | None] = {}
        if not self._path.is_file():
            return found
        wanted = sorted(ids)
        with translate_errors(self._path):
            for start in range(0, len(wanted), _MOST):
                some = wanted[start : start + _MOST]
                query = _FIND.format(", ".join("?" * len(some)))
                found |= dict(self._reader().execute(query, some).fetchall())
        return found

    def keep(self, keys: Mapping[str, bytes | None]) -> None:
        """Keep keys durably (see the base class)."""
        self._change(_KEEP, [*keys.items()])

    def destroy(self, ids: Collection[str]) -> None:
        """Destroy these keys for good (see the base class)."""
        self._change(_KEEP, [(key, None) for key in sorted(ids)])

    def erased_until(self, organisation: str) -> int:
        """The position up to which erasures were carried out (see the base class)."""
        if not self._path.is_file():
            return 0
        with translate_errors(self._path):
            found = self._reader().execute(_ERASED, (organisation,)).fetchone()
        return found[0] if found else 0

    def set_erased_until(self, organisation: str, position: int) -> None:
        """Remember that they were (see the base class)."""
        self._change(_SET_ERASED, [(organisation, position)])

    def close(self) -> None:
        """Close the file for this thread; those of other threads close with them."""
        if (reader := getattr(self._local, "reader", None)) is not None:
            reader.close()
        self._local = threading.local()

    def copy_to(self, folder: Path) -> None:
        """Copy the file, as it stands, into a new folder. Raises Unavailable."""
        if not self._path.is_file():
            return
        target = folder / FILE
        with self._alone(), translate_errors(target):
            part = _private(target)
            with closing(_opened(part)) as copy, closing(_opened(self._path)) as source:
                source.backup(copy)
            replace_durably(part, target)

    def _change(self, sql: str, rows: Sequence[tuple[str, bytes | int | None]]) -> None:
        with self._alone(), translate_errors(self._path):
            new = not self._path.is_file()
            path = _private(self._path) if new else self._path
            with closing(_opened(path)) as connection:
                connection.execute("BEGIN IMMEDIATE")
                for table in _TABLES if new else ():
                    connection.execute(table)
                connection.executemany(sql, rows)
                connection.execute("COMMIT")
            if new:
                replace_durably(path, self._path)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """While no other process or thread changes the file."""
        with hold_lock(self._lock_path, TIMEOUT):
            yield

    def _reader(self) -> sqlite3.Connection:
        """This thread's own connection for reading."""
        found: sqlite3.Connection | None = getattr(self._local, "reader", None)
        if found is None:
            found = self._local.reader = _opened(self._path)
        return found


def _private(path: Path) -> Path:
    """An empty file beside a path that only its owner can read, to be made and put in its place."""
    part = path.with_name(path.name + ".part")
    part.unlink(missing_ok=True)
    os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    return part


def _opened(path: Path) -> sqlite3.Connection:
    """A connection that overwrites what it deletes, and keeps a journal only while it writes."""
    connection = sqlite3.connect(
        path, timeout=TIMEOUT, isolation_level=None, check_same_thread=False
    )
    connection.execute("PRAGMA secure_delete=ON")
    connection.execute("PRAGMA journal_mode=DELETE")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA fullfsync=ON")
    return connection
