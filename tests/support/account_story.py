"""The accounts of a store as stories tell them: a clock that the story moves, and quick hashes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pyotp
from msgspec import structs

from adapters import store_factory
from adapters.accounts.account_ports import account_ports
from adapters.accounts.passwords import Argon2Passwords
from domain.ports.identity_providers import ProvenIdentity
from wiring import QUICK
from workflows.accounts.service import AccountService
from workflows.accounts.sessions import Client, NewSession

PASSWORD = "a long way to Vienna"
HOME = Client(address="192.0.2.7", user_agent="Firefox")


def proven(subject: str, **details: Any) -> ProvenIdentity:
    """Somebody whom an issuer has proved to be theirs."""
    plain = ProvenIdentity(
        provider="corp",
        issuer="https://issuer.example",
        subject=subject,
        authenticated_at=datetime(2026, 11, 30, 9, tzinfo=UTC),
    )
    return structs.replace(plain, **details)


class Lines:
    """A log whose lines are kept."""

    def __init__(self) -> None:
        self.lines: list[dict[str, object]] = []

    def info(self, event: str, **values: object) -> None:
        """Keep a line."""
        self.lines.append({"event": event, **values})

    error = info


class Accounts:
    """The accounts of one store, at a time that the story says."""

    def __init__(self, place: str) -> None:
        self.store = store_factory.open_store(place)
        self.at = datetime(2026, 11, 30, 9, tzinfo=UTC)
        self.log = Lines()
        self.service = self.another()

    def another(self) -> AccountService:
        """The same accounts as another process has them."""
        ports = account_ports(self.store.accounts(), Argon2Passwords(QUICK))
        return AccountService(
            tables=ports.tables,
            passwords=ports.passwords,
            codes=ports.codes,
            secrets=ports.secrets,
            now=lambda: self.at,
            log=self.log,
            erase_drafts=self.store.drafts().erase,
        )

    def passes(self, **time: float) -> None:
        """Let time pass."""
        self.at += timedelta(**time)

    def add(self, login: str, **details: Any) -> str:
        """An account with a password; its principal."""
        return self.service.directory.add(login, password=PASSWORD, **details).principal

    def log_in(self, login: str, password: str = PASSWORD, client: Client = HOME) -> NewSession:
        """A session begun with a password alone."""
        begun = self.service.log_in.by_password(login, password, client)
        assert isinstance(begun, NewSession)
        return begun

    def enrol(self, principal: str) -> str:
        """The secret of a second factor, which somebody has enrolled."""
        secret = self.service.codes.new_secret()
        self.service.directory.enrol(principal, secret, self.code(secret))
        return secret

    def code(self, secret: str) -> str:
        """What an authenticator shows now."""
        return pyotp.TOTP(secret).at(self.at)
