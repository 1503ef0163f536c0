"""The longer statements on the tables of accounts; they are the same in both kinds of store."""

from __future__ import annotations

from typing import Final

OF: Final = "WHERE principal = ?"
"""Whose rows they are."""
IN_USE: Final = "JOIN account USING (principal) WHERE hash = ? AND disabled_at = ''"
"""What stands behind a table, for a row of an account that is in use."""
BELONGINGS: Final = (
    "recovery_code",
    "external_identity",
    "login_session",
    "api_token",
    "ticket",
    "invitation",
    "known_device",
)
"""The tables in which something belongs to an account."""
PUT_ACCOUNT: Final = """
UPDATE account SET login = ?, login_key = ?, display_name = ?, email = ?, language = ?,
    password_hash = ?, code_secret = ?, disabled_at = ?
WHERE principal = ? AND NOT EXISTS (
    SELECT 1 FROM account AS other WHERE other.login_key = ? AND other.principal <> ?)
"""
ADD_ACCOUNT: Final = """
INSERT INTO account (principal, login, display_name, email, language, password_hash, code_secret,
    created_at, disabled_at, login_key) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT DO NOTHING
"""
SPEND_CODE: Final = "UPDATE account SET code_step = ? WHERE principal = ? AND code_step < ?"
CHANGE_TICKET: Final = (
    "UPDATE ticket SET content = ?, expires_at = ? WHERE hash = ? AND kind = ? AND content = ?"
)
NOTE_FAILURE: Final = """
INSERT INTO failed_login (key, number, last_at) VALUES (?, 1, ?)
ON CONFLICT (key) DO UPDATE SET number = failed_login.number + 1, last_at = excluded.last_at
"""
ADD_DEVICE: Final = """
INSERT INTO known_device (hash, principal, used_at) VALUES (?, ?, ?)
ON CONFLICT (hash) DO UPDATE SET principal = excluded.principal, used_at = excluded.used_at
"""
