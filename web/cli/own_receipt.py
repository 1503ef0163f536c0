"""Handing a signed receipt to the person who has just responded on the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, NoReturn

import typer

from web.cli.output import print_note
from workflows.application import Application
from workflows.commands.command_result import CommandResult
from workflows.receipts.issue import Unsigned, response_in

ReceiptFile = Annotated[
    Path | None,
    typer.Option("--receipt", help="Write the signed receipt of a response to this new file."),
]


def output_receipt(placet: Application, answer: CommandResult, file: Path | None) -> None:
    """Write the receipt of the response that was answered, or tell how to get it.

    If anything fails here, the response is on the record: where a receipt was asked for and there
    is none, it says so and the command ends with 1.
    """
    event = response_in(answer.events)
    if event is None:
        if file is not None:
            _failed("There is no receipt: this was no response that Placet received.")
        return
    withheld = placet.receipts.reason_for_none(event.organisation, event.position)
    again = f"placet receipt show {event.position} -o {event.organisation}"
    again += " --to-sender" if withheld else ""
    try:
        receipt = placet.receipts.for_answer(answer) or b""
    except Unsigned as error:
        print_note(f"The response is recorded, but without a signed receipt: {error}")
        if file is not None:
            raise typer.Exit(1) from error
        return
    if file is None:
        print_note(f"It has a signed receipt: {again}")
        return
    try:
        with file.open("xb") as made:
            made.write(receipt)
    except OSError as error:
        because = f"{file} cannot be written ({error.strerror})"
        _failed(f"The response is recorded, but {because}. Its receipt: {again}")
    print_note(f"Wrote its signed receipt to {file}.")


def _failed(because: str) -> NoReturn:
    print_note(because)
    raise typer.Exit(1)
