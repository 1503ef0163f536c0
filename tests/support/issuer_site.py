"""A server whose people log in by an issuer, and browsers at both."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import httpx

from account_story import PASSWORD
from adapters.identity.demo_issuer import CLIENT
from adapters.identity.issuer_settings import IssuerSettings
from adapters.identity.openid_client import OpenIdProvider
from adapters.system_clock import utc_now
from domain.access.roles import AccessRole
from domain.actors import Actor, Role
from openid_issuer import SECRET, OpenIdIssuer
from served_app import served_app
from story import Story
from web_visitor import Hands, pages


class IssuerSite:
    """A server whose people log in by an issuer, and browsers at both."""

    def __init__(self, story: Story, issuer: OpenIdIssuer) -> None:
        self.story, self.issuer = story, issuer
        self.accounts = story.placet.accounts
        self.clock = Hands(story.now + timedelta(minutes=1))
        story.placet.clock = self.clock
        known = IssuerSettings(
            name="corp", label="Corp", issuer=issuer.address, client_id=CLIENT, secret=SECRET
        )
        self.accounts.providers = {"corp": OpenIdProvider(known, utc_now)}
        self.app = pages(story.placet, self.clock)
        self.address = ""

    def knows(
        self, subject: str = "a-b-1", login: str = "ada", role: AccessRole = AccessRole.AUDITOR
    ) -> str:
        """An account, with a password too, to which an identity belongs; its principal."""
        principal = self.accounts.directory.add(login, password=PASSWORD).principal
        self.accounts.directory.add_identity(principal, self.issuer.address, subject)
        self.grants(principal, role)
        return principal

    def grants(self, principal: str, role: AccessRole = AccessRole.AUDITOR) -> None:
        """Grant a role in the organisation of the story."""
        who = Actor(role=Role.ADMINISTRATOR)
        self.story.do("grant role", principal=principal, role=role, who=who)
        self.clock.at = max(self.clock.at, self.story.now + timedelta(minutes=1))

    def browser(self) -> httpx.Client:
        """Somebody with a browser."""
        return httpx.Client(base_url=self.address, follow_redirects=True, timeout=60)


@contextmanager
def served_site(story: Story, issuer: OpenIdIssuer) -> Iterator[IssuerSite]:
    """The server on a free port of loopback, known to the issuer, which behaves well again."""
    issuer.behave()
    made = IssuerSite(story, issuer)
    with served_app(made.app) as address:
        made.address = address
        issuer.redirect_uris = {f"{address}/log-in/with/corp/return"}
        issuer.after_log_out = {f"{address}/log-in"}
        yield made
