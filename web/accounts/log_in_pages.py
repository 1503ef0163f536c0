"""Log-in: password, second factor, log-out; and a form that was interrupted goes on."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus
from urllib.parse import urlencode, urlsplit

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import RedirectResponse, Response
from starlette.types import Scope

from domain.rules import Refused
from web.accounts import interrupted_draft, interrupted_form
from web.accounts.account_context import AccountContext
from web.accounts.interrupted_form import InterruptedForm
from web.accounts.issuer_binding import Binding
from web.forms import submitted_list
from web.forms.fields import Values
from web.forms.posted_form import FormOfOtherSession, Sent, SentByAnybody
from web.http import account_urls
from web.http.authentication import (
    COOKIE,
    DEVICE,
    FORM_TOKEN,
    form_token,
    identity_of,
)
from web.http.cookies import LANGUAGE, cookie, delete_cookie, set_cookie
from workflows.accounts.log_in import SecondFactorNeeded
from workflows.accounts.refusals import LogInThrottled
from workflows.accounts.sessions import NewSession

KEPT_SECONDS = 400 * 24 * 3600
"""How long a browser is known: as long as browsers keep a cookie (RFC 6265bis)."""


def add_routes(router: APIRouter, context: AccountContext) -> None:
    """The addresses of the log-in."""

    @router.get(account_urls.LOG_IN)
    def begin(
        request: Request,
        next: str = "",  # noqa: A002 (its name in addresses)
        ended: str = "",
        done: str = "",
    ) -> Response:
        return _log_in(context, request, back_to=next, ended=ended, done=done)

    @router.post(account_urls.LOG_IN)
    def by_password(request: Request, sent: SentByAnybody) -> Response:
        return _by_password(context, request, sent.values)

    @router.post(account_urls.CODE)
    def by_code(request: Request, sent: SentByAnybody) -> Response:
        return _by_code(context, request, sent.values)

    @router.get(account_urls.CODE)
    def code_again() -> Response:
        return RedirectResponse(account_urls.LOG_IN, HTTPStatus.SEE_OTHER)

    @router.post(account_urls.LOG_OUT)
    def log_out(request: Request, sent: Sent) -> Response:  # noqa: ARG001 (its token is checked)
        return _log_out(context, request)

    _interrupted_forms(context, router)


def _by_password(context: AccountContext, request: Request, values: Values) -> Response:
    """Begin a session by a password, or ask for a code where the account wants one."""
    form = interrupted_form.of_field(values.text(interrupted_form.FIELD))
    login, back_to = values.text("login").strip(), values.text("next")
    try:
        found = context.accounts.log_in.by_password(
            login, values.text("password"), context.client(request)
        )
    except Refused as refusal:
        return _log_in(context, request, refusal, login=login, back_to=back_to, form=form)
    if isinstance(found, SecondFactorNeeded):
        return _code(context, request, found.ticket, back_to, form)
    return begun(context, request, found, back_to, form)


def _by_code(context: AccountContext, request: Request, values: Values) -> Response:
    """Begin a session by the second factor."""
    form = interrupted_form.of_field(values.text(interrupted_form.FIELD))
    ticket, back_to = values.text("ticket"), values.text("next")
    try:
        found = context.accounts.log_in.by_code(
            ticket, values.text("code"), context.client(request)
        )
    except Refused as refusal:
        if refusal.rule == "log-in-in-time":
            return _log_in(context, request, refusal, back_to=back_to, form=form)
        return _code(context, request, ticket, back_to, form, refusal=refusal)
    return begun(context, request, found, back_to, form)


def _log_out(context: AccountContext, request: Request) -> Response:
    """End the session; the page that follows offers to end that of the issuer too."""
    session = context.session(request)
    binding = Binding.of(request)
    issuer = context.accounts.external_log_ins.end(session, binding.secret)
    there = f"{account_urls.LOG_IN}?{urlencode({'ended': issuer})}"
    answer = RedirectResponse(there if issuer else account_urls.LOG_IN, HTTPStatus.SEE_OTHER)
    if issuer:
        binding.keep(answer, request)
    delete_cookie(answer, request.scope, COOKIE)
    keep_language(answer, request.scope, "")
    answer.headers["Clear-Site-Data"] = '"cache"'
    return answer


def _interrupted_forms(context: AccountContext, router: APIRouter) -> None:
    """Where forms come that were sent without a session, and from where they go on."""

    @router.post(account_urls.INTERRUPTED)
    def interrupted(request: Request, sent: SentByAnybody) -> Response:
        where: str = getattr(request.state, "interrupted", "/")
        values, unread = submitted_list.with_table(sent.values, sent.files, context.read_table)
        if values is not sent.values:
            sent = replace(sent, values=values, files={})
        form = interrupted_form.of_form(where, sent)
        kept = bool(form) and not unread and interrupted_draft.keep(context, request, where, sent)
        back_to = urlsplit(where).path
        return _log_in(context, request, back_to=back_to, form=form, status=401, kept=kept)

    @router.post(account_urls.RESUME)
    def resume(request: Request, sent: SentByAnybody) -> Response:
        form = interrupted_form.of_field(sent.values.text(interrupted_form.FIELD))
        if identity_of(request) is None or form is None:
            return _log_in(context, request, form=form, status=401)
        return _resume(context, request, form, getattr(request.state, FORM_TOKEN, ""))


def handle(context: AccountContext, app: FastAPI) -> None:
    """Let a form of another session go on in this one, with all that stands in it."""

    @app.exception_handler(FormOfOtherSession)
    def other_session(request: Request, error: FormOfOtherSession) -> Response:
        form = interrupted_form.of_form(_where(request), error.form)
        if form is None:
            return RedirectResponse(account_urls.ACCOUNT, HTTPStatus.SEE_OTHER)
        return _resume(context, request, form, getattr(request.state, FORM_TOKEN, ""), 409)


def begun(
    context: AccountContext,
    request: Request,
    begun: NewSession,
    back_to: str = "",
    form: InterruptedForm | None = None,
) -> Response:
    """The answer with which a session begins: the form that was interrupted, or the page before."""
    if form:
        answer: Response = _resume(context, request, form, form_token(begun.secret))
    else:
        answer = RedirectResponse(account_urls.local_path(back_to), HTTPStatus.SEE_OTHER)
    set_cookie(answer, request.scope, COOKIE, begun.secret)
    set_cookie(answer, request.scope, DEVICE, begun.device, seconds=KEPT_SECONDS)
    account = context.accounts.tables.account(begun.session.principal)
    keep_language(answer, request.scope, account.language if account else "")
    return answer


def keep_language(answer: Response, scope: Scope, language: str) -> None:
    """Let pages be in the language of an account, where it has one and the address names none."""
    if language:
        set_cookie(answer, scope, LANGUAGE, language, seconds=KEPT_SECONDS)
    elif cookie(scope, LANGUAGE):
        delete_cookie(answer, scope, LANGUAGE)


def _log_in(
    context: AccountContext,
    request: Request,
    refusal: Refused | None = None,
    *,
    login: str = "",
    back_to: str = "",
    form: InterruptedForm | None = None,
    status: int = 0,
    ended: str = "",
    done: str = "",
    kept: bool = False,
) -> Response:
    """The log-in page; `ended` names the issuer by which a session began that has just ended.

    `done` is `password` where a new one was set. `kept` says that the form is kept in its sender's
    account too.
    """
    page = context.page(
        request,
        "log_in.html",
        status=status or _status(refusal),
        refusal=refusal,
        login=login,
        back_to=account_urls.local_path(back_to) if back_to else "",
        form=form,
        kept=kept,
        people=context.demo_people,
        in_force=context.accounts.in_force,
        ended=context.accounts.providers.get(ended),
        password_set=done == "password",
    )
    if isinstance(refusal, LogInThrottled):
        page.headers["Retry-After"] = str(refusal.seconds)
    return page


def _code(
    context: AccountContext,
    request: Request,
    ticket: str,
    back_to: str,
    form: InterruptedForm | None,
    *,
    refusal: Refused | None = None,
) -> Response:
    """The page that asks for a code."""
    return context.page(
        request,
        "log_in_code.html",
        status=_status(refusal),
        refusal=refusal,
        ticket=ticket,
        back_to=account_urls.local_path(back_to) if back_to else "",
        form=form,
    )


def _resume(
    context: AccountContext,
    request: Request,
    form: InterruptedForm,
    token: str,
    status: int = 200,
) -> Response:
    """The page from which an interrupted form is sent again."""
    return context.page(request, "resume.html", status=status, form_token=token, form=form)


def _status(refusal: Refused | None) -> int:
    if refusal is None:
        return 200
    return 429 if isinstance(refusal, LogInThrottled) else 422


def _where(request: Request) -> str:
    query = request.url.query
    return request.url.path + (f"?{query}" if query else "")
