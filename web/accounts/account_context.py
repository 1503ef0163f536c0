"""The context that all pages of accounts share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from http import HTTPStatus
from typing import Final

from fastapi import HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from domain.access.roles import Identity
from domain.ports.accounts import LoginSession
from domain.ports.identity_providers import IdentityProvider
from domain.ports.spreadsheets import TableReader
from domain.rules import Refused
from web.accounts.demo_person import DemoPerson
from web.accounts.shown_secrets import ShownSecret, ShownSecrets
from web.forms import account_refusal_texts, form_ids
from web.forms.fields import Values
from web.forms.reauthentication import FIELD as PROOF
from web.http import account_urls
from web.http.authentication import COOKIE, DEVICE
from web.http.context import language_headers
from web.http.cookies import cookie
from web.i18n.labels import N_
from web.page_context import PageContext
from web.presenters.present_names import PresentNames
from web.presenters.role_places import place_of_role
from workflows.accounts.service import AccountService
from workflows.accounts.sessions import Client, identity_of
from workflows.application import Application

FORM: Final = "form"
"""The field by which a form that makes a secret is known when it is sent twice."""
LETTER_REASONS: Final = (
    N_("the mail server could not be reached"),
    N_("the connection was lost"),
    N_("a defect of the program kept it from being written"),
    N_("no server of this store sends mail"),
)
"""Why a letter with a link was not taken, in the program's own words."""


@dataclass(frozen=True)
class AccountContext:
    """The accounts of a store, and what pages about them need."""

    placet: Application
    pages: PageContext
    administers: Callable[[Identity], bool]
    """Whether somebody may see and change the accounts of others."""
    read_table: TableReader
    """Reads a table that comes as a file."""
    demo_people: Sequence[DemoPerson] = ()
    """In the demonstration only: the people to log in as."""
    shown_secrets: ShownSecrets = field(default_factory=ShownSecrets)

    @property
    def offers_mail(self) -> bool:
        """Whether a link can be sent by mail."""
        return self.accounts.link_delivery.is_offered

    @property
    def issuers(self) -> Sequence[IdentityProvider]:
        """The issuers by which people can log in."""
        return list(self.accounts.providers.values())

    @property
    def accounts(self) -> AccountService:
        """Who may log in, and how."""
        return self.placet.accounts

    def client(self, request: Request) -> Client:
        """From where somebody logs in, and what the browser brings along."""
        return Client(
            address=request.client.host if request.client else "",
            user_agent=request.headers.get("user-agent", ""),
            device=cookie(request.scope, DEVICE),
            session=cookie(request.scope, COOKIE),
        )

    def session(self, request: Request) -> LoginSession:
        """The session of a request. Others, such as tokens, get 404."""
        found: LoginSession | None = getattr(request.state, "session", None)
        if found is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        return found

    def require_administrator(self, request: Request) -> LoginSession:
        """The session of an administrator. All others get 404."""
        session = self.session(request)
        if not self.administers(identity_of(session)):
            raise HTTPException(HTTPStatus.NOT_FOUND)
        return session

    def prove(self, request: Request, values: Values) -> LoginSession:
        """The session, if it was authenticated just now. Raises Refused otherwise."""
        session = self.session(request)
        if self.accounts.sessions.is_fresh(identity_of(session)):
            return session
        proof = values.text(PROOF)
        if not proof:
            raise Refused("log-in-again", "prove again who you are, by password or code")
        return self.accounts.log_in.again(session, proof, self.client(request))

    def show_once(
        self, request: Request, values: Values, make: Callable[[], ShownSecret | Response]
    ) -> Response:
        """Let a form make a secret once, and lead to where its session sees it for some minutes.

        Raises what `make` raises.
        """
        given, session = values.text(FORM), self.session(request)
        of = f"{request.url.path} {values.text('principal')}"  # the forms of a page share an id
        form = form_ids.derived_id(form_ids.own_or_new(given), of)
        other = self.shown_secrets.make_once(session, form, self.accounts.now(), make)
        return other or RedirectResponse(account_urls.shown(form), HTTPStatus.SEE_OTHER)

    def is_proved(self, request: Request) -> bool:
        """Whether the session was authenticated just now."""
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
        problem = account_refusal_texts.text(refusal, reader) if refusal else ""
        values |= {
            "form_id": form_ids.new_form_id(),
            "problem": problem,
            "problem_in_detail": account_refusal_texts.detail(refusal) if refusal else "",
            "account_urls": account_urls,
            "letter_reasons": LETTER_REASONS,
            "place_of_role": partial(
                place_of_role, PresentNames(self.pages.queries), reader.language
            ),
            "issuers": self.issuers,
            "issuer_of_session": self.accounts.issuer_of(getattr(request.state, "session", None)),
        }
        page = self.pages.templates.page(template, reader, **values)
        return HTMLResponse(page, status, headers=language_headers(reader))
