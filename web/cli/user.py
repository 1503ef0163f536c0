"""`placet user`: who may log in; accounts lie beside the record, and can be changed and erased."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Final

import typer

from domain.access.roles import AccessRole
from domain.ports.accounts import Account
from web.cli import user_credentials, user_links
from web.cli.confirmation import confirm
from web.cli.context import environment, open_application
from web.cli.execute import Yes
from web.cli.granted_role import grant_role_here, new_or_known_organisation
from web.cli.named_account import Login, named_account
from web.cli.output import AsJson, Organisation, StoreFolder, print_note, print_rows
from web.cli.token_identity import identity_of_token
from web.cli.user_links import Email, Name
from workflows.accounts.service import AccountService

app = typer.Typer(
    help="Keep the accounts of those who log in.", no_args_is_help=True, rich_markup_mode=None
)

PasswordFile = Annotated[
    Path | None,
    typer.Option("--password-file", help="A file with the password; else it is asked for."),
]


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
        where = new_or_known_organisation(placet, organisation) if administrator else ""
        first = not placet.accounts.in_force
        account = placet.accounts.directory.add(
            login, password=password, display_name=name, email=email
        )
        print_note(f"The account {login} has the id {account.principal}.")
        if administrator:
            grant_role_here(placet, where, account.principal, AccessRole.ADMINISTRATOR)
            print_note(f"{login} is an administrator of {where} now.")
        if first:
            print_note("From now on everybody has to log in to the pages of this store.")
        if first and not administrator:
            print_note(_POWERLESS.format(principal=account.principal))


@app.command("disable")
def disable(login: Login, store: StoreFolder) -> None:
    """Let nobody log in to an account any more; its sessions end at once, and its roles."""
    with named_account(store, login) as (placet, principal):
        placet.account_endings.disable(principal, identity_of_token(placet))
        placet.projections.follow()
    print_note(f"{login} is disabled, and all its sessions and roles have ended.")


@app.command("enable")
def enable(login: Login, store: StoreFolder) -> None:
    """Let a disabled account be used again; its roles have to be granted again."""
    with named_account(store, login) as (placet, principal):
        placet.accounts.directory.enable(principal)
    print_note(f"{login} can log in again. Roles that have ended have to be granted again.")


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
    with named_account(store, login) as (placet, principal):
        placet.accounts.directory.set_password(principal, new)
        if without_code:
            placet.accounts.directory.remove_second_factor(principal)
    print_note(f"The password of {login} is changed, and all its sessions have ended.")


@app.command("erase")
def erase(login: Login, store: StoreFolder, yes: Yes = False) -> None:
    """Erase an account with all personal data; its roles end, the record keeps the opaque id."""
    with named_account(store, login) as (placet, principal):
        if not yes:
            print_note(f"- The account {login}, its sessions, tokens and identities are erased.")
            print_note("- Its roles end, as acts on record.")
            print_note(f"- The record keeps {principal}, and nobody knows whose it was.")
            confirm()
        placet.account_endings.erase(principal, identity_of_token(placet))
        placet.projections.follow()
    print_note(f"{login} is erased. Backups made before still hold the account.")


user_links.register(app)
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
