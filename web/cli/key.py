"""`placet key`: the keys that sign receipts."""

from __future__ import annotations

import typer

from web.cli.context import environment, open_application
from web.cli.output import AsJson, StoreFolder, print_json, print_note, print_table

app = typer.Typer(
    help="Keep the keys that sign receipts.", no_args_is_help=True, rich_markup_mode=None
)


@app.command("create")
def create(store: StoreFolder) -> None:
    """Make the first key of a store."""
    with open_application(store) as placet:
        key = placet.receipts.keys.create(environment().now())
        folder = placet.receipts.keys.folder
    print_note(
        f"Made key {key.key_id} in {folder}. Keep a copy of that folder where only you can read."
    )


@app.command("rotate")
def rotate(store: StoreFolder) -> None:
    """Make a new key for what is recorded from now on. The old one stays as a retired key."""
    with open_application(store) as placet:
        key = placet.receipts.keys.rotate(environment().now())
    print_note(f"Made key {key.key_id}. Hand out the list of public keys anew.")


@app.command("list")
def list_(store: StoreFolder, json: AsJson = False) -> None:
    """List the public keys; with --json as the file by which receipts are checked."""
    with open_application(store) as placet:
        keys = placet.receipts.keys.public().keys
    if json:
        print_json(environment().codec.to_plain(keys))
        return
    print_table(
        ("key", "made", "retired", "public key"),
        [(key.key_id, key.made, key.retired or "in force", key.public_key) for key in keys],
    )
