"""Links to accounts that administrators make: invitations, and links for a new password.

They wait to be sent by mail, or are shown to be handed over.
"""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import TypeAlias

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from domain.access.roles import AccessRole
from domain.rules import Refused, require
from web.accounts import administration, invited_place
from web.accounts.account_context import AccountContext
from web.accounts.invited_role import grant_role
from web.accounts.link_addressees import addressee_of_invitation, single_address
from web.accounts.shown_secrets import ShownSecret
from web.forms.fields import Values
from web.forms.posted_form import Sent
from web.http import account_urls
from workflows.accounts.mailed_links import MailedLink
from workflows.accounts.sessions import identity_of

Make = Callable[[AccountContext, Request, Values], ShownSecret]
"""Makes a link as a form asks for it. Raises Refused."""
Shown: TypeAlias = dict[str, object]


def add_routes(router: APIRouter, context: AccountContext) -> None:
    """The addresses at which an administrator makes links."""

    def post(address: str, make: Make, *, keeps: bool = False) -> None:
        """An address that makes a link; one that `keeps` what was written where it is refused."""

        @router.post(f"{account_urls.ACCOUNTS}/{address}", name=f"accounts {address}")
        def made(request: Request, sent: Sent) -> Response:
            context.require_administrator(request)
            try:
                return context.show_once(
                    request, sent.values, lambda: make(context, request, sent.values)
                )
            except Refused as refusal:
                written = sent.values if keeps else None
                return administration.page(context, request, refusal=refusal, written=written)

    post("invite", _invite, keeps=True)
    post("password-link", _link_for_password)

    @router.post(f"{account_urls.ACCOUNTS}/send-again")
    def send_again(request: Request, sent: Sent) -> Response:
        context.require_administrator(request)
        try:
            context.accounts.mailed_links.send_again(sent.values.text("letter"))
        except Refused as refusal:
            return administration.page(context, request, refusal=refusal)
        context.accounts.link_delivery.wake()
        return RedirectResponse(f"{account_urls.ACCOUNTS}?done=queued", HTTPStatus.SEE_OTHER)


def _invite(context: AccountContext, request: Request, values: Values) -> ShownSecret:
    """Invite somebody; the link stands nowhere else. Raises Refused; then nobody is invited."""
    session = context.prove(request, values)
    role, reader = values.text("role"), context.pages.reader(request)
    offered = invited_place.fields(context.pages.queries, reader)
    place = invited_place.chosen(values, offered)
    seated = role != AccessRole.MEMBER or place.seat
    require("empty", seated, f"the role {role} is for a seat of a body")
    to, language = "", values.text("letter_language")
    if _by_mail(context, values):
        to, known = addressee_of_invitation(
            context.placet, values.text("email"), place.organisation, place.body, place.seat
        )
        language = language or known
    invitations = context.accounts.invitations
    secret, invitation = invitations.invite(
        display_name=values.text("display_name"),
        email=to or values.text("email"),
        organisation=place.organisation if role else "",
        role=role,
        body=place.body,
        seat=place.seat,
        invited_by=session.principal,
    )
    try:
        grant_role(context.placet, invitation, identity_of(session))
    except Refused:
        invitations.take_back(invitation.hash)
        raise
    shown: Shown = {"person": invitation.display_name, "invited": invitation.principal}
    if to:
        letter = context.accounts.mail_invitation(invitation, to, language)
        return _waiting(context, letter, shown)
    path = account_urls.invitation(secret)
    return _shown(request, path, shown | {"until": invitation.expires_at})


def _link_for_password(context: AccountContext, request: Request, values: Values) -> ShownSecret:
    """Make a link by which somebody sets a new password. Raises Refused."""
    session, accounts = context.prove(request, values), context.accounts
    account = accounts.directory.get(values.text("principal"))
    shown: Shown = {"person": account.display_name, "invited": ""}
    if _by_mail(context, values):
        to = single_address(account.email)
        letter = accounts.mail_password_link(account.principal, to, session.principal)
        return _waiting(context, letter, shown)
    secret, until = accounts.password_links.make(account.principal, session.principal)
    return _shown(request, account_urls.password_link(secret), shown | {"until": until})


def _by_mail(context: AccountContext, values: Values) -> bool:
    return bool(context.offers_mail and values.text("by_mail"))


def _waiting(context: AccountContext, letter: MailedLink, shown: Shown) -> ShownSecret:
    """What says that the letter waits; opened again, what has become of it."""
    context.accounts.link_delivery.wake()
    links = context.accounts.mailed_links
    present = lambda: links.get(letter.key) or letter  # noqa: E731 (read when the page is made)
    return ShownSecret(template="link_made.html", values=shown | {"letter": present, "link": ""})


def _shown(request: Request, path: str, shown: Shown) -> ShownSecret:
    link = f"{request.url.scheme}://{request.headers.get('host', '')}{path}"
    return ShownSecret(template="link_made.html", values=shown | {"link": link})
