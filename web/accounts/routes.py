"""The addresses of all pages of accounts."""

from __future__ import annotations

from fastapi import APIRouter

from web.accounts import (
    administration,
    identity_links,
    invitation_pages,
    log_in_pages,
    oidc,
    own_account,
    password_link_pages,
)
from web.accounts.account_context import AccountContext


def account_routes(context: AccountContext) -> APIRouter:
    """Log-in, one's own account, invitations, and the accounts of all."""
    router = APIRouter()
    for pages in (
        log_in_pages,
        oidc,
        own_account,
        invitation_pages,
        password_link_pages,
        administration,
        identity_links,
    ):
        router.include_router(pages.routes(context))
    return router
