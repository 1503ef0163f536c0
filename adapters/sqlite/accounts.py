"""The accounts of a store in a folder: a file of their own beside the log."""

from __future__ import annotations

from typing import Final

from adapters.accounts.tables import StoredAccounts
from adapters.sqlite.operational_tables import TablesFile

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


class AccountsFile(TablesFile, StoredAccounts):
    """The port `AccountTables` in a file; it is made with the first account."""

    tables = _TABLES

    def erase_account(self, principal: str) -> bool:
        """Erase an account with all that belongs to it, also from what the file has free."""
        erased = super().erase_account(principal)
        if self.exists():
            self._connections.checkpoint()
        return erased
