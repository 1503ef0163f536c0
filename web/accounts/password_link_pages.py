"""The page of a link by which somebody sets a new password: shown by GET, used once by POST."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from domain.ports.accounts import Account
from domain.rules import Refused
from web.accounts.account_context import AccountContext
from web.forms.posted_form import SentByAnybody
from web.http import account_urls

OVER: Final = 410
"""The status of a link that works no more."""


def add_routes(router: APIRouter, context: AccountContext) -> None:
    """The address of such a link."""
    links = context.accounts.password_links
    address = account_urls.PASSWORD_LINK + "{secret}"

    @router.get(address)
    def password_link(request: Request, secret: str) -> Response:
        try:
            return _page(context, request, links.find(secret))
        except Refused as refusal:
            return _page(context, request, None, refusal, OVER)

    @router.post(address)
    def set_password(request: Request, secret: str, sent: SentByAnybody) -> Response:
        account = None
        try:
            account = links.find(secret)
            links.use(secret, sent.values.text("password"))
        except Refused as refusal:
            if refusal.rule == "password-link":
                return _page(context, request, None, refusal, OVER)
            return _page(context, request, account, refusal, HTTPStatus.UNPROCESSABLE_ENTITY)
        return RedirectResponse(account_urls.PASSWORD_SET, HTTPStatus.SEE_OTHER)


def _page(
    context: AccountContext,
    request: Request,
    account: Account | None,
    refusal: Refused | None = None,
    status: int = HTTPStatus.OK,
) -> Response:
    return context.page(
        request, "password_link.html", status=status, refusal=refusal, account=account
    )
