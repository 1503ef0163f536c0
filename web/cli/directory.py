"""`placet directory`: the addresses of seats and officers, to which notices go."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from domain.ports.address_book import Directory, DirectoryEntry
from web.cli.context import environment, open_application
from web.cli.names import body_id, seat_id
from web.cli.organisation_option import resolve_organisation
from web.cli.output import (
    AsJson,
    Organisation,
    StoreFolder,
    print_json,
    print_note,
    print_rows,
    print_table,
)
from workflows.application import Application
from workflows.notifications.addresses import Addressee

app = typer.Typer(
    help="Keep the addresses of seats and officers.", no_args_is_help=True, rich_markup_mode=None
)


@app.command("check")
def check(
    file: Annotated[Path, typer.Argument(help="A directory in YAML.")],
    store: Annotated[
        str, typer.Option("--store", help="Also look whether this store knows every name.")
    ] = "",
) -> None:
    """Read a directory and say what is wrong with it, without using it."""
    if store:
        with open_application(store) as placet:
            addresses = placet.notifications.addresses.check(file)
    else:
        addresses = environment().files.address_book(file)
    print_table(("organisation", "body", "who", "language", "addresses"), _rows(addresses))


Body = Annotated[str, typer.Argument(help="The body, by its id or its name.")]
Name = Annotated[
    str, typer.Argument(help="The seat, by its id or its name, or: presiding officer, secretariat.")
]
By = Annotated[str, typer.Option("--by", help="Who does it, as an id; it is kept with the change.")]


@app.command("set")
def set_(  # noqa: PLR0917 (the options of a command)
    body: Body,
    name: Name,
    store: StoreFolder,
    address: Annotated[
        list[str], typer.Option("--address", help="A mail address; may be given several times.")
    ],
    language: Annotated[str, typer.Option("--language", help="ar, zh, en, fr, ru or es.")] = "en",
    organisation: Organisation = "",
    by: By = "command line",
) -> None:
    """Enter how one seat or office is reached, in the place of what was said before."""
    with open_application(store) as placet:
        who = _addressee(placet, organisation, body, name)
        entry = DirectoryEntry(language=language, addresses=tuple(dict.fromkeys(address)))
        change = placet.notifications.addresses.put(who, entry, by, environment().now())
    print_note(f"The entry of {who.name} of {who.body} was {change.what}.")


@app.command("erase")
def erase(
    body: Body,
    name: Name,
    store: StoreFolder,
    organisation: Organisation = "",
    by: By = "command line",
) -> None:
    """Erase how one seat or office is reached, also where letters left a trace of it."""
    with open_application(store) as placet:
        who = _addressee(placet, organisation, body, name)
        placet.notifications.erase_entry(who, by, environment().now())
    print_note(f"The entry of {who.name} of {who.body} was erased.")


def _addressee(placet: Application, organisation: str, body: str, name: str) -> Addressee:
    """Who is meant, by ids or by names. Raises Refused for a name of several."""
    where = resolve_organisation(placet, organisation)
    found = body_id(placet, where, body)
    return Addressee(organisation=where, body=found, name=seat_id(placet, where, found, name))


@app.command("changes")
def changes(store: StoreFolder, json: AsJson = False) -> None:
    """Show who changed the directory, and when; no address is kept of it."""
    with open_application(store) as placet:
        found = placet.notifications.addresses.changes()
    if json:
        print_json(environment().codec.to_plain(found))
        return
    print_table(
        ("when", "by", "what", "organisation", "body", "who"),
        [
            (f"{c.at:%Y-%m-%d %H:%M:%S} UTC", c.by, c.what, c.organisation, c.body, c.name)
            for c in found
        ],
    )


@app.command("load")
def load(
    file: Annotated[Path, typer.Argument(help="A directory in YAML.")],
    store: StoreFolder,
    by: By = "command line",
) -> None:
    """Put a directory in the place of the store's, if nothing is wrong with it."""
    with open_application(store) as placet:
        rows = _rows(placet.notifications.addresses.load(file, by, environment().now()))
    name = environment().places.without_password(store)
    print_note(f"The directory of {name} has {len(rows)} entries now.")


@app.command("list")
def list_(store: StoreFolder, json: AsJson = False) -> None:
    """Show the directory of a store."""
    with open_application(store) as placet:
        rows = _rows(placet.notifications.addresses.read())
    heads = ("organisation", "body", "who", "language", "addresses")
    print_rows(heads, rows, json=json)


def _rows(addresses: Directory) -> list[tuple[str, ...]]:
    return [
        (organisation, body, name, entry.language, ", ".join(entry.addresses))
        for organisation, bodies in addresses.entries.items()
        for body, entries in bodies.items()
        for name, entry in entries.items()
    ]
