"""Log-in by issuers of OpenID Connect: the redirect, the return, and log-out there too.

Requests to an issuer are asynchronous and have a limit of their own: an issuer that fails delays
only those who log in by it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from domain.ports.accounts import LoginSession
from domain.ports.identity_providers import IdentityProvider, LogInFailed, LogInProblem
from domain.rules import Refused
from web.accounts import log_in_pages
from web.accounts.account_context import AccountContext
from web.accounts.issuer_binding import COOKIE, Binding
from web.http import account_urls
from web.http.cookies import delete_cookie
from web.i18n.labels import N_
from workflows.accounts.external_log_ins import Awaited, ExternalLogIns
from workflows.accounts.refusals import UnknownIdentity

INVITATION: Final = re.compile(r"[A-Za-z0-9_-]{1,100}")
"""The secret of an invitation, as far as its form shows."""

PROBLEMS: Final[Mapping[LogInProblem, tuple[HTTPStatus, str, str]]] = {
    LogInProblem.UNREACHABLE: (
        HTTPStatus.SERVICE_UNAVAILABLE,
        N_("The log-in service does not answer"),
        N_(
            "It cannot be reached now, or did not answer in time. Nothing is wrong with your"
            " account. Please try again in a moment, or log in another way."
        ),
    ),
    LogInProblem.UNUSABLE: (
        HTTPStatus.BAD_GATEWAY,
        N_("The log-in service cannot be used now"),
        N_(
            "It and this server do not understand each other. Please tell those who run this"
            " server, and log in another way until then."
        ),
    ),
    LogInProblem.UNTRUSTED: (
        HTTPStatus.FORBIDDEN,
        N_("You were not logged in"),
        N_(
            "What the log-in service says does not prove who you are, so it is not believed."
            " Please begin again; if this happens again, tell those who run this server."
        ),
    ),
    LogInProblem.DECLINED: (
        HTTPStatus.FORBIDDEN,
        N_("You were not logged in"),
        N_("The log-in was broken off, or took too long. Please begin again."),
    ),
}
"""What each kind of failure means: a status, a title and a sentence."""
REFUSALS: Final[Mapping[str, tuple[str, str]]] = {
    "answer-once": (
        N_("This log-in is over"),
        N_(
            "It was used already, took more than ten minutes, or was begun in another browser."
            " Please begin again."
        ),
    ),
    "identity-known": (
        N_("No account belongs to this identity"),
        N_(
            "The log-in service has proved who you are, but that identity belongs to no account"
            " that is in use here. Please ask an administrator of this server for an invitation,"
            " or to add the identity to your account, and tell them what stands here."
        ),
    ),
    "log-in-again": (
        N_("You were not logged in"),
        N_(
            "Your session is over, or somebody else has proved who they are. Please log in from"
            " the beginning."
        ),
    ),
    "invitation-once": (
        N_("This invitation cannot be accepted"),
        N_(
            "This invitation was used already, was taken back, or has expired. Please ask for"
            " another."
        ),
    ),
    "account-known": (
        N_("This invitation cannot be accepted"),
        N_("This identity belongs to an account already. Please log in with it."),
    ),
}
"""The same for what is refused here."""


def add_routes(router: APIRouter, context: AccountContext) -> None:
    """The addresses of the log-in by issuers."""
    log_ins = context.accounts.external_log_ins

    @router.get(account_urls.LOG_IN_WITH + "{name}")
    async def leave(
        request: Request,
        name: str,
        next: str = "",  # noqa: A002 (its name in addresses)
        again: str = "",
        invitation: str = "",
    ) -> Response:
        then = account_urls.local_path(next)
        return await _leave(
            context, log_ins, request, name, then, again=bool(again), invitation=invitation
        )

    @router.get(account_urls.LOG_IN_WITH + "{name}/return")
    async def come_back(request: Request, name: str) -> Response:
        return await _come_back(context, log_ins, request, name)

    @router.get(account_urls.LOG_OUT_WITH + "{name}")
    async def log_out_there(request: Request, name: str) -> Response:
        return await _log_out_there(context, log_ins, request, name)


async def _leave(
    context: AccountContext,
    log_ins: ExternalLogIns,
    request: Request,
    name: str,
    then: str,
    *,
    again: bool,
    invitation: str,
) -> Response:
    """Lead to an issuer; `again` where somebody proves once more who they are."""
    provider = _provider(log_ins, name)
    session: LoginSession | None = getattr(request.state, "session", None)
    renewed = session.hash if session and again else ""
    language = context.pages.reader(request).requested_language
    try:
        address, pending = await provider.begin(
            _return_address(request, name), reauthenticate=again
        )
    except LogInFailed as failed:
        return FailedLogIn(context, request, provider, then).failed(failed)
    secret = invitation if INVITATION.fullmatch(invitation) else ""
    binding = Binding(Binding.of(request).secret, language or _language(then), secret)
    awaited = Awaited(pending=pending, then=then, session=renewed, invited=bool(invitation))
    await run_in_threadpool(log_ins.keep, awaited, binding.secret)
    answer = _away(address)
    binding.keep(answer, request)
    return answer


async def _come_back(
    context: AccountContext, log_ins: ExternalLogIns, request: Request, name: str
) -> Response:
    """Begin a session, or renew it, for whom the issuer has identified."""
    provider, binding, then = _provider(log_ins, name), Binding.of(request), ""
    answer = dict(request.query_params)
    if len(answer) < len(request.query_params.multi_items()):
        answer = {}  # RFC 6749, 3.1: nothing is sent twice
    try:
        awaited = await run_in_threadpool(
            log_ins.take, name, answer.get("state", ""), binding.secret
        )
        then = awaited.then
        identity = await provider.identify(awaited.pending, answer)
        found = await run_in_threadpool(
            log_ins.complete, awaited, identity, context.client(request), binding.invitation
        )
    except LogInFailed as failed:
        return FailedLogIn(context, request, provider, then).failed(failed)
    except Refused as refusal:
        return FailedLogIn(context, request, provider, then).refused(refusal)
    if isinstance(found, LoginSession):
        return RedirectResponse(then, HTTPStatus.SEE_OTHER)
    return log_in_pages.begun(context, request, found, then)


async def _log_out_there(
    context: AccountContext, log_ins: ExternalLogIns, request: Request, name: str
) -> Response:
    """Lead to where the issuer ends its own session, or to the log-in where it has no such page."""
    provider, binding = _provider(log_ins, name), Binding.of(request)
    token = await run_in_threadpool(log_ins.ended, name, binding.secret)
    home = str(request.base_url).rstrip("/") + account_urls.LOG_IN
    try:
        address = await provider.log_out_address(token, home) if token else ""
    except LogInFailed as failed:
        return FailedLogIn(context, request, provider).failed(failed)
    answer = _away(address or account_urls.LOG_IN)
    delete_cookie(answer, request.scope, COOKIE)
    return answer


def _provider(log_ins: ExternalLogIns, name: str) -> IdentityProvider:
    found = log_ins.provider(name)
    if found is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return found


def _return_address(request: Request, name: str) -> str:
    """Where the issuer sends the browser back to, under the host that it uses here."""
    base = str(request.base_url).rstrip("/")
    return f"{base}{account_urls.LOG_IN_WITH}{quote(name, safe='')}/return"


def _away(address: str) -> Response:
    return RedirectResponse(address, HTTPStatus.SEE_OTHER, {"Cache-Control": "no-store"})


def _language(path: str) -> str:
    """The language that a page of ours was read in, where its address says so."""
    return parse_qs(urlsplit(path).query).get("lang", [""])[0][:2]


@dataclass(frozen=True)
class FailedLogIn:
    """The answer where a log-in by an issuer failed."""

    context: AccountContext
    request: Request
    provider: IdentityProvider
    then: str = ""
    """Where the person wanted to go."""

    def failed(self, failed: LogInFailed) -> Response:
        """Because of the issuer, or on the way to it. Why in detail is for the log alone."""
        self.context.accounts.log.info(
            "log-in",
            outcome="failed",
            method=f"oidc:{self.provider.name}",
            problem=str(failed.problem),
            detail=failed.detail,
        )
        status, title, sentence = PROBLEMS[failed.problem]
        return self._page(status, title, sentence)

    def refused(self, refusal: Refused) -> Response:
        """The page for a refusal by a rule of ours. Raises a refusal without such a page."""
        if refusal.rule not in REFUSALS:
            raise refusal
        subject = refusal.identity.subject if isinstance(refusal, UnknownIdentity) else ""
        return self._page(HTTPStatus.FORBIDDEN, *REFUSALS[refusal.rule], subject=subject)

    def _page(self, status: HTTPStatus, title: str, sentence: str, subject: str = "") -> Response:
        """The page that says so. What came back with the address is not repeated on it."""
        request = self.request
        language = request.query_params.get("lang", "") or Binding.of(request).language
        query = urlencode({"lang": language}).encode()
        shown = Request({**request.scope, "path": account_urls.LOG_IN, "query_string": query})
        return self.context.page(
            shown,
            "log_in_failed.html",
            status=status,
            title=title,
            sentence=sentence,
            subject=subject,
            logged_in=getattr(request.state, "session", None) is not None,
            provider=self.provider,
            then=self.then,
            otherwise=account_urls.log_in(self.then),
        )
