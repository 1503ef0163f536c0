"""One's own account: name and password, second factor, sessions, tokens."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from domain.languages import LANGUAGES
from domain.ports.accounts import LoginSession, Ticket
from domain.rules import Refused
from web.accounts import qr_code
from web.accounts.account_context import AccountContext
from web.accounts.log_in_pages import keep_language
from web.forms.fields import Values
from web.forms.posted_form import Sent
from web.http import account_urls
from web.i18n.labels import N_
from workflows.accounts.limits import SECOND_FACTOR_WITHIN
from workflows.accounts.secret_hash import hash_of_secret
from workflows.accounts.sessions import identity_of

ENROLMENT: Final = "enrolment"
SERVICE: Final = "Placet"
"""What programs with codes call this service."""
DONE: Final = {
    "details": N_("Your details are changed."),
    "password": N_("Your password is changed. All other sessions have ended."),
    "session": N_("The session has ended."),
    "sessions": N_("All other sessions have ended."),
    "revoked": N_("The token is revoked."),
    "without-code": N_("No code is asked for any more."),
    "proved": N_(
        "You have proved that it is you. If a form waits for that in another window, send it now."
    ),
}
"""What a page says was done, by what stands in its address."""
USUAL_DAYS: Final = "90"
"""For how long a token is meant to last unless one says otherwise."""


def add_routes(router: APIRouter, context: AccountContext) -> None:
    """The addresses of one's own account."""

    @router.get(account_urls.ACCOUNT)
    def account(request: Request, done: str = "") -> Response:
        return page(context, request, done=done)

    def post(address: str, act: Callable[[Request, LoginSession, Values], Response]) -> None:
        """An address that changes something; what is refused is said on the page."""

        @router.post(f"{account_urls.ACCOUNT}/{address}", name=address)
        def changed(request: Request, sent: Sent) -> Response:
            try:
                return act(request, context.session(request), sent.values)
            except Refused as refusal:
                return page(context, request, refusal=refusal)

    _details(context, post)
    _sessions(context, post)
    _tokens(context, post)
    _second_factor(context, router, post)


Post = Callable[[str, Callable[[Request, LoginSession, Values], Response]], None]


def _details(context: AccountContext, post: Post) -> None:
    def details(request: Request, session: LoginSession, values: Values) -> Response:
        language = values.text("language") if values.text("language") in LANGUAGES else ""
        context.accounts.directory.change(
            session.principal,
            display_name=values.text("display_name"),
            email=values.text("email"),
            language=language,
        )
        answer = _done("details")
        keep_language(answer, request.scope, language)
        return answer

    def password(request: Request, session: LoginSession, values: Values) -> Response:
        context.accounts.log_in.again(session, values.text("old"), context.client(request))
        new = values.text("new")
        context.accounts.directory.set_password(session.principal, new, session.hash)
        return _done("password")

    post("details", details)
    post("password", password)


def _sessions(context: AccountContext, post: Post) -> None:
    def end(_: Request, session: LoginSession, values: Values) -> Response:
        context.accounts.sessions.end(session.principal, values.text("session"))
        return _done("session")

    def end_others(_: Request, session: LoginSession, __: Values) -> Response:
        context.accounts.sessions.end_all(session.principal, session.hash)
        return _done("sessions")

    post("end-session", end)
    post("end-sessions", end_others)


def _tokens(context: AccountContext, post: Post) -> None:
    def make(request: Request, _: LoginSession, values: Values) -> Response:
        session, days = context.prove(request, values), values.text("days")
        lasts = timedelta(days=int(days) if days.isdecimal() and len(days) < 5 else 0)
        secret, token = context.accounts.tokens.make(
            session.principal, values.text("label"), values.text("scope"), lasts
        )
        return context.page(request, "token_made.html", secret=secret, token=token)

    def revoke(_: Request, session: LoginSession, values: Values) -> Response:
        context.accounts.tokens.revoke(session.principal, values.text("token"))
        return _done("revoked")

    post("make-token", make)
    post("revoke-token", revoke)


def _second_factor(context: AccountContext, router: APIRouter, post: Post) -> None:
    accounts = context.accounts

    def begin(request: Request, _: LoginSession, values: Values) -> Response:
        session = context.prove(request, values)
        return _enrolment(context, request, session, accounts.codes.new_secret())

    def enrol(request: Request, session: LoginSession, values: Values) -> Response:
        found = accounts.tables.take_ticket(hash_of_secret(values.text("ticket")), ENROLMENT)
        in_time = found and found.expires_at > accounts.now()
        if not found or not in_time or found.principal != session.principal:
            raise Refused("log-in-in-time", "this took too long: begin again")
        try:
            codes = accounts.directory.enrol(session.principal, found.content, values.text("code"))
        except Refused as refusal:
            return _enrolment(context, request, session, found.content, refusal)
        return context.page(request, "recovery_codes.html", codes=codes)

    def renew(request: Request, _: LoginSession, values: Values) -> Response:
        session = context.prove(request, values)
        codes = accounts.directory.new_recovery_codes(session.principal)
        return context.page(request, "recovery_codes.html", codes=codes)

    def remove(request: Request, _: LoginSession, values: Values) -> Response:
        session = context.prove(request, values)
        accounts.directory.remove_second_factor(session.principal)
        return _done("without-code")

    @router.get(account_urls.SECOND_FACTOR)
    def again() -> Response:
        return RedirectResponse(account_urls.ACCOUNT, HTTPStatus.SEE_OTHER)

    post("second-factor", begin)
    post("second-factor/enrol", enrol)
    post("second-factor/codes", renew)
    post("second-factor/remove", remove)


def _enrolment(
    context: AccountContext,
    request: Request,
    session: LoginSession,
    secret: str,
    refusal: Refused | None = None,
) -> Response:
    """The page with the QR code of a secret, which is kept for some minutes."""
    accounts = context.accounts
    ticket = accounts.secrets.token()
    kept = Ticket(
        hash=hash_of_secret(ticket),
        kind=ENROLMENT,
        principal=session.principal,
        content=secret,
        expires_at=accounts.now() + SECOND_FACTOR_WITHIN,
    )
    accounts.tables.put_ticket(kept)
    login = accounts.directory.get(session.principal).login
    address = accounts.codes.address(secret, login, SERVICE)
    groups = [secret[start : start + 4] for start in range(0, len(secret), 4)]
    return context.page(
        request,
        "second_factor.html",
        status=422 if refusal else 200,
        refusal=refusal,
        ticket=ticket,
        drawing=qr_code.drawing(address),
        groups=groups,
    )


def page(
    context: AccountContext, request: Request, *, done: str = "", refusal: Refused | None = None
) -> Response:
    """The page of one's own account."""
    session, accounts = context.session(request), context.accounts
    account = accounts.directory.get(session.principal)
    return context.page(
        request,
        "account.html",
        status=422 if refusal else 200,
        refusal=refusal,
        done=DONE.get(done, ""),
        account=account,
        session=session,
        sessions=accounts.sessions.of(session.principal),
        tokens=accounts.tokens.of(session.principal),
        identities=accounts.tables.identities(session.principal),
        recovery_codes=accounts.tables.recovery_codes(session.principal),
        limits=accounts.limits,
        usual_days=USUAL_DAYS,
        administers=context.administers(identity_of(session)),
        proved=context.is_proved(request),
    )


def _done(what: str) -> Response:
    return RedirectResponse(f"{account_urls.ACCOUNT}?done={what}", HTTPStatus.SEE_OTHER)
