"""The command line `placet`: data on standard output, everything else on standard error.

It ends with 0 when all is well, 1 when something was refused or could not be done, 2 when it was
called wrongly, 3 when a check found something, and 4 when something was recorded, and whatever
came after that failed.
"""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from domain.instants import UnclearTime
from domain.ports.errors import CaseError, MalformedValue, TooLarge, Unavailable, VersionConflict
from domain.rules import Refused
from web.cli import (
    agenda,
    calendar,
    case,
    clock,
    demo,
    directory,
    event,
    key,
    mail,
    receipt,
    serve,
    status,
    store,
    window,
)
from web.cli.context import environment, use_environment
from web.cli.output import allow_any_character, print_error
from web.cli.output_failures import flush
from web.main import environment as wired

app = typer.Typer(
    name="placet",
    help="Agendas approved by silence, with a record of who, what, when and by which rule.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
    rich_markup_mode=None,
)
app.add_typer(case.app, name="case")
app.add_typer(agenda.app, name="agenda")
app.add_typer(window.app, name="window")
app.add_typer(calendar.app, name="calendar")
app.add_typer(event.app, name="event")
app.add_typer(receipt.app, name="receipt")
app.add_typer(key.app, name="key")
app.add_typer(store.app, name="store")
app.add_typer(mail.app, name="post")
app.add_typer(directory.app, name="directory")
app.command("demo")(demo.demo)
app.command("serve")(serve.serve)
app.command("clock")(clock.clock)
app.command("status")(status.status)
app.command("rules")(event.rules)
app.command("rebuild")(store.rebuild)

SPEAK_UTF_8 = "Letters beyond ASCII need a locale of UTF-8, such as LC_ALL=C.UTF-8."


def _version(wanted: bool) -> None:
    if wanted:
        print(f"placet {environment().version} (store format {environment().store_format})")
        raise typer.Exit


@app.callback()
def placet(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say the version.")
    ] = False,
) -> None:
    """Agendas approved by silence, with a record of who, what, when and by which rule."""


def main() -> None:
    """Run the command line; every expected failure is one sentence and a non-zero exit."""
    allow_any_character()
    try:
        _run()
    except Refused as refused:
        print_error(f"Refused: {refused}")
    except (CaseError, VersionConflict, TooLarge, Unavailable, UnclearTime) as error:
        print_error(str(error))
    except (MalformedValue, UnicodeEncodeError) as error:
        strange = error.object if isinstance(error, UnicodeEncodeError) else error
        print_error(f"Not Unicode text: {strange}. {SPEAK_UTF_8}")
    except OSError as error:
        print_error(f"The output cannot be written: {error.strerror}.")
    else:
        return
    sys.exit(1)


def _run() -> None:
    """Run it, and let out what it printed: on a full disk that fails only here."""
    try:
        with use_environment(wired()):
            app()
    finally:
        flush()
