"""Drafts of a store in a folder: a small file beside the log."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Final

from adapters.files.locks import hold_lock
from adapters.sqlite.connections import Connections, create_database
from adapters.stored_drafts import StoredDrafts

FILE: Final = "drafts.db"
_TABLE: Final = """
CREATE TABLE draft (
    id TEXT PRIMARY KEY,
    owner TEXT NOT NULL,
    organisation TEXT NOT NULL,
    saved INTEGER NOT NULL,
    recorded INTEGER NOT NULL,
    changed_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    json BLOB NOT NULL
) WITHOUT ROWID
"""
_BY_OWNER: Final = "CREATE INDEX draft_by_owner ON draft (owner, saved, organisation, changed_at)"
_BY_END: Final = "CREATE INDEX draft_by_end ON draft (expires_at)"


class DraftsFile(StoredDrafts):
    """The port `DraftStore` in a file of its own, which is made when the first draft is kept.

    Only the owner of the file can read it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connections = Connections(path)

    def read(self, sql: str, *values: object) -> Sequence[tuple[Any, ...]]:
        """What a query finds; nothing before there is a file. Raises Unavailable."""
        return self._connections.read(sql, values) if self._path.is_file() else ()

    def writing(self) -> AbstractContextManager[sqlite3.Connection]:
        """One transaction. Raises Unavailable."""
        if not self._path.is_file():
            with hold_lock(self._path.with_name(self._path.name + "-turn"), 30):
                if not self._path.is_file():
                    with create_database(self._path) as made:
                        self._path.with_name(self._path.name + ".part").chmod(0o600)
                        for statement in (_TABLE, _BY_OWNER, _BY_END):
                            made.execute(statement)
        return self._connections.transaction()

    def close(self) -> None:
        """Close the file; a later use opens it again."""
        self._connections.close()
