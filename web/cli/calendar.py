"""`placet calendar`: lists of holidays, drafted, edited by a person, published, and listed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from domain.actors import Role
from domain.body import Body
from domain.calendars import calendars_in_force
from web.cli.context import environment, open_application
from web.cli.execute import ActOptions, Authority, CommandId, Yes, execute
from web.cli.output import AsJson, Organisation, StoreFolder, print_json, print_note, print_table
from workflows.acts.body import PUBLISH_CALENDAR
from workflows.acts.request import Request
from workflows.acts.stated_circumstances import Circumstances
from workflows.projections.rows import BodyRow

app = typer.Typer(
    help="Keep the working days of duty stations.", no_args_is_help=True, rich_markup_mode=None
)


@app.command("draft")
def draft(
    country: Annotated[str, typer.Option("--country", help="Its code of two letters: AT.")],
    year: Annotated[int, typer.Option("--year", help="The year.")],
    duty_station: Annotated[str, typer.Option("--duty-station", help="The duty station: Vienna.")],
) -> None:
    """Print a draft with the national holidays of a country, to be edited by a person.

    No organisation's list is the country's: compare it with the one that was published.
    """
    print(environment().files.calendar_draft(duty_station, year, country), end="")
    print_note("This is a draft of national holidays, not the organisation's list. Edit it.")


@app.command("load")
def load(
    file: Annotated[Path, typer.Argument(help="A calendar that a person has edited.")],
    *,
    body: Annotated[str, typer.Option("--body", help="The body whose working days it tells.")],
    store: StoreFolder,
    organisation: Organisation = "",
    authority: Authority = "",
    yes: Yes = False,
    id_: CommandId = "",
    json: AsJson = False,
) -> None:
    """Publish the calendar of one year. Deadlines that were computed stay what they were."""
    command = environment().files.calendar(file, body)
    options = ActOptions(
        store=store, organisation=organisation, yes=yes, id=id_, json=json, prefixed=False
    )
    print_note(
        f"Holidays: {', '.join(sorted(command.holidays))}; and each {', '.join(command.weekend)}."
    )
    by = Circumstances(role=Role.SECRETARIAT, authority=authority)
    requested = Request(command=command, circumstances=by)
    execute(options, PUBLISH_CALENDAR, lambda *_: requested)


@app.command("list")
def list_(store: StoreFolder, json: AsJson = False) -> None:
    """List the calendars that are in force: body, duty station, year, version, holidays."""
    with open_application(store) as placet:
        placet.projections.follow()
        rows = []
        for organisation in placet.queries.record.organisations():
            world = placet.queries.record.context(organisation)
            for row in placet.projections.views.rows(BodyRow, organisation):
                rows += _rows(organisation, world.body(row.id))
        if json:
            heads = ("organisation", "body", "duty_station", "year", "version", "holidays")
            plain = environment().codec.to_plain
            print_json([plain(dict(zip(heads, row, strict=True))) for row in rows])
            return
    print_table(
        ("organisation", "body", "duty station", "year", "version", "holidays"),
        [(*row[:-1], len(row[-1])) for row in rows],
    )


def _rows(organisation: str, body: Body) -> list[tuple[str, str, str, int, str, list[str]]]:
    return [
        (
            organisation,
            body.id,
            calendar.duty_station,
            calendar.year,
            calendar.version,
            sorted(str(day) for day in calendar.holidays),
        )
        for _, calendar in sorted(calendars_in_force(body.calendars).items())
    ]
