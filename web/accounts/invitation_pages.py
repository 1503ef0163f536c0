"""The page of an invitation: shown by GET, accepted once by POST."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from domain.ports.accounts import Invitation
from domain.rules import Refused
from web.accounts.account_context import AccountContext
from web.accounts.log_in_pages import begun
from web.forms.posted_form import SentByAnybody
from web.http import account_urls


def add_routes(router: APIRouter, context: AccountContext) -> None:
    """The address of an invitation."""
    address = account_urls.INVITATION + "{secret}"

    @router.get(address)
    def invitation(request: Request, secret: str) -> Response:
        try:
            found = context.accounts.invitations.find(secret)
        except Refused as refusal:
            return _page(context, request, None, refusal=refusal, status=410)
        return _page(context, request, found, secret=secret)

    @router.post(address)
    def accept(request: Request, secret: str, sent: SentByAnybody) -> Response:
        login, found = sent.values.text("login").strip(), None
        invitations = context.accounts.invitations
        try:
            found = invitations.find(secret)
            account = invitations.accept(secret, login, sent.values.text("password"))
        except Refused as refusal:
            status = 410 if refusal.rule == "invitation-once" else 422
            found = None if status == 410 else found
            return _page(
                context,
                request,
                found,
                secret=secret,
                login=login,
                refusal=refusal,
                status=status,
            )
        client = context.client(request)
        session = context.accounts.sessions.begin(account.principal, "password", client)
        return begun(context, request, session)


def _page(
    context: AccountContext,
    request: Request,
    invitation: Invitation | None,
    *,
    secret: str = "",
    login: str = "",
    refusal: Refused | None = None,
    status: int = 200,
) -> Response:
    """The page on which somebody chooses a login name and a password; else, why there is none."""
    return context.page(
        request,
        "invitation.html",
        status=status,
        refusal=refusal,
        invitation=invitation,
        secret=secret,
        login=login,
    )
