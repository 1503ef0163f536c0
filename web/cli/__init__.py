"""The command line `placet`: data on standard output, everything else on standard error.

It ends with 0 when all is well, 1 when something was refused or could not be done, 2 when it was
called wrongly, 3 when a check found something, and 4 when something was recorded, and whatever
came after that failed.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from domain.instants import UnclearTime
from domain.ports.errors import CaseError, MalformedValue, TooLarge, Unavailable, VersionConflict
from domain.rules import Refused
from web.cli.command_table import CommandTable
from web.cli.output import allow_any_character, flush, print_error

if TYPE_CHECKING:
    from web.cli_ports import Environment

app = typer.Typer(
    name="placet",
    cls=CommandTable,
    help="Agendas approved by silence, with a record of who, what, when and by which rule.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
    rich_markup_mode=None,
)

SPEAK_UTF_8 = "Letters beyond ASCII need a locale of UTF-8, such as LC_ALL=C.UTF-8."


def _environment() -> Environment:
    """What commands work in: nearly the whole program, imported when the first one is called."""
    from web.main import environment  # noqa: PLC0415 (see above)

    return environment()


def _version(wanted: bool) -> None:
    if wanted:
        here = _environment()
        print(f"placet {here.version} (store format {here.store_format})")
        raise typer.Exit


@app.callback()
def placet(
    context: typer.Context,
    version: Annotated[  # noqa: ARG001 (its callback is what answers)
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say the version.")
    ] = False,
) -> None:
    """Agendas approved by silence, with a record of who, what, when and by which rule."""
    from web.cli.context import use_environment  # noqa: PLC0415 (the same)

    context.with_resource(use_environment(_environment()))


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
        app()
    finally:
        flush()
