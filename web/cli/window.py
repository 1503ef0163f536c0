"""`placet window`: silence procedures, listed and shown; its acts stand in their own files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer

from domain.canonical import digest
from domain.streams import StreamKind
from web.api import representations
from web.cli import act_command, paging, pending_acts, window_output
from web.cli.context import environment, open_application
from web.cli.execute import WindowName
from web.cli.organisation_option import resolve_organisation
from web.cli.output import (
    AsJson,
    At,
    Organisation,
    StoreFolder,
    print_error,
    print_json,
    print_note,
    print_table,
)
from web.cli.status import print_parked
from web.cli.token_identity import require_evidence
from workflows.queries.window import ListedWindow

LISTED: Final = (
    "open",
    "respond",
    "register",
    "withdraw",
    "extend",
    "suspend",
    "resume",
    "rule",
    "hold",
    "release",
    "supersede",
    "announce",
    "refer",
    "notices",
)
"""The order in which the help lists acts; others come after these."""

app = typer.Typer(
    help="See silence procedures, and act on them.", no_args_is_help=True, rich_markup_mode=None
)
act_command.register(app, StreamKind.WINDOW, LISTED)
pending_acts.register(app)


@app.command("list")
def list_(
    store: StoreFolder,
    json: AsJson = False,
    limit: paging.Limit = None,
    after: paging.After = "",
) -> None:
    """List every silence procedure: where it stands, and its deadline; the nearest end first."""
    with open_application(store) as placet:
        placet.projections.follow()
        print_parked(placet)
        found = placet.queries.windows.list(environment().now(), paging.parse_start(after))
        rows = paging.print_page(((str(cursor), row) for cursor, row in found), limit, json=json)
    if json:
        print_json([representations.listed_window(listed) for listed in rows])
        return
    heads = ("organisation", "id", "stands", "closes before", "seats", "answered", "objections")
    print_table(heads, [_cells(listed) for listed in rows])


def _cells(listed: ListedWindow) -> tuple[object, ...]:
    return (
        listed.organisation,
        listed.row.id,
        f"{listed.phase}{' (attested)' if listed.row.attested else ''}",
        _deadline(listed),
        "not told" if listed.row.seats is None else listed.row.seats,
        listed.row.answered,
        listed.row.objected,
    )


def _deadline(listed: ListedWindow) -> str:
    row = listed.row
    return window_output.deadline(str(listed.phase), row.closes, row.ended, revoked=row.revoked)


@app.command("show")
def show(
    window: WindowName,
    *,
    store: StoreFolder,
    text: Annotated[bool, typer.Option("--text", help="Print the text under silence too.")] = False,
    organisation: Organisation = "",
    at: At = "",
    json: AsJson = False,
) -> None:
    """Show one: deadline, seats, responses, what it waits for."""
    window_output.print_window(window, store, organisation, at, text=text, json=json)


@app.command("evidence")
def evidence(
    window: WindowName,
    *,
    number: Annotated[int, typer.Option("--response", help="The number of the response.")],
    to: Annotated[
        Path, typer.Option("--to", help="The new file into which it goes.", dir_okay=False)
    ],
    store: StoreFolder,
    organisation: Organisation = "",
) -> None:
    """Write the paper that came with a response to a file, as it came.

    Where names are withheld no paper is given out, for it names its sender.
    """
    with open_application(store) as placet:
        where = resolve_organisation(placet, organisation)
        require_evidence(placet, where, window, number)
        evidence_file = placet.queries.evidence_files.get(where, window, number).content
    try:
        with to.open("xb") as file:
            file.write(evidence_file)
    except OSError as error:
        print_error(f"The paper could not be written: {error.strerror}.")
        raise typer.Exit(1) from error
    print_note(f"{len(evidence_file)} bytes, SHA-256 {digest(evidence_file)}")
