"""The accounts of a store in a folder: a file of their own beside the log."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from adapters.accounts.tables import StoredAccounts
from adapters.files.locks import hold_lock
from adapters.sqlite.connections import Connections, create_database

FILE: Final = "accounts.db"
_TABLES: Final = """
CREATE TABLE account (
    principal TEXT PRIMARY KEY, login TEXT NOT NULL, login_key TEXT NOT NULL UNIQUE,
    display_name TEXT NOT NULL, email TEXT NOT NULL, language TEXT NOT NULL,
    password_hash TEXT NOT NULL, code_secret TEXT NOT NULL, code_step INTEGER NOT NULL DEFAULT 0,
    created_at TEXT NOT NULL, disabled_at TEXT NOT NULL
) STRICT;
CREATE TABLE recovery_code (
    principal TEXT NOT NULL, hash TEXT NOT NULL, PRIMARY KEY (principal, hash)
) STRICT;
CREATE TABLE external_identity (
    issuer TEXT NOT NULL, subject TEXT NOT NULL, principal TEXT NOT NULL, added_at TEXT NOT NULL,
    PRIMARY KEY (issuer, subject)
) STRICT;
CREATE INDEX identity_by_principal ON external_identity (principal);
CREATE TABLE login_session (
    hash TEXT PRIMARY KEY, principal TEXT NOT NULL, method TEXT NOT NULL,
    started_at TEXT NOT NULL, seen_at TEXT NOT NULL, authenticated_at TEXT NOT NULL,
    user_agent TEXT NOT NULL
) STRICT;
CREATE INDEX session_by_principal ON login_session (principal);
CREATE TABLE api_token (
    hash TEXT PRIMARY KEY, principal TEXT NOT NULL, label TEXT NOT NULL, scope TEXT NOT NULL,
    created_at TEXT NOT NULL, expires_at TEXT NOT NULL, used_at TEXT NOT NULL
) STRICT;
CREATE INDEX token_by_principal ON api_token (principal);
CREATE TABLE invitation (
    hash TEXT PRIMARY KEY, principal TEXT NOT NULL, display_name TEXT NOT NULL,
    email TEXT NOT NULL, organisation TEXT NOT NULL, role TEXT NOT NULL, body TEXT NOT NULL,
    seat TEXT NOT NULL, invited_by TEXT NOT NULL, created_at TEXT NOT NULL,
    expires_at TEXT NOT NULL
) STRICT;
CREATE TABLE ticket (
    hash TEXT PRIMARY KEY, kind TEXT NOT NULL, principal TEXT NOT NULL, content TEXT NOT NULL,
    expires_at TEXT NOT NULL
) STRICT;
CREATE TABLE failed_login (
    key TEXT PRIMARY KEY, number INTEGER NOT NULL, last_at TEXT NOT NULL
) STRICT;
CREATE TABLE known_device (
    hash TEXT PRIMARY KEY, principal TEXT NOT NULL, used_at TEXT NOT NULL
) STRICT;
"""


class AccountsFile(StoredAccounts):
    """The port `AccountTables` in a file that only its owner can read.

    It is made with the first account; until then nobody is known.
    """

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        self._path = path
        self._connections = Connections(path, read_only=read_only)
        self._made = False

    def read(self, sql: str, *values: object) -> Sequence[tuple[Any, ...]]:
        """What a query finds (see the base class); nothing as long as there is no file."""
        if not self._is_made():
            return [(0,)] if sql.startswith("SELECT count(*)") else []
        return self._connections.read(sql, values)

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One durable transaction, in which nobody else writes (see the base class)."""
        if not self._is_made():
            turn = self._path.with_name(self._path.name + "-turn")
            turn.touch(mode=0o600)
            with hold_lock(turn, 30):
                if not self._is_made():
                    _make(self._path)
        with self._connections.transaction() as connection:
            connection.execute("PRAGMA secure_delete = ON")
            yield connection

    def erase_account(self, principal: str) -> bool:
        """Erase an account with all that belongs to it, also from what the file has free."""
        erased = super().erase_account(principal)
        if self._is_made():
            self._connections.checkpoint()
        return erased

    def close(self) -> None:
        """Close the file; a later use opens it again."""
        self._connections.close()

    def _is_made(self) -> bool:
        """Whether the file is there; asked of the disk until it is."""
        self._made = self._made or self._path.is_file()
        return self._made


def _make(path: Path) -> None:
    """Make the file complete, or not at all, readable by its owner alone. Raises Unavailable."""
    with create_database(path) as connection:
        path.with_name(path.name + ".part").chmod(0o600)
        connection.executescript(f"BEGIN; {_TABLES} COMMIT;")
