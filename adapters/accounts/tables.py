"""The port `AccountTables` for any kind of store: the statements are the same for both."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct

from adapters.accounts import statements
from adapters.accounts.rows import RowT, insert, select, stamp, value, values_of
from adapters.accounts.statements import IN_USE, OF
from adapters.operational_tables import OperationalTables, TableWriter
from domain.ports.accounts import (
    Account,
    AccountTables,
    ApiToken,
    ExternalIdentity,
    Failures,
    Invitation,
    LoginSession,
    Ticket,
)

REMEMBERED: Final = timedelta(days=1)
"""How long failed log-ins are remembered."""
DEVICES: Final = timedelta(days=400)
"""How long a browser is known: as long as browsers keep a cookie (RFC 6265bis)."""


class StoredAccounts(OperationalTables, AccountTables):
    """The operational tables of any kind of store."""

    # --- Accounts ---------------------------------------------------------------------------------

    def any_account(self) -> bool:
        """Whether there is an account, disabled or not."""
        return bool(self.read("SELECT 1 FROM account LIMIT 1"))

    def account(self, principal: str) -> Account | None:
        """The account of a principal."""
        return self._first(Account, OF, principal)

    def account_named(self, login: str) -> Account | None:
        """The account of a login name, in whatever case it is written."""
        return self._first(Account, "WHERE login_key = ?", login.casefold())

    def accounts(self) -> Sequence[Account]:
        """All accounts, by login name."""
        return self._all(Account, "ORDER BY login_key")

    def add_account(self, account: Account) -> bool:
        """Add an account (see the port)."""
        with self.writing() as tables:
            return _add(tables, account)

    def put_account(self, account: Account) -> bool:
        """Put it in the place of the one of its principal (see the port)."""
        key = account.login.casefold()
        values = (
            account.login,
            key,
            account.display_name,
            account.email,
            account.language,
            account.password_hash,
            account.code_secret,
            stamp(account.disabled_at),
            account.principal,
            key,
            account.principal,
        )
        return self._did(statements.PUT_ACCOUNT, *values)

    def erase_account(self, principal: str) -> bool:
        """Erase an account with all that belongs to it; whether there was one."""
        with self.writing() as tables:
            for table in statements.BELONGINGS:
                tables.execute(f"DELETE FROM {table} {OF}", (principal,))  # noqa: S608 (of ours)
            return bool(tables.execute(f"DELETE FROM account {OF}", (principal,)).rowcount)  # noqa: S608

    # --- The second factor ------------------------------------------------------------------------

    def spend_code(self, principal: str, step: int) -> bool:
        """Note that the code of a time step was used (see the port)."""
        return self._did(statements.SPEND_CODE, step, principal, step)

    def put_recovery_codes(self, principal: str, hashes: Sequence[str]) -> None:
        """Put these in the place of all recovery codes of somebody."""
        with self.writing() as tables:
            tables.execute(f"DELETE FROM recovery_code {OF}", (principal,))  # noqa: S608 (of ours)
            for hash_ in hashes:
                tables.execute("INSERT INTO recovery_code VALUES (?, ?)", (principal, hash_))

    def spend_recovery_code(self, principal: str, hash_: str) -> bool:
        """Use a recovery code up; False where there is none like it."""
        return self._did(f"DELETE FROM recovery_code {OF} AND hash = ?", principal, hash_)  # noqa: S608

    def recovery_codes(self, principal: str) -> int:
        """How many recovery codes somebody has left."""
        ((number,),) = self.read(f"SELECT count(*) FROM recovery_code {OF}", principal)  # noqa: S608
        return int(number)

    # --- Identities at issuers --------------------------------------------------------------------

    def principal_of(self, issuer: str, subject: str) -> str:
        """The principal with this identity; empty where no account has it."""
        found = self._first(ExternalIdentity, "WHERE issuer = ? AND subject = ?", issuer, subject)
        return found.principal if found else ""

    def identities(self, principal: str) -> Sequence[ExternalIdentity]:
        """The identities of an account."""
        return self._all(ExternalIdentity, f"{OF} ORDER BY added_at", principal)

    def add_identity(self, identity: ExternalIdentity) -> bool:
        """Add an identity (see the port)."""
        return self._add(identity)

    def remove_identity(self, principal: str, issuer: str, subject: str) -> bool:
        """Take an identity from somebody; whether it was there."""
        statement = f"DELETE FROM external_identity {OF} AND issuer = ? AND subject = ?"  # noqa: S608
        return self._did(statement, principal, issuer, subject)

    # --- Sessions ---------------------------------------------------------------------------------

    def session(self, hash_: str) -> LoginSession | None:
        """A session of an account that is in use, by one look-up in an index."""
        return self._first(LoginSession, IN_USE, hash_)

    def sessions(self, principal: str) -> Sequence[LoginSession]:
        """The sessions of somebody, the last used first."""
        return self._all(LoginSession, f"{OF} ORDER BY seen_at DESC", principal)

    def add_session(self, session: LoginSession) -> None:
        """Add a session."""
        self._add(session)

    def note_session(self, hash_: str, *, seen_at: datetime) -> None:
        """Note when a request of a session came last."""
        self._did("UPDATE login_session SET seen_at = ? WHERE hash = ?", stamp(seen_at), hash_)

    def note_authentication(self, hash_: str, method: str, at: datetime) -> None:
        """Note that somebody has proved in a session once more who they are."""
        statement = "UPDATE login_session SET authenticated_at = ?, method = ? WHERE hash = ?"
        self._did(statement, stamp(at), method, hash_)

    def end_session(self, principal: str, hash_: str) -> bool:
        """End a session of somebody; whether there was one."""
        return self._did(f"DELETE FROM login_session {OF} AND hash = ?", principal, hash_)  # noqa: S608

    def end_sessions(self, principal: str, keep: str = "") -> int:
        """End all sessions of somebody but the one to `keep`; how many there were."""
        with self.writing() as tables:
            statement = f"DELETE FROM login_session {OF} AND hash <> ?"  # noqa: S608 (of ours)
            return tables.execute(statement, (principal, keep)).rowcount

    # --- Tokens -----------------------------------------------------------------------------------

    def token(self, hash_: str) -> ApiToken | None:
        """A token of an account that is in use."""
        return self._first(ApiToken, IN_USE, hash_)

    def tokens(self, principal: str) -> Sequence[ApiToken]:
        """The tokens of somebody, the newest first."""
        return self._all(ApiToken, f"{OF} ORDER BY created_at DESC", principal)

    def add_token(self, token: ApiToken) -> None:
        """Add a token."""
        self._add(token)

    def note_token(self, hash_: str, *, used_at: datetime) -> None:
        """Note when a token was used last."""
        self._did("UPDATE api_token SET used_at = ? WHERE hash = ?", stamp(used_at), hash_)

    def remove_token(self, principal: str, hash_: str) -> bool:
        """Revoke a token of somebody; whether there was one."""
        return self._did(f"DELETE FROM api_token {OF} AND hash = ?", principal, hash_)  # noqa: S608

    # --- Invitations ------------------------------------------------------------------------------

    def invitation(self, hash_: str) -> Invitation | None:
        """An invitation that has not been accepted."""
        return self._first(Invitation, "WHERE hash = ?", hash_)

    def invitations(self) -> Sequence[Invitation]:
        """Those that have not been accepted, the newest first."""
        return self._all(Invitation, "ORDER BY created_at DESC")

    def add_invitation(self, invitation: Invitation) -> None:
        """Add an invitation."""
        self._add(invitation)

    def remove_invitation(self, hash_: str) -> bool:
        """Take an invitation back, or use it up; whether it was there."""
        return self._did("DELETE FROM invitation WHERE hash = ?", hash_)

    def accept(
        self, hash_: str, account: Account, identity: ExternalIdentity | None = None
    ) -> bool:
        """Use an invitation up and add the account, or neither (see the port)."""
        try:
            with self.writing() as tables:
                used = tables.execute("DELETE FROM invitation WHERE hash = ?", (hash_,)).rowcount
                added = used and _add(tables, account)
                if not added or (identity and not _insert(tables, identity)):
                    raise _NotAccepted
        except _NotAccepted:
            return False
        return True

    # --- What is kept for a short time ------------------------------------------------------------

    def put_ticket(self, ticket: Ticket) -> None:
        """Keep something for a short time."""
        self._add(ticket)

    def ticket(self, hash_: str, kind: str) -> Ticket | None:
        """What is kept under a hash (see the port)."""
        return self._first(Ticket, "WHERE hash = ? AND kind = ?", hash_, kind)

    def tickets(self, kind: str) -> Sequence[Ticket]:
        """All of a kind."""
        return self._all(Ticket, "WHERE kind = ?", kind)

    def change_ticket(self, before: Ticket, after: Ticket) -> bool:
        """Give a ticket other contents and another end (see the port)."""
        new, old = (after.content, stamp(after.expires_at)), (before.hash, before.kind)
        return self._did(statements.CHANGE_TICKET, *new, *old, before.content)

    def take_ticket(self, hash_: str, kind: str) -> Ticket | None:
        """Remove and return it, so that it is used once; also an expired one."""
        with self.writing() as tables:
            there = "WHERE hash = ? AND kind = ?"
            rows = tables.execute(select(Ticket, there), (hash_, kind)).fetchall()
            tables.execute(f"DELETE FROM ticket {there}", (hash_, kind))  # noqa: S608 (of ours)
        return value(Ticket, rows[0]) if rows else None

    def failures(self, key: str) -> Failures | None:
        """The failed log-ins under a key."""
        return self._first(Failures, "WHERE key = ?", key)

    def note_failure(self, key: str, at: datetime) -> None:
        """Count one more."""
        self._did(statements.NOTE_FAILURE, key, stamp(at))

    def clear_failures(self, key: str) -> None:
        """Forget them, after a log-in that succeeded."""
        self._did("DELETE FROM failed_login WHERE key = ?", key)

    def device_of(self, hash_: str) -> str:
        """The principal who has logged in with a browser before; empty where none is known."""
        found = self.read("SELECT principal FROM known_device WHERE hash = ?", hash_)
        return str(found[0][0]) if found else ""

    def add_device(self, hash_: str, principal: str, at: datetime) -> None:
        """Remember a browser with which somebody has logged in."""
        self._did(statements.ADD_DEVICE, hash_, principal, stamp(at))

    def forget(self, *, now: datetime, idle: datetime, absolute: datetime) -> None:
        """Remove what has run out by now (see the port)."""
        ended = (
            ("ticket", "expires_at", now),
            ("invitation", "expires_at", now),
            ("api_token", "expires_at", now),
            ("failed_login", "last_at", now - REMEMBERED),
            ("known_device", "used_at", now - DEVICES),
            ("login_session", "seen_at", idle),
            ("login_session", "started_at", absolute),
        )
        with self.writing() as tables:
            for table, column, before in ended:
                statement = f"DELETE FROM {table} WHERE {column} <= ?"  # noqa: S608 (names of ours)
                tables.execute(statement, (stamp(before),))

    # --- Rows -------------------------------------------------------------------------------------

    def _first(self, kind: type[RowT], rest: str, *values: object) -> RowT | None:
        found = self._all(kind, rest, *values)
        return found[0] if found else None

    def _all(self, kind: type[RowT], rest: str, *values: object) -> list[RowT]:
        return [value(kind, row) for row in self.read(select(kind, rest), *values)]

    def _add(self, new: Struct) -> bool:
        with self.writing() as tables:
            return _insert(tables, new)

    def _did(self, statement: str, *values: object) -> bool:
        """Whether a statement changed a row."""
        with self.writing() as tables:
            return bool(tables.execute(statement, values).rowcount)


class _NotAccepted(Exception):
    """An invitation was not accepted: nothing shall stay of it."""


def _insert(tables: TableWriter, new: Struct) -> bool:
    return bool(tables.execute(insert(type(new)), values_of(new)).rowcount)


def _add(tables: TableWriter, account: Account) -> bool:
    values = (*values_of(account), account.login.casefold())
    return bool(tables.execute(statements.ADD_ACCOUNT, values).rowcount)
