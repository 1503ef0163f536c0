"""What all pages of accounts are made with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from fastapi import Request
from fastapi.responses import HTMLResponse

from domain.access.roles import Identity
from domain.ports.accounts import LoginSession
from domain.ports.identity_providers import IdentityProvider
from domain.rules import Refused
from web.accounts import refusal_texts
from web.accounts.interrupted_form import PROOF
from web.forms.fields import Values
from web.http import account_urls
from web.http.authentication import COOKIE, DEVICE, cookie
from web.http.context import language_headers
from web.page_context import PageContext
from workflows.accounts.service import AccountService
from workflows.accounts.sessions import Client, identity_of


@dataclass(frozen=True)
class AccountContext:
    """The accounts of a store, and what pages about them need."""

    accounts: AccountService
    pages: PageContext
    administers: Callable[[Identity], bool]
    """Whether somebody may see and change the accounts of others."""

    @property
    def issuers(self) -> Sequence[IdentityProvider]:
        """The issuers by which people can log in."""
        return list(self.accounts.providers.values())

    def issuer_of(self, request: Request) -> IdentityProvider | None:
        """The issuer that proved who has a session; None where none did."""
        session: LoginSession | None = getattr(request.state, "session", None)
        words = session.method.split() if session else []
        return next((each for each in self.issuers if f"oidc:{each.name}" in words[:1]), None)

    def client(self, request: Request) -> Client:
        """From where somebody logs in, and what the browser brings along."""
        return Client(
            address=request.client.host if request.client else "",
            user_agent=request.headers.get("user-agent", ""),
            device=cookie(request.scope, DEVICE),
            session=cookie(request.scope, COOKIE),
        )

    def session(self, request: Request) -> LoginSession:
        """The session of a request. Raises Refused where there is none, as with a token."""
        found: LoginSession | None = getattr(request.state, "session", None)
        if found is None:
            raise Refused("log-in-again", "this page is for those who have logged in")
        return found

    def require_administrator(self, request: Request) -> LoginSession:
        """The session of an administrator. Raises Refused for all others."""
        session = self.session(request)
        if not self.administers(identity_of(session)):
            raise Refused("account-known", "there is nothing here for you")
        return session

    def prove(self, request: Request, values: Values) -> LoginSession:
        """The session, in which it was proved just now who it is. Raises Refused else."""
        session = self.session(request)
        if self.accounts.sessions.is_fresh(identity_of(session)):
            return session
        proof = values.text(PROOF)
        if not proof:
            raise Refused("log-in-again", "prove again who you are, by password or code")
        return self.accounts.log_in.again(session, proof, self.client(request))

    def is_fresh(self, request: Request) -> bool:
        """Whether it was proved just now who it is."""
        return self.accounts.sessions.is_fresh(identity_of(self.session(request)))

    def page(
        self,
        request: Request,
        template: str,
        *,
        status: int = 200,
        refusal: Refused | None = None,
        form_token: str = "",
        **values: object,
    ) -> HTMLResponse:
        """A page of accounts, which no other reader gets, and no cache keeps."""
        reader = replace(self.pages.reader(request), at="")
        if form_token:
            reader = replace(reader, form_token=form_token)
        problem = refusal_texts.text(refusal, reader) if refusal else ""
        values |= {
            "problem": problem,
            "account_urls": account_urls,
            "issuers": self.issuers,
            "issuer_of_session": self.issuer_of(request),
        }
        page = self.pages.templates.page(template, reader, **values)
        return HTMLResponse(page, status, headers=language_headers(reader))
