"""The administration of accounts: listing, disabling and erasing."""

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
from web.forms.fields import Values
from web.forms.posted_form import Sent
from web.http import account_urls
from web.i18n.labels import N_
from workflows.accounts.sessions import identity_of
from workflows.acts.account_endings import InvitationEnding

Change = Callable[[Values, Identity], object]
"""What a form changes, by its values and the administrator who sent it; of an invitation, what
became of it. Raises Refused."""
DONE: Final = {
    "disabled": N_("The account is disabled, and its sessions and roles have ended."),
    "enabled": N_("The account can be used again. Its roles have to be granted again."),
    "ended": N_("All sessions of the account have ended."),
    "erased": N_(
        "The account is erased with all personal data, and its roles have ended. "
        "The record keeps an opaque id."
    ),
    "taken-back": N_("The invitation is taken back, and the role that it brought has ended."),
    "accepted-before": N_(
        "Nothing was taken back: the invitation was accepted before, and the account has its role."
        " You can disable the account, or take the role away."
    ),
    "gone-before": N_(
        "Nothing was taken back: the invitation had expired, or was taken back before."
    ),
    "queued": N_("A letter with a link waits to be sent. What becomes of it is said below."),
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

    def post(address: str, done: str, act: Change, *, grave: bool = False) -> None:
        """An address that changes something, after re-authentication where it is grave."""

        @router.post(f"{account_urls.ACCOUNTS}/{address}", name=f"accounts {address}")
        def changed(request: Request, sent: Sent) -> Response:
            session = context.require_administrator(request)
            try:
                if grave:
                    session = context.prove(request, sent.values)
                said = act(sent.values, identity_of(session))
            except Refused as refusal:
                return page(context, request, refusal=refusal)
            shown = said if isinstance(said, InvitationEnding) else done
            where = f"{account_urls.ACCOUNTS}?done={shown}"
            return RedirectResponse(where, HTTPStatus.SEE_OTHER)

    def of_account(act: Callable[[str], object]) -> Change:
        return lambda values, _: act(values.text("principal"))

    def ending(end: Callable[[str, Identity], object]) -> Change:
        return lambda values, by: end(values.text("principal"), by)

    def take_back(values: Values, by: Identity) -> InvitationEnding:
        return endings.take_back(values.text("invitation"), by, values.text("principal"))

    endings, sessions = context.placet.account_endings, context.accounts.sessions
    post("disable", "disabled", ending(endings.disable), grave=True)
    post("enable", "enabled", of_account(directory.enable))
    post("end-sessions", "ended", of_account(sessions.end_all), grave=True)
    post("erase", "erased", ending(endings.erase), grave=True)
    without_code = of_account(directory.remove_second_factor)
    post("remove-second-factor", "second-factor", without_code, grave=True)
    post("take-back", "", take_back)


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
