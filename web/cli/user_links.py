"""`placet user`: links to accounts, printed or sent by mail, and what becomes of their letters."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Final

import typer

from domain.access.roles import AccessRole
from domain.languages import LANGUAGES
from domain.rules import require
from web.accounts.link_addressees import addressee_of_invitation, single_address
from web.cli.context import open_application
from web.cli.granted_role import grant_role_here, new_or_known_organisation
from web.cli.named_account import Login, named_account
from web.cli.names import body_id, seat_id
from web.cli.output import AsJson, Organisation, StoreFolder, print_note, print_rows
from web.cli.token_identity import name_of_token
from web.http import account_urls
from workflows.accounts.mailed_links import MailedLink
from workflows.acts.account_endings import COMMAND_LINE

Name = Annotated[str, typer.Option("--name", help="What the person is called.")]
Email = Annotated[str, typer.Option("--email", help="The person's address.")]
Body = Annotated[
    str, typer.Option("--body", help="The body, by its id or its name; else every body.")
]
Seat = Annotated[str, typer.Option("--seat", help="The seat of a member, by its id or its name.")]
Address = Annotated[
    str,
    typer.Option(
        "--address",
        envvar=["PLACET_EXTERNAL_ADDRESS", "PLACET_URL"],
        help="Where the pages are seen; printed links begin with it.",
    ),
]
ByMail = Annotated[
    bool, typer.Option("--mail", help="Let the link be sent by mail, and print none.")
]
QUEUED: Final = (
    "A letter with the link to {} waits. Whatever sends letters of this store sends it: `placet"
    " serve` or `placet post send`. `placet user links` says what becomes of it."
)


def register(app: typer.Typer) -> None:
    """Make these commands commands of a group."""
    app.command("invite")(invite)
    app.command("password-link")(password_link)
    app.command("links")(links)


def invite(
    store: StoreFolder,
    *,
    name: Name = "",
    email: Email = "",
    organisation: Organisation = "",
    role: Annotated[
        AccessRole | None, typer.Option("--role", help="The role that is granted, on record.")
    ] = None,
    body: Body = "",
    seat: Seat = "",
    days: Annotated[int, typer.Option("--days", min=1, max=90, help="How long it lasts.")] = 7,
    address: Address = "",
    mail: ByMail = False,
    language: Annotated[
        str,
        typer.Option("--language", help="Of the letter; else as the directory says, else English."),
    ] = "",
) -> None:
    """Print a link by which one person makes an account, once, or let it be sent by mail.

    By mail it goes to --email, else to the only address of the seat in the directory.
    """
    if language and language not in LANGUAGES:
        raise typer.BadParameter(f"{language}: write one of {', '.join(LANGUAGES)}")
    with open_application(store) as placet:
        where = new_or_known_organisation(placet, organisation) if role else ""
        body = body_id(placet, where, body)
        seat = seat_id(placet, where, body, seat)
        to, known = addressee_of_invitation(placet, email, where, body, seat) if mail else ("", "")
        secret, invitation = placet.accounts.invitations.invite(
            display_name=name,
            email=to or email,
            organisation=where,
            role=role or "",
            body=body,
            seat=seat,
            invited_by=name_of_token(placet, ""),
            lasts=timedelta(days=days),
        )
        try:
            if role:
                grant_role_here(placet, where, invitation.principal, role, body=body, seat=seat)
        except BaseException:
            placet.accounts.invitations.take_back(invitation.hash)
            raise
        if mail:
            placet.accounts.mail_invitation(invitation, to, language or known)
            print_note(QUEUED.format(to))
    if not mail:
        print(address.rstrip("/") + account_urls.invitation(secret))
    print_note(f"It works once, until {invitation.expires_at:%Y-%m-%d %H:%M} UTC.")
    print_note(f"The person will have the id {invitation.principal}.")


def password_link(
    login: Login, store: StoreFolder, *, address: Address = "", mail: ByMail = False
) -> None:
    """Print a link by which somebody sets a new password, once, or let it be sent by mail.

    By mail it goes to the address of the account.
    """
    with named_account(store, login) as (placet, principal):
        accounts, by = placet.accounts, name_of_token(placet, COMMAND_LINE)
        if mail:
            to = single_address(accounts.directory.get(principal).email)
            accounts.mail_password_link(principal, to, by)
            print_note(QUEUED.format(to))
            print_note("It works once, for 24 hours from when it is sent.")
            return
        secret, until = accounts.password_links.make(principal, by)
    print(address.rstrip("/") + account_urls.password_link(secret))
    print_note(f"It works once, until {until:%Y-%m-%d %H:%M} UTC.")


def links(
    store: StoreFolder,
    *,
    again: Annotated[
        str, typer.Option("--again", metavar="LETTER", help="Send the letter of this number again.")
    ] = "",
    json: AsJson = False,
) -> None:
    """List the letters with links to accounts, with what became of them; or send one again.

    A letter that is sent again has a link of its own.
    """
    with open_application(store) as placet:
        mailed = placet.accounts.mailed_links
        rows = mailed.all()
        if again:
            found = [row for row in rows if row.key.startswith(again)]
            require("known", len(found) == 1, f"there is no letter {again!r:.80}")
            print_note(QUEUED.format(mailed.send_again(found[0].key).address))
            return
    heads = ("letter", "purpose", "to", "state", "since", "attempts", "next", "reason", "answer")
    print_rows(heads, [_shown_letter(row) for row in rows], json=json)


def _shown_letter(row: MailedLink) -> tuple[object, ...]:
    return (
        row.key[:12],
        row.purpose,
        row.address,
        row.state,
        f"{row.changed_at:%Y-%m-%dT%H:%M:%SZ}",
        row.attempts,
        f"{row.next_at:%Y-%m-%dT%H:%M:%SZ}" if row.state == "waiting" else "",
        row.reason,
        row.answer,
    )
