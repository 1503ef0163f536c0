"""`placet directory`: the addresses of seats and officers, to which notices go."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from domain.ports.address_book import Directory
from web.cli.context import environment, open_application
from web.cli.output import AsJson, StoreFolder, print_json, print_note, print_table

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


@app.command("load")
def load(
    file: Annotated[Path, typer.Argument(help="A directory in YAML.")], store: StoreFolder
) -> None:
    """Put a directory in the place of the store's, if nothing is wrong with it."""
    with open_application(store) as placet:
        rows = _rows(placet.notifications.addresses.load(file))
    name = environment().places.without_password(store)
    print_note(f"The directory of {name} has {len(rows)} entries now.")


@app.command("list")
def list_(store: StoreFolder, json: AsJson = False) -> None:
    """Show the directory of a store."""
    with open_application(store) as placet:
        rows = _rows(placet.notifications.addresses.read())
    heads = ("organisation", "body", "who", "language", "addresses")
    if json:
        print_json([dict(zip(heads, row, strict=True)) for row in rows])
        return
    print_table(heads, rows)


def _rows(addresses: Directory) -> list[tuple[str, ...]]:
    return [
        (organisation, body, name, entry.language, ", ".join(entry.addresses))
        for organisation, bodies in addresses.entries.items()
        for body, entries in bodies.items()
        for name, entry in entries.items()
    ]
