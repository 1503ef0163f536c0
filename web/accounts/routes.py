"""The addresses of all pages of accounts."""

from __future__ import annotations

from fastapi import APIRouter

from web.accounts import (
    account_links,
    administration,
    identity_links,
    invitation_pages,
    log_in_pages,
    oidc,
    own_account,
    password_link_pages,
)
from web.accounts.account_context import AccountContext


def add_account_routes(router: APIRouter, context: AccountContext) -> None:
    """Log-in, one's own account, invitations, and the accounts of all."""
    for pages in (
        log_in_pages,
        oidc,
        own_account,
        invitation_pages,
        password_link_pages,
        administration,
        account_links,
        identity_links,
    ):
        pages.add_routes(router, context)
