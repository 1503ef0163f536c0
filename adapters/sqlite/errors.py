"""Errors of SQLite in one sentence each, as the port's Unavailable."""

from __future__ import annotations

import sqlite3
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Final

from domain.ports.errors import Unavailable

TIMEOUT: Final = 30.0
"""Seconds that a writer waits for another process before it gives up."""

_REASONS: Final = {
    sqlite3.SQLITE_FULL: "the disk is full; free some space and try again",
    sqlite3.SQLITE_BUSY: f"another process kept it locked for {TIMEOUT:.0f} seconds; try again",
    sqlite3.SQLITE_LOCKED: "another process keeps it locked; try again",
    sqlite3.SQLITE_READONLY: "it may not be written to",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened",
    sqlite3.SQLITE_PERM: "access to it is denied",
    sqlite3.SQLITE_NOTADB: "it is damaged, or not a database at all",
    sqlite3.SQLITE_CORRUPT: "it is damaged; restore a backup",
    sqlite3.SQLITE_IOERR: "the disk failed, or has no space left",
}


class DamagedFile(Unavailable):
    """The file is no database, or a broken one."""


def translate_errors(path: Path) -> AbstractContextManager[None]:
    """Turn errors of SQLite into Unavailable, with one sentence that says what is the matter."""
    return _Explained(path)


class _Explained:
    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if error is not None:
            raise_unavailable(self._path, error)


def raise_unavailable(path: Path, error: BaseException) -> None:
    """Raise Unavailable for an error of SQLite, other than one of what was written."""
    if not isinstance(error, sqlite3.Error) or isinstance(error, sqlite3.IntegrityError):
        return
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    reason = _REASONS.get(code, f"SQLite says: {error}")
    broken = code in {sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT}
    meant = DamagedFile if broken else Unavailable
    raise meant(f"{path} cannot be used now: {reason}.") from error
