"""The administration of accounts: listing, inviting, disabling and erasing."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from domain.access.roles import AccessRole, Identity
from domain.rules import Refused
from web.accounts import invited_place
from web.accounts.account_context import AccountContext
from web.accounts.administrators import grants_held
from web.accounts.invited_role import grant_role
from web.accounts.letters_with_links import LinkLetter
from web.accounts.made_link import MadeLink, addressee, single_address
from web.accounts.shown_secrets import ShownSecret
from web.forms.fields import Values
from web.forms.posted_form import Sent
from web.http import account_urls
from web.i18n.labels import N_
from workflows.accounts.sessions import identity_of

DONE: Final = {
    "disabled": N_("The account is disabled, and its sessions and roles have ended."),
    "enabled": N_("The account can be used again. Its roles have to be granted again."),
    "ended": N_("All sessions of the account have ended."),
    "erased": N_(
        "The account is erased with all personal data, and its roles have ended. "
        "The record keeps an opaque id."
    ),
    "taken-back": N_("The invitation is taken back, and the role that it brought has ended."),
    "second-factor": N_("No code is asked for at this account any more."),
    "identity-added": N_("The identity belongs to the account now: it can be used to log in."),
    "identity-removed": N_("Nobody logs in to the account by this identity any more."),
}
"""What the page says was done, by what stands in its address."""


def add_routes(router: APIRouter, context: AccountContext) -> None:
    """The addresses of the administrator's page."""
    directory = context.accounts.directory

    @router.get(account_urls.ACCOUNTS)
    def accounts(request: Request, done: str = "") -> Response:
        context.require_administrator(request)
        return page(context, request, done=done)

    def post(
        address: str,
        done: str,
        act: Callable[[Values, Identity], object],
        *,
        grave: bool = False,
    ) -> None:
        """An address that changes something, after re-authentication where it is grave."""

        @router.post(f"{account_urls.ACCOUNTS}/{address}", name=f"accounts {address}")
        def changed(request: Request, sent: Sent) -> Response:
            session = context.require_administrator(request)
            try:
                if grave:
                    session = context.prove(request, sent.values)
                act(sent.values, identity_of(session))
            except Refused as refusal:
                return page(context, request, refusal=refusal)
            where = f"{account_urls.ACCOUNTS}?done={done}"
            return RedirectResponse(where, HTTPStatus.SEE_OTHER)

    def of_account(act: Callable[[str], object]) -> Callable[[Values, Identity], object]:
        return lambda values, _: act(values.text("principal"))

    endings, sessions = context.placet.account_endings, context.accounts.sessions

    def disable(values: Values, by: Identity) -> None:
        endings.disable(values.text("principal"), by)

    def erase(values: Values, by: Identity) -> None:
        endings.erase(values.text("principal"), by)

    def take_back(values: Values, by: Identity) -> None:
        endings.take_back(values.text("invitation"), by)

    post("disable", "disabled", disable, grave=True)
    post("enable", "enabled", of_account(directory.enable))
    post("end-sessions", "ended", of_account(sessions.end_all), grave=True)
    post("erase", "erased", erase, grave=True)
    without_code = of_account(directory.remove_second_factor)
    post("remove-second-factor", "second-factor", without_code, grave=True)
    post("take-back", "taken-back", take_back)

    _add_links(router, context)


def _add_links(router: APIRouter, context: AccountContext) -> None:
    """Where links are made by which people get into their accounts."""

    @router.post(f"{account_urls.ACCOUNTS}/invite")
    def invite(request: Request, sent: Sent) -> Response:
        context.require_administrator(request)
        try:
            return context.show_once(
                request, sent.values, lambda: _invite(context, request, sent.values)
            )
        except Refused as refusal:
            return page(context, request, refusal=refusal, written=sent.values)

    @router.post(f"{account_urls.ACCOUNTS}/password-link")
    def password_link(request: Request, sent: Sent) -> Response:
        context.require_administrator(request)
        try:
            return context.show_once(
                request, sent.values, lambda: _password_link(context, request, sent.values)
            )
        except Refused as refusal:
            return page(context, request, refusal=refusal)


def _invite(context: AccountContext, request: Request, values: Values) -> ShownSecret:
    """Invite somebody; the link stands nowhere else. Raises Refused; then nobody is invited."""
    session = context.prove(request, values)
    role, reader = values.text("role"), context.pages.reader(request)
    offered = invited_place.fields(context.pages.queries, reader)
    place = invited_place.chosen(values, offered)
    to, language = addressee(context, values, place)
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
    made = MadeLink(account_urls.invitation(secret), invitation.principal, invitation.expires_at)
    return made.shown(
        context,
        request,
        LinkLetter(
            template="invitation",
            key=context.accounts.mailed_links.new_key(),
            to=to,
            language=language,
            path=made.path,
            until=made.until,
            name=invitation.display_name,
        ),
        invitation=invitation,
    )


def _password_link(context: AccountContext, request: Request, values: Values) -> ShownSecret:
    """Make a link by which somebody sets a new password. Raises Refused."""
    session = context.prove(request, values)
    account = context.accounts.directory.get(values.text("principal"))
    by_mail = context.offers_mail and values.text("by_mail")
    to = single_address(account.email) if by_mail else ""
    secret, until = context.accounts.password_links.make(account.principal, session.principal)
    made = MadeLink(account_urls.password_link(secret), account.principal, until)
    return made.shown(
        context,
        request,
        LinkLetter(
            template="new_password",
            key=context.accounts.mailed_links.new_key(),
            to=to,
            language=account.language,
            path=made.path,
            until=until,
            name=account.display_name,
        ),
    )


def page(
    context: AccountContext,
    request: Request,
    *,
    done: str = "",
    refusal: Refused | None = None,
    written: Values | None = None,
) -> Response:
    """The list of all accounts and invitations, with an invitation that was refused."""
    accounts, queries = context.accounts, context.pages.queries
    context.pages.refresh()
    reader = context.pages.reader(request)
    now = reader.now
    rows = [
        (
            account,
            accounts.sessions.of(account.principal),
            accounts.directory.identities(account.principal),
            grants_held(queries, now, account.principal),
        )
        for account in accounts.directory.all()
    ]
    return context.page(
        request,
        "accounts.html",
        status=422 if refusal else 200,
        refusal=refusal,
        done=DONE.get(done, ""),
        written=written,
        rows=rows,
        invitations=accounts.invitations.pending(),
        mailed=accounts.mailed_links.by_principal(),
        offers_mail=context.offers_mail,
        organisations=invited_place.organisations(queries, reader.language),
        places=invited_place.fields(queries, reader),
        roles=[role.value for role in AccessRole],
        proved=context.is_proved(request),
    )
