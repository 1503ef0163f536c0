"""`placet store` and `placet rebuild`: making, checking and copying stores."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from web.cli.confirmation import confirm
from web.cli.context import environment, open_application
from web.cli.event import print_events
from web.cli.execute import Yes
from web.cli.output import (
    AsJson,
    StoreFolder,
    print_error,
    print_json,
    print_note,
    print_table,
    progress,
)
from web.cli.output_failures import report_recorded

app = typer.Typer(help="Keep stores.", no_args_is_help=True, rich_markup_mode=None)


Place = Annotated[str, typer.Argument(help="A folder, or postgresql://USER@HOST:PORT/DATABASE.")]


@app.command("create")
@app.command("init")
def create(place: Place) -> None:
    """Make an empty store: in a new folder, or in a database that is there."""
    environment().create(place).close()
    print_note(f"Made an empty store in {environment().places.without_password(place)}.")


@app.command("upgrade")
def upgrade(place: Place) -> None:
    """Bring the tables of a store to the version of this program. Stop older programs first."""
    before, after = environment().places.upgrade_store(place)
    name = environment().places.without_password(place)
    if before == after:
        print_note(f"The tables of {name} are of version {after} already.")
    else:
        print_note(f"Brought the tables of {name} from version {before} to {after}.")


@app.command("copy")
def copy(
    source: Place,
    target: Place,
    organisation: Annotated[
        list[str] | None,
        typer.Option(
            "--organisation",
            "-o",
            metavar="ORGANISATION",
            help="Only this one; may be given several times.",
        ),
    ] = None,
) -> None:
    """Copy a log into another store, and prove the copy; after an interruption, say it again.

    A single organisation may be copied beside others that the target holds.
    """
    with progress("copying") as on_progress:
        report = environment().places.copy_store(source, target, on_progress, organisation or ())
    name = environment().places.without_password(target)
    if not report.sound:
        print_error(f"The copy in {name} is not sound: {'; '.join(report.faults)}")
        raise typer.Exit(3)
    held = f"{report.events} events and {report.contents} contents"
    print_note(f"Copied; {name} is sound and holds {held}.")


@app.command("backup")
def backup(
    target: Annotated[Path, typer.Argument(help="A folder that does not exist yet.")],
    store: StoreFolder,
) -> None:
    """Copy a store, also while it is served, and check the copy."""
    with open_application(store, read_only=True) as placet:
        placet.recovery.store.backup(target)
    with open_application(target, read_only=True) as copy:
        report = copy.recovery.store.check()
    if not report.sound:
        print_error(f"The copy in {target} is not sound: {'; '.join(report.faults)}")
        raise typer.Exit(3)
    print_note(f"Copied {report.events} events to {target}; the copy is sound.")


@app.command("restored")
def restored(store: StoreFolder, yes: Yes = False) -> None:
    """Accept that an older copy of the log was put in its place: hold what still runs.

    Stop all other processes first. The rows are rebuilt, and the outbox is put aside.
    """
    with open_application(store) as placet, report_recorded(placet):
        losses = placet.recovery.continuity.losses()
        for loss in losses:
            print_note(str(loss))
        if not losses:
            print_note("Nothing is missing from this log, as far as is known.")
        if not yes:
            confirm()
        answers = placet.recovery.accept_restored()
        events = [event for answer in answers for event in answer.events]
        print_note(f"Held {len(events)} silence procedures; the presiding officer releases each.")
        print_note("Ask those who may have answered later, and give their answers in again.")
        shown = [
            s
            for event in events
            for s in placet.queries.events.redact(event.organisation, (event,))
        ]
        print_events(placet, shown)


@app.command("accept")
def accept(store: StoreFolder, yes: Yes = False) -> None:
    """Confirm a log that this host sees for the first time: it may close silence procedures then.

    Look first whether the log ends where it should. After an older backup was put in its place,
    say `placet store restored` instead.
    """
    with open_application(store) as placet, report_recorded(placet):
        placet.recovery.continuity.require_intact()
        if not placet.recovery.continuity.unconfirmed():
            print_note(
                "This host has seen this log before, or keeps its only copy: nothing to confirm."
            )
            return
        rows = [
            (name, end.position, f"{end.recorded_at:%Y-%m-%d %H:%M:%S} UTC")
            for name, end in placet.recovery.ends().items()
        ]
        print_table(("organisation", "last position", "recorded"), rows)
        print_note("Was anything recorded after this, an objection perhaps? Then do not confirm.")
        if not yes:
            confirm()
        placet.recovery.continuity.accept()
        print_note("Confirmed: this host closes silence procedures from now on.")


@app.command("check")
def check(
    store: StoreFolder,
    receipts: Annotated[
        Path | None,
        typer.Option("--receipts", help="Also look for the event of each receipt in this folder."),
    ] = None,
    json: AsJson = False,
) -> None:
    """Read a whole store and compare it with its own hashes, and with what was seen of it."""
    with open_application(store, read_only=True) as placet:
        report = placet.recovery.store.check()
        made_by = placet.recovery.store.made_by
        lost = [str(loss) for loss in placet.recovery.continuity.losses()]
        unbacked = placet.recovery.unsupported_receipts(receipts) if receipts else {}
    faults = [*report.faults, *lost, *(f"Receipt {name}: {why}." for name, why in unbacked.items())]
    if json:
        print_json(
            {
                "sound": not faults,
                "events": report.events,
                "contents": report.contents,
                "made_by": made_by,
                "faults": faults,
                "notes": report.notes,
            }
        )
    else:
        word = "NOT SOUND" if faults else "sound"
        print(f"{word}: {report.events} events, {report.contents} contents (placet {made_by})")
        for fault in faults:
            print(f"  {fault}")
        for remark in report.notes:
            print(f"  Note: {remark}")
    raise typer.Exit(3 if faults else 0)


def rebuild(
    store: StoreFolder,
    check: Annotated[
        bool,
        typer.Option("--check", help="Only compare the views with the log, and change nothing."),
    ] = False,
) -> None:
    """Rebuild the views from the log, or compare them with it."""
    if check:
        _compare(store)
        return
    with open_application(store) as placet, progress("rebuilding") as on_progress:
        count = placet.projections.rebuild(on_progress)
    print_note(f"Made the views anew from {count} events.")


def _compare(store: str) -> None:
    """Say whether the views are what the log says; ends with 3 when they are not."""
    with open_application(store) as placet, progress("comparing") as on_progress:
        found = placet.projections.verify(on_progress)
    if not found.differences:
        print_note(f"The views are what the log says; compared with {found.events} events.")
        return
    print_table(
        ("organisation", "view", "row", "what"),
        [
            (difference.organisation, difference.view, difference.key, difference.what)
            for difference in found.differences
        ],
    )
    print_error("The views are not what the log says: `placet rebuild` makes them anew.")
    raise typer.Exit(3)
