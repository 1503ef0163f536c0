"""The accounts of one store: log-in, sessions, the directory, invitations, tokens."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from domain.ports.accounts import (
    AccountTables,
    Invitation,
    LoginSession,
    Passwords,
    Secrets,
    TimeCodes,
)
from domain.ports.errors import Unavailable
from domain.ports.identity_providers import IdentityProvider
from workflows.accounts.directory import AccountDirectory
from workflows.accounts.external_log_ins import ExternalLogIns
from workflows.accounts.invitations import Invitations
from workflows.accounts.limits import SessionLimits
from workflows.accounts.link_delivery import LinkDelivery
from workflows.accounts.log_in import LogIn
from workflows.accounts.mailed_links import INVITATION, NEW_PASSWORD, MailedLink, MailedLinks
from workflows.accounts.password_links import PasswordLinks
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
    erase_drafts: Callable[[str], None]
    """Forgets what a principal has begun to write."""
    limits: SessionLimits = field(default_factory=SessionLimits)
    providers: Mapping[str, IdentityProvider] = field(default_factory=dict)
    """The OpenID Connect issuers that are configured, by the names that addresses call them."""
    _seen: bool = field(default=False, init=False)

    @property
    def in_force(self) -> bool:
        """Whether everybody has to log in: there is an account, or an issuer is configured.

        Once an account was seen, this process goes on asking. Raises Unavailable.
        """
        self._seen = self._seen or bool(self.providers) or self.tables.any_account()
        return self._seen

    def asks(self) -> bool:
        """Whether everybody has to log in, as pages say it: also where that cannot be read now."""
        try:
            return self.in_force
        except Unavailable:
            return self._seen

    def issuer_of(self, session: LoginSession | None) -> IdentityProvider | None:
        """The issuer that authenticated a session last; None where none did."""
        proved_by = session.method.split()[:1] if session else []
        found = (each for each in self.providers.values() if f"oidc:{each.name}" in proved_by)
        return next(found, None)

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
            self.erase_drafts,
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
    def external_log_ins(self) -> ExternalLogIns:
        """Logging in by issuers: what is kept while a browser is there, and its return."""
        return ExternalLogIns(
            self.providers, self.tables, self.log_in, self.sessions, self.invitations, self.now
        )

    @cached_property
    def invitations(self) -> Invitations:
        """Links by which people make their own accounts."""
        return Invitations(self.tables, self.secrets, self.directory, self.now, self.log)

    @cached_property
    def password_links(self) -> PasswordLinks:
        """Links by which people set a new password."""
        return PasswordLinks(self.tables, self.secrets, self.directory, self.now, self.log)

    @cached_property
    def mailed_links(self) -> MailedLinks:
        """Letters with links that wait to be sent, and what became of others."""
        return MailedLinks(self.tables, self.secrets, self.now, self.log)

    @cached_property
    def link_delivery(self) -> LinkDelivery:
        """What sends such letters, once it was said which way they go."""
        return LinkDelivery(
            self.mailed_links, self.invitations, self.password_links, self.now, self.log
        )

    def mail_invitation(
        self, invitation: Invitation, address: str, language: str = ""
    ) -> MailedLink:
        """Let an invitation wait to be sent by mail. Raises Unavailable."""
        return self.mailed_links.queue(
            INVITATION, invitation.principal, invitation.hash, address, language
        )

    def mail_password_link(self, principal: str, address: str, by: str) -> MailedLink:
        """Let a link for a new password wait to be sent by mail. Raises Refused, Unavailable."""
        state = self.password_links.state_of(principal)
        self.log.info("account", outcome="password link queued", principal=principal, by=by)
        return self.mailed_links.queue(NEW_PASSWORD, principal, state, address)

    @cached_property
    def tokens(self) -> Tokens:
        """Tokens, by which programs authenticate."""
        return Tokens(self.tables, self.secrets, self.now, self.log)
