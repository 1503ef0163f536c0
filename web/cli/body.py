"""`placet body`: the roster of a body, from a file, and the erasure of its texts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from domain.streams import StreamKind
from web.cli import act_command, editing
from web.cli.context import environment
from web.cli.execute import ActOptions, CommandId, Reason, Yes
from web.cli.output import AsJson, Organisation, StoreFolder
from workflows.editing.catalogue import ROSTER

app = typer.Typer(help="Keep the rosters of bodies.", no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def body() -> None:
    """Keep the rosters of bodies."""


@app.command("roster")
def roster(
    name: Annotated[str, typer.Argument(metavar="BODY", help="The id of the body.")],
    file: Annotated[Path, typer.Argument(help="The roster: CSV in UTF-8, or an .xlsx workbook.")],
    *,
    store: StoreFolder,
    organisation: Organisation = "",
    since: Annotated[
        str, typer.Option("--since", help="From which day on (2026-01-31); today unless given.")
    ] = "",
    keep: Annotated[
        bool, typer.Option("--keep", help="Let seats stay that the file does not name.")
    ] = False,
    reason: Reason = "",
    yes: Yes = False,
    id_: CommandId = "",
    json: AsJson = False,
) -> None:
    """Make the roster of a body what a file says: all of it is recorded together, or nothing.

    The first line names the columns: holder, seat, capacity, office, group, zone, since, until,
    voice, name-en and so on. Seats that are not in the file are vacated, unless --keep is given.
    """
    options = ActOptions(store=store, organisation=organisation, yes=yes, id=id_, json=json)
    answers = {"reason": reason, "rest": "keep" if keep else "vacate"}
    if since:
        answers["since"] = since
    editing.edit(
        options,
        ROSTER,
        lambda placet, where: placet.queries.bodies.for_form(where, name, environment().now()),
        file,
        answers=answers,
    )


act_command.register(app, StreamKind.BODY)
