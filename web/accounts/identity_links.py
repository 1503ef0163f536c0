"""Links between identities at issuers and accounts, edited by administrators."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from domain.rules import Refused
from web.accounts import administration
from web.accounts.account_context import AccountContext
from web.forms.fields import Values
from web.forms.posted_form import Sent
from web.http import account_urls


def add_routes(router: APIRouter, context: AccountContext) -> None:
    """The addresses that change them, after re-authentication."""

    @router.post(f"{account_urls.ACCOUNTS}/add-identity")
    def add(request: Request, sent: Sent) -> Response:
        context.require_administrator(request)
        try:
            context.prove(request, sent.values)
            _add(context, sent.values)
        except Refused as refusal:
            return administration.page(context, request, refusal=refusal)
        return _done("identity-added")

    @router.post(f"{account_urls.ACCOUNTS}/remove-identity")
    def remove(request: Request, sent: Sent) -> Response:
        context.require_administrator(request)
        principal, issuer = sent.values.text("principal"), sent.values.text("issuer")
        try:
            context.prove(request, sent.values)
            context.placet.account_endings.remove_identity(
                principal, issuer, sent.values.text("subject")
            )
        except Refused as refusal:
            return administration.page(context, request, refusal=refusal)
        return _done("identity-removed")


def _add(context: AccountContext, values: Values) -> None:
    """Raises Refused for what is no subject, for an unknown issuer, and for a known identity."""
    provider = context.accounts.providers.get(values.text("issuer"))
    subject = values.text("subject").strip()
    if provider is None or not subject or len(subject) > 255 or not subject.isprintable():
        raise Refused("identity-known", "an identity is the subject that an issuer here calls it")
    context.accounts.directory.add_identity(values.text("principal"), provider.issuer, subject)


def _done(what: str) -> Response:
    return RedirectResponse(f"{account_urls.ACCOUNTS}?done={what}", HTTPStatus.SEE_OTHER)
