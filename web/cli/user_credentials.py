"""`placet user`: the sessions, tokens and identities at issuers that an account has."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, Any

import typer

from domain.ports.accounts import ApiToken
from domain.rules import require
from web.cli.named_account import Login, named_account
from web.cli.output import AsJson, StoreFolder, print_note, print_rows
from web.cli.token_rules import refuse_under_token


def register(app: typer.Typer) -> None:
    """Make these commands commands of a group."""
    app.command("sessions")(sessions)
    app.command("tokens")(tokens)
    app.command("identities")(identities)


def sessions(
    login: Login,
    store: StoreFolder,
    end: Annotated[bool, typer.Option("--end", help="End all of them.")] = False,
    json: AsJson = False,
) -> None:
    """List the sessions of an account, or end all of them."""
    with named_account(store, login) as (placet, principal):
        accounts = placet.accounts
        rows: Sequence[Any] = accounts.sessions.of(principal)
        if end:
            print_note(f"Sessions ended: {accounts.sessions.end_all(principal)}.")
            return
    heads = ("session", "since", "last used", "log-in", "browser")
    print_rows(
        heads,
        [
            (
                row.hash[:12],
                f"{row.started_at:%Y-%m-%dT%H:%M:%SZ}",
                f"{row.seen_at:%Y-%m-%dT%H:%M:%SZ}",
                row.method,
                row.user_agent,
            )
            for row in rows
        ],
        json=json,
    )


def tokens(
    login: Login,
    store: StoreFolder,
    *,
    make: Annotated[
        str, typer.Option("--make", metavar="PURPOSE", help="Print a new token for this.")
    ] = "",
    act: Annotated[bool, typer.Option("--act", help="It may act, and not only read.")] = False,
    days: Annotated[int, typer.Option("--days", help="For how many days; 366 at most.")] = 90,
    revoke: Annotated[
        str, typer.Option("--revoke", metavar="TOKEN", help="Revoke the token of this number.")
    ] = "",
    json: AsJson = False,
) -> None:
    """List the tokens of an account, make one, or revoke one."""
    if make:
        refuse_under_token("a token makes no other token")
    with named_account(store, login) as (placet, principal):
        accounts = placet.accounts
        if make:
            scope = "act" if act else "read"
            secret, token = accounts.tokens.make(principal, make, scope, timedelta(days=days))
            print(secret)
            print_note(f"It is shown only now, and holds until {token.expires_at:%Y-%m-%d}.")
            return
        rows = accounts.tokens.of(principal)
        if revoke:
            found = [row for row in rows if row.hash.startswith(revoke)]
            require("account-known", len(found) == 1, f"{login} has no token {revoke!r:.80}")
            accounts.tokens.revoke(principal, found[0].hash)
            print_note(f"The token “{found[0].label}” is revoked.")
            return
    heads = ("token", "for", "scope", "until", "last used")
    print_rows(heads, [_shown_token(row) for row in rows], json=json)


def _shown_token(token: ApiToken) -> tuple[str, ...]:
    used = f"{token.used_at:%Y-%m-%dT%H:%M:%SZ}" if token.used_at else "never"
    return token.hash[:12], token.label, token.scope, f"{token.expires_at:%Y-%m-%d}", used


def identities(
    login: Login,
    store: StoreFolder,
    *,
    issuer: Annotated[
        str, typer.Option("--issuer", help="The address of the issuer, as its file says it.")
    ] = "",
    add: Annotated[
        str, typer.Option("--add", metavar="SUBJECT", help="Let this subject of it log in.")
    ] = "",
    remove: Annotated[
        str, typer.Option("--remove", metavar="SUBJECT", help="Let it log in no longer.")
    ] = "",
    json: AsJson = False,
) -> None:
    """List by which identities at issuers an account is logged in to; add one, or remove one."""
    with named_account(store, login) as (placet, principal):
        accounts = placet.accounts
        directory = accounts.directory
        if add or remove:
            require("identity-known", bool(issuer), "say with --issuer whose subject it is")
        if add:
            directory.add_identity(principal, issuer, add)
            print_note(f"{login} can log in as {add} of {issuer}.")
        if remove:
            known = placet.account_endings.remove_identity(principal, issuer, remove)
            require("identity-known", known, f"{login} is no {remove!r:.80} of {issuer!r:.80}")
            print_note(f"{login} cannot log in as {remove} any more, and all sessions have ended.")
        if add or remove:
            return
        rows = directory.identities(principal)
    heads = ("issuer", "subject", "since")
    print_rows(
        heads, [(row.issuer, row.subject, f"{row.added_at:%Y-%m-%d}") for row in rows], json=json
    )
