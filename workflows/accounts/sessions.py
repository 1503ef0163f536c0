"""Sessions: begun with a log-in, known by a secret in a cookie, ended by time or by hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from msgspec import Struct, structs

from domain.access.roles import Identity
from domain.ports.accounts import AccountTables, LoginSession, Secrets
from domain.ports.errors import Unavailable
from workflows.accounts.limits import SEEN_EVERY, SessionLimits
from workflows.accounts.secret_hash import hash_of_secret
from workflows.projections.parking import Alarm

LONGEST_AGENT = 200
"""How many characters of the name of a browser are kept."""


class Client(Struct, frozen=True, kw_only=True):
    """From where somebody logs in, and what the browser brings along."""

    address: str = ""
    """The network address, as far as the server knows it."""
    user_agent: str = ""
    device: str = ""
    """The secret that this browser got at an earlier log-in; empty for one that is not known."""
    session: str = ""
    """The secret of the session that the browser has now; it ends with a new log-in."""


class NewSession(Struct, frozen=True, kw_only=True):
    """A session that has begun."""

    secret: str
    """What the browser keeps in a cookie; it is stored nowhere else."""
    session: LoginSession
    device: str
    """The secret by which the browser is known at the next log-in."""


@dataclass(frozen=True)
class Sessions:
    """The sessions of one store."""

    tables: AccountTables
    secrets: Secrets
    now: Callable[[], datetime]
    limits: SessionLimits
    log: Alarm

    def begin(
        self, principal: str, method: str, client: Client, *, proved_at: datetime | None = None
    ) -> NewSession:
        """Begin a session; the one that the browser had before ends, so that none is fixed on it.

        `proved_at` is when (UTC) an issuer says that the person proved who they are, where that
        was not just now. Raises Unavailable.
        """
        at, secret, device = self.now(), self.secrets.token(), self.secrets.token()
        session = LoginSession(
            hash=hash_of_secret(secret),
            principal=principal,
            method=method,
            started_at=at,
            seen_at=at,
            authenticated_at=min(proved_at or at, at),
            user_agent=client.user_agent.replace("\0", "")[:LONGEST_AGENT],
        )
        self.forget()
        if client.session and (before := self.tables.session(hash_of_secret(client.session))):
            self.tables.end_session(before.principal, before.hash)
        self.tables.add_session(session)
        self.tables.add_device(hash_of_secret(device), principal, at)
        self.log.info(
            "log-in",
            outcome="begun",
            principal=principal,
            method=method,
            address=client.address,
            session=session.hash[:12],
        )
        return NewSession(secret=secret, session=session, device=device)

    def find(self, secret: str) -> LoginSession | None:
        """The session of a secret, if it has not ended; its use is noted now and then.

        Raises Unavailable.
        """
        session = self.tables.session(hash_of_secret(secret)) if secret else None
        if session is None:
            return None
        at = self.now()
        if at - session.seen_at >= self.limits.idle or (
            at - session.started_at >= self.limits.absolute
        ):
            return None
        if at - session.seen_at >= SEEN_EVERY:
            with suppress(Unavailable):  # a standby is only read
                self.tables.note_session(session.hash, seen_at=at)
        return session

    def owner(self, secret: str) -> str:
        """Whose session a secret is of, also while one that has run out is still remembered.

        Empty where there is none. Who it is may then be noted, and nothing shown or done.
        Raises Unavailable.
        """
        session = self.tables.session(hash_of_secret(secret)) if secret else None
        return session.principal if session else ""

    def is_fresh(self, identity: Identity) -> bool:
        """Whether the identity was proved recently enough for acts that cannot be taken back."""
        return self.now() - identity.authenticated_at < self.limits.grave

    def proved_again(
        self, session: LoginSession, method: str, *, proved_at: datetime | None = None
    ) -> LoginSession:
        """Note that somebody has proved once more who they are. Raises Unavailable."""
        at = min(proved_at or self.now(), self.now())
        self.tables.note_authentication(session.hash, method, at)
        return structs.replace(session, authenticated_at=at, method=method)

    def of(self, principal: str) -> Sequence[LoginSession]:
        """The sessions of somebody that go on, the last used first."""
        at, limits = self.now(), self.limits
        return [
            session
            for session in self.tables.sessions(principal)
            if at - session.seen_at < limits.idle and at - session.started_at < limits.absolute
        ]

    def end(self, principal: str, hash_: str) -> bool:
        """End a session of somebody; whether there was one."""
        ended = self.tables.end_session(principal, hash_)
        if ended:
            self.log.info("log-out", principal=principal, session=hash_[:12])
        return ended

    def end_all(self, principal: str, keep: str = "") -> int:
        """End all sessions of somebody but the one to `keep`; how many there were."""
        number = self.tables.end_sessions(principal, keep)
        self.log.info("log-out", principal=principal, sessions=number)
        return number

    def forget(self) -> None:
        """Remove what has run out."""
        at = self.now()
        self.tables.forget(now=at, idle=at - self.limits.idle, absolute=at - self.limits.absolute)


def identity_of(session: LoginSession) -> Identity:
    """Who somebody is by a session."""
    return Identity(
        principal=session.principal,
        authenticated_by=session.method,
        authenticated_at=session.authenticated_at,
    )
