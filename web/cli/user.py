"""`placet user`: who may log in; accounts lie beside the record, and can be changed and erased."""

from __future__ import annotations

import re
import sys
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Final

import typer

from domain.access.commands import GrantRole
from domain.access.roles import AccessRole
from domain.actors import Actor, Role
from domain.cases import Step
from domain.ports.accounts import Account
from domain.rules import require
from web.cli import user_credentials
from web.cli.confirmation import confirm
from web.cli.context import environment, open_application
from web.cli.execute import Yes
from web.cli.named_account import Login, named_account
from web.cli.names import body_id, seat_id
from web.cli.organisation_option import resolve_organisation
from web.cli.output import AsJson, Organisation, StoreFolder, print_note, print_rows
from web.cli.token_identity import COMMAND_LINE
from web.http import account_urls
from workflows.accounts.service import AccountService
from workflows.acts.shared_parameters import PLAIN_ID
from workflows.application import Application

app = typer.Typer(
    help="Keep the accounts of those who log in.", no_args_is_help=True, rich_markup_mode=None
)

Name = Annotated[str, typer.Option("--name", help="What the person is called.")]
Email = Annotated[str, typer.Option("--email", help="The person's address.")]
PasswordFile = Annotated[
    Path | None,
    typer.Option("--password-file", help="A file with the password; else it is asked for."),
]
Body = Annotated[
    str, typer.Option("--body", help="The body, by its id or its name; else every body.")
]
Seat = Annotated[str, typer.Option("--seat", help="The seat of a member, by its id or its name.")]


@app.command("list")
def list_(store: StoreFolder, json: AsJson = False) -> None:
    """List all accounts, with their sessions and tokens counted."""
    with open_application(store) as placet:
        accounts = placet.accounts
        rows = [_row(accounts, account) for account in accounts.directory.all()]
        pending = len(accounts.invitations.pending())
    heads = ("login", "name", "email", "principal", "state", "second factor", "sessions", "tokens")
    print_rows(heads, rows, json=json)
    if pending and not json:
        print_note(f"Invitations that nobody has accepted: {pending}.")


_POWERLESS: Final = (
    "The account has no role, so that it sees and does nothing. Let it give roles by: placet "
    "organisation grant-role --principal {principal} --role administrator -o ORGANISATION"
)


@app.command("add")
def add(
    login: Login,
    store: StoreFolder,
    *,
    name: Name = "",
    email: Email = "",
    password_file: PasswordFile = None,
    organisation: Organisation = "",
    administrator: Annotated[
        bool,
        typer.Option("--administrator", help="Grant the role administrator, as an act on record."),
    ] = False,
) -> None:
    """Make an account with a password; the first one makes everybody log in from then on."""
    password = _password(password_file)
    with open_application(store) as placet:
        where = _organisation(placet, organisation) if administrator else ""
        first = not placet.accounts.in_force
        account = placet.accounts.directory.add(
            login, password=password, display_name=name, email=email
        )
        print_note(f"The account {login} has the id {account.principal}.")
        if administrator:
            _grant(placet, where, account.principal, AccessRole.ADMINISTRATOR)
            print_note(f"{login} is an administrator of {where} now.")
        if first:
            print_note("From now on everybody has to log in to the pages of this store.")
        if first and not administrator:
            print_note(_POWERLESS.format(principal=account.principal))


@app.command("invite")
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
    address: Annotated[
        str,
        typer.Option(
            "--address",
            envvar=["PLACET_EXTERNAL_ADDRESS", "PLACET_URL"],
            help="Where the pages are seen.",
        ),
    ] = "",
) -> None:
    """Print a link by which one person makes an account, once."""
    with open_application(store) as placet:
        where = _organisation(placet, organisation) if role else ""
        body = body_id(placet, where, body)
        seat = seat_id(placet, where, body, seat)
        secret, invitation = placet.accounts.invitations.invite(
            display_name=name,
            email=email,
            organisation=where,
            role=role or "",
            body=body,
            seat=seat,
            lasts=timedelta(days=days),
        )
        try:
            if role:
                _grant(placet, where, invitation.principal, role, body=body, seat=seat)
        except BaseException:
            placet.accounts.invitations.take_back(invitation.hash)
            raise
    print(address.rstrip("/") + account_urls.invitation(secret))
    print_note(f"It works once, until {invitation.expires_at:%Y-%m-%d %H:%M} UTC.")
    print_note(f"The person will have the id {invitation.principal}.")


@app.command("disable")
def disable(login: Login, store: StoreFolder) -> None:
    """Let nobody log in to an account any more; its sessions end at once."""
    with named_account(store, login) as (accounts, principal):
        accounts.directory.disable(principal)
    print_note(f"{login} is disabled, and all its sessions have ended.")


@app.command("enable")
def enable(login: Login, store: StoreFolder) -> None:
    """Let a disabled account be used again."""
    with named_account(store, login) as (accounts, principal):
        accounts.directory.enable(principal)
    print_note(f"{login} can log in again.")


@app.command("password")
def password(
    login: Login,
    store: StoreFolder,
    *,
    password_file: PasswordFile = None,
    without_code: Annotated[
        bool, typer.Option("--without-code", help="Also ask for no second factor any more.")
    ] = False,
) -> None:
    """Set a new password; all sessions of the account end."""
    new = _password(password_file)
    with named_account(store, login) as (accounts, principal):
        accounts.directory.set_password(principal, new)
        if without_code:
            accounts.directory.remove_second_factor(principal)
    print_note(f"The password of {login} is changed, and all its sessions have ended.")


@app.command("erase")
def erase(login: Login, store: StoreFolder, yes: Yes = False) -> None:
    """Erase an account with all personal data; the record keeps the opaque id."""
    with named_account(store, login) as (accounts, principal):
        if not yes:
            print_note(f"- The account {login}, its sessions, tokens and identities are erased.")
            print_note(f"- The record keeps {principal}, and nobody knows whose it was.")
            confirm()
        accounts.directory.erase(principal)
    print_note(f"{login} is erased. Backups made before still hold the account.")


user_credentials.register(app)


def _row(accounts: AccountService, account: Account) -> tuple[object, ...]:
    return (
        account.login,
        account.display_name,
        account.email,
        account.principal,
        "disabled" if account.disabled_at else "in use",
        "yes" if account.code_secret else "no",
        len(accounts.sessions.of(account.principal)),
        len(accounts.tokens.of(account.principal)),
    )


def _password(file: Path | None) -> str:
    """The password of a file, or as somebody types it twice; it never stands in an option."""
    if file:
        return environment().files.text(file).strip()
    if not sys.stdin.isatty():
        print_note("Nobody can be asked for a password here: give --password-file.")
        raise typer.Exit(2)
    typed: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    return typed.strip()


def _organisation(placet: Application, name: str) -> str:
    """The organisation that is meant; a new one may be named. Raises Refused for no plain name."""
    if name and name not in placet.queries.record.organisations():
        require("plain-id", re.fullmatch(PLAIN_ID[0], name), f"{name!r:.80}: {PLAIN_ID[1]}")
        return name
    return resolve_organisation(placet, name)


def _grant(
    placet: Application,
    organisation: str,
    principal: str,
    role: AccessRole,
    *,
    body: str = "",
    seat: str = "",
) -> None:
    """Record that a role is granted, at the command line."""
    act = Step(
        line=0,
        mode="live",
        verb="grant role",
        command=GrantRole(principal=principal, role=role, body=body, seat=seat),
        actor=Actor(role=Role.ADMINISTRATOR, authenticated_by=COMMAND_LINE),
    )
    placet.execute(organisation, act, f"grant-{principal}-{role}".replace(" ", "-"))
    placet.projections.follow()
