"""Links to accounts that administrators make: invitations, and links for a new password.

They are sent by mail, or shown to be handed over.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from domain.ports.accounts import Invitation
from domain.rules import Refused
from web.accounts import administration, invited_place
from web.accounts.account_context import AccountContext
from web.accounts.invited_place import InvitedPlace
from web.accounts.invited_role import grant_role
from web.accounts.letters_with_links import LinkLetter
from web.accounts.shown_secrets import ShownSecret
from web.forms.fields import Values
from web.forms.posted_form import Sent
from web.http import account_urls
from workflows.accounts.sessions import identity_of

Make = Callable[[AccountContext, Request, Values], ShownSecret]
"""Makes a link as a form asks for it. Raises Refused."""
ADDRESS: Final = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9.-]{1,253}")
"""What an address of mail looks like; whether it is one, its server says."""


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


def _invite(context: AccountContext, request: Request, values: Values) -> ShownSecret:
    """Invite somebody; the link stands nowhere else. Raises Refused; then nobody is invited."""
    session = context.prove(request, values)
    role, reader = values.text("role"), context.pages.reader(request)
    offered = invited_place.fields(context.pages.queries, reader)
    place = invited_place.chosen(values, offered)
    to, language = _addressee(context, values, place)
    secret, invitation = context.accounts.invitations.invite(
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
        context.accounts.invitations.take_back(invitation.hash)
        raise
    letter = LinkLetter(
        template="invitation",
        to=to,
        language=language,
        path=account_urls.invitation(secret),
        until=invitation.expires_at,
        name=invitation.display_name,
    )
    return _shown(context, request, letter, invitation.principal, invitation)


def _link_for_password(context: AccountContext, request: Request, values: Values) -> ShownSecret:
    """Make a link by which somebody sets a new password. Raises Refused."""
    session = context.prove(request, values)
    account = context.accounts.directory.get(values.text("principal"))
    by_mail = context.offers_mail and values.text("by_mail")
    to = _single_address(account.email) if by_mail else ""
    secret, until = context.accounts.password_links.make(account.principal, session.principal)
    letter = LinkLetter(
        template="new_password",
        to=to,
        language=account.language,
        path=account_urls.password_link(secret),
        until=until,
        name=account.display_name,
    )
    return _shown(context, request, letter, account.principal)


def _shown(
    context: AccountContext,
    request: Request,
    letter: LinkLetter,
    principal: str,
    invitation: Invitation | None = None,
) -> ShownSecret:
    """Send the letter, if it goes to anybody; the link is shown unless that was sent."""
    outcome = None
    if context.mail and letter.to:
        links = context.accounts.mailed_links
        key = links.new_key()
        outcome = context.mail.send(context.pages.templates, letter, key)
        if outcome.state == "accepted":
            links.note_sent(key, principal, letter.to)
    base = f"{request.url.scheme}://{request.headers.get('host', '')}"
    shown = {"link": base + letter.path, "letter": letter, "principal": principal}
    shown |= {"outcome": outcome, "invitation": invitation}
    return ShownSecret(template="link_made.html", values=shown)


def _addressee(context: AccountContext, values: Values, place: InvitedPlace) -> tuple[str, str]:
    """To which address an invitation goes by mail, and in which language; empty where it does not.

    An address that is not written is that of the seat in the directory. Raises Refused.
    """
    if not (context.offers_mail and values.text("by_mail")):
        return "", ""
    directory, written = context.placet.notifications.addresses.read(), values.text("email").strip()
    entry = directory.entry_of(place.organisation, place.body, place.seat)
    found = _single_address(*([written] if written or not place.seat else entry.addresses))
    return found, values.text("letter_language") or entry.language


def _single_address(*addresses: str) -> str:
    """The address, if it is one. Raises Refused."""
    found = [address.strip() for address in addresses if ADDRESS.fullmatch(address.strip())]
    if len(found) != 1 or len(addresses) != 1:
        raise Refused("mail-address", f"{len(addresses)} addresses were stated")
    return found[0]
