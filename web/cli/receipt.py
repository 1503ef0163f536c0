"""`placet receipt`: make receipts from a store, and check them without one."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from domain.rules import require
from web.cli.context import environment, open_application
from web.cli.organisation_option import resolve_organisation
from web.cli.output import AsJson, Organisation, StoreFolder, print_error, print_json, print_note
from web.cli.token_identity import require_receipt
from workflows.receipts.format import InvalidReceipt, verify_receipt
from workflows.receipts.text_proof import InvalidTextProof, verify_text_proof

app = typer.Typer(
    help="Make receipts of responses, and check them.", no_args_is_help=True, rich_markup_mode=None
)
Position = Annotated[int, typer.Argument(help="The position of the response's event.")]


@app.command("show")
def show(
    position: Position,
    store: StoreFolder,
    organisation: Organisation = "",
    to_sender: Annotated[
        bool,
        typer.Option("--to-sender", help="Name the seats even so; only their sender may get it."),
    ] = False,
) -> None:
    """Print the signed receipt of a response, always with the same bytes."""
    with open_application(store) as placet:
        where = resolve_organisation(placet, organisation)
        require_receipt(placet, where, position, own=to_sender)
        receipt = placet.receipts.issue(where, position, to_sender=to_sender)
        because = placet.receipts.reason_for_none(where, position, to_sender=to_sender)
    require("known", receipt, because)
    sys.stdout.buffer.write(receipt or b"")


@app.command("text")
def text(
    position: Position,
    store: StoreFolder,
    organisation: Organisation = "",
    to_sender: Annotated[
        bool,
        typer.Option("--to-sender", help="Where names are withheld; only their sender may get it."),
    ] = False,
) -> None:
    """Print what proves the text of a response, for its sender, also once the text is erased."""
    with open_application(store) as placet:
        where = resolve_organisation(placet, organisation)
        require_receipt(placet, where, position, own=to_sender)
        proof = placet.receipts.text_proof(where, position, to_sender=to_sender)
    sys.stdout.buffer.write(proof)


@app.command("verify")
def verify(
    file: Annotated[Path, typer.Argument(help="A receipt.")],
    keys: Annotated[Path, typer.Option("--keys", help="The list of public keys.")],
    text: Annotated[
        Path | None, typer.Option("--text", help="What proves the text of the response, too.")
    ] = None,
    json: AsJson = False,
) -> None:
    """Check a receipt by the public keys alone, without a store. Ends with 3 if it is not valid."""
    here = environment()
    try:
        receipt = verify_receipt(here.files.content(file), here.public_keys(keys), here.codec)
        content = here.files.content(text) if text else b""
        texts = verify_text_proof(content, receipt, here.codec) if text else ()
    except (InvalidReceipt, InvalidTextProof) as error:
        print_error(f"NOT VALID: {error}.")
        raise typer.Exit(3) from error
    if json:
        proved: Any = environment().codec.to_plain(receipt)
        print_json({**proved, "texts": {t.path: t.value for t in texts}} if text else proved)
        return
    print_note(f"Valid, signed by key {receipt.key_id}.")
    for proved_text in texts:
        print_note(f"Proved: {proved_text.path} was: {proved_text.value}")
