"""API tokens, by which programs and the command line authenticate."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from domain.access.roles import Identity
from domain.ports.accounts import AccountTables, ApiToken, Secrets
from domain.ports.errors import Unavailable
from domain.rules import Refused
from workflows.accounts.directory import one_line
from workflows.accounts.limits import SEEN_EVERY
from workflows.accounts.secret_hash import hash_of_secret
from workflows.projections.parking import Alarm

READ: Final = "read"
ACT: Final = "act"
LONGEST: Final = timedelta(days=366)
"""How long a token lasts at most."""
TOKEN: Final = "token"  # noqa: S105 (a word of the record, no secret)
"""How somebody is authenticated by a token."""
PREFIX: Final = "placet_"
"""How tokens begin, so that programs that look for secrets in files find them."""


@dataclass(frozen=True)
class Tokens:
    """The tokens of one store."""

    tables: AccountTables
    secrets: Secrets
    now: Callable[[], datetime]
    log: Alarm

    def make(
        self, principal: str, label: str, scope: str, lasts: timedelta
    ) -> tuple[str, ApiToken]:
        """Make a token for somebody; returns the secret, which is shown once, and what is stored.

        Raises Refused for a scope that there is not, and for a time that is too long.
        """
        if scope not in {READ, ACT} or not one_line(label):
            raise Refused("token-scope", "a token has a name, and may read, or read and act")
        if not timedelta(0) < lasts <= LONGEST:
            raise Refused("token-scope", f"a token lasts from 1 to {LONGEST.days} days")
        secret, at = PREFIX + self.secrets.token(), self.now()
        token = ApiToken(
            hash=hash_of_secret(secret),
            principal=principal,
            label=one_line(label),
            scope=scope,
            created_at=at,
            expires_at=at + lasts,
        )
        self.tables.add_token(token)
        self.log.info("token", outcome="made", principal=principal, scope=scope)
        return secret, token

    def find(self, secret: str) -> ApiToken | None:
        """The token with this secret, if it is valid; its use is noted now and then."""
        token = self.tables.token(hash_of_secret(secret)) if secret else None
        at = self.now()
        if token is None or token.expires_at <= at:
            return None
        if token.used_at is None or at - token.used_at >= SEEN_EVERY:
            with suppress(Unavailable):  # a standby is only read
                self.tables.note_token(token.hash, used_at=at)
        return token

    def of(self, principal: str) -> Sequence[ApiToken]:
        """The tokens of somebody that hold, the newest first."""
        at = self.now()
        return [token for token in self.tables.tokens(principal) if at < token.expires_at]

    def revoke(self, principal: str, hash_: str) -> bool:
        """Revoke a token of somebody; whether there was one."""
        revoked = self.tables.remove_token(principal, hash_)
        if revoked:
            self.log.info("token", outcome="revoked", principal=principal)
        return revoked


def identity_of(token: ApiToken) -> Identity:
    """Who somebody is by a token."""
    return Identity(
        principal=token.principal, authenticated_by=TOKEN, authenticated_at=token.created_at
    )
