"""Logging in: by password and code, or by what an issuer says; failures slow the next attempt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from msgspec import Struct, structs

from domain.ports.accounts import (
    Account,
    AccountTables,
    LoginSession,
    Passwords,
    Secrets,
    Ticket,
    TimeCodes,
)
from domain.ports.identity_providers import ProvenIdentity
from domain.rules import Refused
from workflows.accounts.limits import OF_ACCOUNT, OF_ADDRESS, SECOND_FACTOR_WITHIN, Throttle
from workflows.accounts.refusals import LogInThrottled, UnknownIdentity
from workflows.accounts.secret_hash import hash_of_secret
from workflows.accounts.sessions import Client, NewSession, Sessions
from workflows.projections.parking import Alarm

SECOND_FACTOR = "second factor"
WRONG = "the login name, the password or the code is wrong, or the account is not in use"
"""One sentence for all causes, so that it does not reveal which accounts exist."""
LONGEST = 1024
"""How many characters of what was typed are looked at."""


class SecondFactorNeeded(Struct, frozen=True):
    """The password was right, and a code is still needed."""

    ticket: str
    """The secret of the next step; it is valid for some minutes."""


@dataclass(frozen=True)
class LogIn:
    """How people of one store log in."""

    tables: AccountTables
    passwords: Passwords
    codes: TimeCodes
    secrets: Secrets
    sessions: Sessions
    now: Callable[[], datetime]
    log: Alarm

    def by_password(
        self, login: str, password: str, client: Client
    ) -> NewSession | SecondFactorNeeded:
        """Begin a session, or ask for the second factor where the account has one.

        Raises Refused for what is wrong, LogInThrottled before anything is looked at, and
        Unavailable.
        """
        account = self.tables.account_named(login[:LONGEST])
        keys = self._keys(login, account, client)
        self._require_no_wait(keys)
        if not self._has_password(account, password):
            raise self._fail(keys, account, client)
        assert account  # noqa: S101 (an account that is None has no password)
        self._rehash(account, password)
        if not account.code_secret:
            self._forget_failures(keys)
            return self.sessions.begin(account.principal, "password", client)
        ticket = self.secrets.token()
        self._keep(ticket, account.principal)
        return SecondFactorNeeded(ticket)

    def by_code(self, ticket: str, code: str, client: Client) -> NewSession:
        """Complete a log-in by a time-based code or a recovery code, each of which works once.

        Raises Refused, LogInThrottled and Unavailable.
        """
        found = self.tables.take_ticket(hash_of_secret(ticket), SECOND_FACTOR)
        if found is None or found.expires_at <= self.now():
            raise Refused("log-in-in-time", "this took too long: please log in from the beginning")
        account = self.tables.account(found.principal)
        keys = self._keys(account.login if account else "", account, client)
        try:
            self._require_no_wait(keys)
            if account is None or account.disabled_at or not self._has_code(account, code):
                raise self._fail(keys, account, client)
        except Refused:
            self.tables.put_ticket(found)
            raise
        self._forget_failures(keys)
        return self.sessions.begin(account.principal, "password and code", client)

    def by_issuer(self, identity: ProvenIdentity, client: Client) -> NewSession:
        """Begin a session for a person whom an issuer has authenticated.

        An invitation, or an administrator, brings an identity and an account together; a mail
        address never does. Raises UnknownIdentity where neither did, and Unavailable.
        """
        principal = self.tables.principal_of(identity.issuer, identity.subject)
        account = self.tables.account(principal) if principal else None
        method = identity.authenticated_by
        if account is None or account.disabled_at:
            self.log.info(
                "log-in",
                outcome="refused",
                method=method,
                principal=principal,
                issuer=identity.issuer,
                subject=identity.subject,
                address=client.address,
            )
            raise UnknownIdentity(identity)
        return self.sessions.begin(principal, method, client, proved_at=identity.authenticated_at)

    def again(self, session: LoginSession, proof: str, client: Client) -> LoginSession:
        """Authenticate the person of a session again, by password or by code.

        Raises Refused, LogInThrottled and Unavailable; the session goes on in any case.
        """
        account = self.tables.account(session.principal)
        keys = {f"session of {session.principal}": OF_ACCOUNT}
        self._require_no_wait(keys)
        if account and account.code_secret and self._has_code(account, proof):
            self._forget_failures(keys)
            return self.sessions.proved_again(session, "password and code")
        if not self._has_password(account, proof):
            raise self._fail(keys, account, client)
        self._forget_failures(keys)
        return self.sessions.proved_again(session, session.method)

    # --- What proves it ---------------------------------------------------------------------------

    def _has_password(self, account: Account | None, password: str) -> bool:
        """Whether it is the password; it takes as long where there is no account."""
        known = account.password_hash if account and not account.disabled_at else ""
        return self.passwords.matches(known, password[:LONGEST])

    def _has_code(self, account: Account, code: str) -> bool:
        """Whether a code is right, which it is once."""
        typed = "".join(code[:LONGEST].split()).lower()
        step = self.codes.matching_step(account.code_secret, typed, self.now())
        if step is not None:
            return self.tables.spend_code(account.principal, step)
        return self.tables.spend_recovery_code(account.principal, hash_of_secret(typed))

    def _rehash(self, account: Account, password: str) -> None:
        """Store a hash with current parameters, now that the password is known."""
        if self.passwords.is_outdated(account.password_hash):
            new = structs.replace(account, password_hash=self.passwords.hash(password))
            self.tables.put_account(new)

    def _keep(self, ticket: str, principal: str) -> None:
        kept = Ticket(
            hash=hash_of_secret(ticket),
            kind=SECOND_FACTOR,
            principal=principal,
            expires_at=self.now() + SECOND_FACTOR_WITHIN,
        )
        self.tables.put_ticket(kept)

    # --- What slows guessing ----------------------------------------------------------------------

    def _keys(self, login: str, account: Account | None, client: Client) -> dict[str, Throttle]:
        """Under what failures are counted, and how each slows.

        A browser with which somebody has logged in before is counted apart, as are sessions, so
        that guesses from elsewhere do not slow it.
        """
        device = hash_of_secret(client.device) if client.device else ""
        if account and device and self.tables.device_of(device) == account.principal:
            return {f"device {device}": OF_ACCOUNT}
        name = hash_of_secret(login[:LONGEST].casefold())
        return {f"login {name}": OF_ACCOUNT, f"address {client.address}": OF_ADDRESS}

    def _require_no_wait(self, keys: dict[str, Throttle]) -> None:
        at = self.now()
        waits = [slow.wait(self.tables.failures(key), at) for key, slow in keys.items()]
        if (longest := max(waits)) > timedelta(0):
            raise LogInThrottled(ceil(longest.total_seconds()))

    def _fail(self, keys: dict[str, Throttle], account: Account | None, client: Client) -> Refused:
        """Count a failure, and log it without what was typed: it may be a password."""
        for key in keys:
            self.tables.note_failure(key, self.now())
        self.log.info(
            "log-in",
            outcome="refused",
            principal=account.principal if account else "",
            address=client.address,
        )
        return Refused("log-in", WRONG)

    def _forget_failures(self, keys: dict[str, Throttle]) -> None:
        """Forget the failures of an account; those of an address may be about other accounts."""
        for key, slow in keys.items():
            if slow is not OF_ADDRESS:
                self.tables.clear_failures(key)
