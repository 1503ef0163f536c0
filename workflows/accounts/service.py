"""The accounts of one store: log-in, sessions, the directory, invitations, tokens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from domain.ports.accounts import AccountTables, Passwords, Secrets, TimeCodes
from workflows.accounts.directory import AccountDirectory
from workflows.accounts.invitations import Invitations
from workflows.accounts.limits import SessionLimits
from workflows.accounts.log_in import LogIn
from workflows.accounts.sessions import Sessions
from workflows.accounts.tokens import Tokens
from workflows.projections.parking import Alarm


@dataclass(kw_only=True)
class AccountService:
    """Who may log in to one store, and how. It is built from ports, and knows no page."""

    tables: AccountTables
    passwords: Passwords
    codes: TimeCodes
    secrets: Secrets
    now: Callable[[], datetime]
    """The time by which the store is written (UTC)."""
    log: Alarm
    limits: SessionLimits = field(default_factory=SessionLimits)
    issuers: bool = False
    """Whether an OpenID Connect issuer is configured."""
    _seen: bool = field(default=False, init=False)

    @property
    def in_force(self) -> bool:
        """Whether everybody has to log in: there is an account, or an issuer is configured.

        Once an account was seen, this process goes on asking. Raises Unavailable.
        """
        self._seen = self._seen or self.issuers or self.tables.any_account()
        return self._seen

    @cached_property
    def sessions(self) -> Sessions:
        """Sessions: begun, found by their secret, listed, ended."""
        return Sessions(self.tables, self.secrets, self.now, self.limits, self.log)

    @cached_property
    def directory(self) -> AccountDirectory:
        """The accounts themselves."""
        return AccountDirectory(
            self.tables,
            self.passwords,
            self.codes,
            self.secrets,
            self.sessions,
            self.now,
            self.log,
        )

    @cached_property
    def log_in(self) -> LogIn:
        """Logging in, by password and code or by an issuer."""
        return LogIn(
            self.tables,
            self.passwords,
            self.codes,
            self.secrets,
            self.sessions,
            self.now,
            self.log,
        )

    @cached_property
    def invitations(self) -> Invitations:
        """Links by which people make their own accounts."""
        return Invitations(self.tables, self.secrets, self.directory, self.now, self.log)

    @cached_property
    def tokens(self) -> Tokens:
        """What programs show in place of a log-in."""
        return Tokens(self.tables, self.secrets, self.now, self.log)
