"""Log-in by an issuer: what is kept while the browser is there, and what its return brings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import msgspec
from msgspec import Struct

from domain.ports.accounts import AccountTables, LoginSession, Ticket
from domain.ports.identity_providers import IdentityProvider, PendingLogIn, ProvenIdentity
from domain.rules import Refused
from workflows.accounts.invitations import Invitations
from workflows.accounts.log_in import LogIn
from workflows.accounts.secret_hash import hash_of_secret
from workflows.accounts.sessions import Client, NewSession, Sessions

LASTS: Final = timedelta(minutes=10)
"""How long somebody may stay at an issuer before they return."""
LOG_IN: Final = "log-in by an issuer"
SESSION: Final = "session by an issuer"
LOG_OUT: Final = "log-out at an issuer"
"""The kinds of tickets: a log-in that has begun, what a log-out needs, a log-out that has begun."""
OVER: Final = (
    "this answer was used already, came too late, or belongs to a log-in that another browser began"
)


class Awaited(Struct, frozen=True, kw_only=True):
    """A log-in that has begun, and what it is for."""

    pending: PendingLogIn
    then: str = "/"
    """The page to show afterwards: a path on this server."""
    session: str = ""
    """The hash of the session in which somebody proves again who they are; empty for a new one."""
    invited: bool = False
    """Whether an invitation is accepted so."""


class ExternalSession(Struct, frozen=True, kw_only=True):
    """With which proof of which issuer a session began."""

    provider: str
    id_token: str


@dataclass(frozen=True)
class ExternalLogIns:
    """How people of one store log in by issuers. Methods raise Refused and Unavailable."""

    providers: Mapping[str, IdentityProvider]
    """By the names that addresses call them."""
    tables: AccountTables
    log_in: LogIn
    sessions: Sessions
    invitations: Invitations
    now: Callable[[], datetime]

    def provider(self, name: str) -> IdentityProvider | None:
        """The issuer of this name."""
        return self.providers.get(name)

    def keep(self, awaited: Awaited, browser: str) -> None:
        """Keep what has begun for this browser alone; `browser` is a secret that it brings back.

        Anybody can begin, so what has run out is removed at each beginning.
        """
        self.sessions.forget()
        self._put(_key(browser, awaited.pending.state), LOG_IN, awaited, self.now() + LASTS)

    def take(self, name: str, state: str, browser: str) -> Awaited:
        """The log-in that this browser has begun; it can be taken once."""
        found = self.tables.take_ticket(_key(browser, state), LOG_IN)
        if found is None or found.expires_at <= self.now():
            raise Refused("answer-once", OVER)
        awaited = msgspec.json.decode(found.content, type=Awaited)
        if awaited.pending.provider != name:
            raise Refused("answer-once", OVER)
        return awaited

    def complete(
        self, awaited: Awaited, identity: ProvenIdentity, client: Client, invitation: str = ""
    ) -> NewSession | LoginSession:
        """A session for the person whom the issuer authenticated, or the session that asked for it.

        `invitation` is the secret of the one that is accepted so, if one is.
        """
        if awaited.session:
            return self._prove_again(awaited, identity)
        if awaited.invited:
            self.invitations.accept_by_issuer(invitation, identity.issuer, identity.subject)
        begun = self.log_in.by_issuer(identity, client)
        shown = ExternalSession(provider=identity.provider, id_token=identity.id_token)
        ends_at = begun.session.started_at + self.sessions.limits.absolute
        self._put(begun.session.hash, SESSION, shown, ends_at, begun.session.principal)
        return begun

    def end(self, session: LoginSession, browser: str) -> str:
        """End a session; the name of the issuer that began it, where log-in may go on there."""
        self.sessions.end(session.principal, session.hash)
        found = self.tables.take_ticket(session.hash, SESSION)
        if found is None:
            return ""
        shown = msgspec.json.decode(found.content, type=ExternalSession)
        if shown.provider not in self.providers:
            return ""
        until = self.now() + LASTS
        self._put(hash_of_secret(browser), LOG_OUT, shown, until, session.principal)
        return shown.provider

    def ended(self, name: str, browser: str) -> str:
        """What an issuer wants to see at log-out, once; empty where there is nothing."""
        found = self.tables.take_ticket(hash_of_secret(browser), LOG_OUT)
        if found is None or found.expires_at <= self.now():
            return ""
        shown = msgspec.json.decode(found.content, type=ExternalSession)
        return shown.id_token if shown.provider == name else ""

    def _prove_again(self, awaited: Awaited, identity: ProvenIdentity) -> LoginSession:
        """The session goes on, if the person who proved it is the one whose session it is."""
        session = self.tables.session(awaited.session)
        principal = self.tables.principal_of(identity.issuer, identity.subject)
        if session is None or session.principal != principal:
            raise Refused("log-in-again", "this session is over, or is somebody else's")
        return self.sessions.proved_again(
            session, identity.authenticated_by, proved_at=identity.authenticated_at
        )

    def _put(
        self, key: str, kind: str, content: Struct, until: datetime, principal: str = ""
    ) -> None:
        """Keep a ticket; what belongs to an account goes with it when that is erased."""
        text = msgspec.json.encode(content).decode()
        kept = Ticket(hash=key, kind=kind, principal=principal, content=text, expires_at=until)
        self.tables.put_ticket(kept)


def _key(browser: str, state: str) -> str:
    return hash_of_secret(f"{browser} {state}")
