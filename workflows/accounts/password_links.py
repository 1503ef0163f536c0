"""Links by which people set a new password, each of them once; an administrator makes them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from domain.ports.accounts import Account, AccountTables, Secrets, Ticket
from domain.rules import Refused
from workflows.accounts.directory import AccountDirectory
from workflows.accounts.limits import PASSWORD_LINK_FOR
from workflows.accounts.secret_hash import hash_of_secret
from workflows.projections.parking import Alarm

KIND: Final = "password link"
OVER: Final = "this link was used already, has expired, or the password was changed since"


@dataclass(frozen=True)
class PasswordLinks:
    """The links of one store. The second factor stays."""

    tables: AccountTables
    secrets: Secrets
    directory: AccountDirectory
    now: Callable[[], datetime]
    log: Alarm

    def make(self, principal: str, by: str) -> tuple[str, datetime]:
        """The secret of a new link, and until when it works (UTC). Raises Refused, Unavailable."""
        secret, until, _ = self.make_bound(principal, self.state_of(principal))
        self.log.info("account", outcome="password link made", principal=principal, by=by)
        return secret, until

    def state_of(self, principal: str) -> str:
        """What a link that is made later, when its letter leaves, is bound to. Raises Refused."""
        return _state(self.directory.get(principal))

    def make_bound(self, principal: str, state: str) -> tuple[str, datetime, Account]:
        """A new link, until when it works (UTC), and whose it is.

        Raises Refused where the account has another state by now, and Unavailable.
        """
        account, secret = self.directory.get(principal), self.secrets.token()
        if state != _state(account):
            raise Refused("password-link", OVER)
        until = self.now() + PASSWORD_LINK_FOR
        ticket = Ticket(
            hash=hash_of_secret(secret),
            kind=KIND,
            principal=principal,
            content=state,
            expires_at=until,
        )
        self.tables.put_ticket(ticket)
        return secret, until, account

    def withdraw_link(self, secret: str) -> None:
        """Let a link open nothing any more."""
        self.tables.take_ticket(hash_of_secret(secret), KIND)

    def find(self, secret: str) -> Account:
        """Whose link it is; looking at it does not use it up. Raises Refused."""
        return self._account(self.tables.ticket(hash_of_secret(secret), KIND))

    def use(self, secret: str, password: str) -> Account:
        """Set the password and end all sessions. Raises Refused; a password that is refused leaves
        the link as it is."""
        ticket = self.tables.take_ticket(hash_of_secret(secret), KIND)
        account = self._account(ticket)
        try:
            self.directory.set_password(account.principal, password)
        except Refused:
            if ticket:
                self.tables.put_ticket(ticket)
            raise
        return account

    def _account(self, ticket: Ticket | None) -> Account:
        account = self.tables.account(ticket.principal) if ticket else None
        if (
            ticket is None
            or account is None
            or ticket.expires_at <= self.now()
            or ticket.content != _state(account)
        ):
            raise Refused("password-link", OVER)
        return account


def _state(account: Account) -> str:
    """What a link is bound to: with another password, or disabled, the account has another one."""
    return hash_of_secret(f"{account.password_hash} {account.disabled_at}")
