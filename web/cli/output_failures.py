"""What was recorded is always said, whatever fails once it is: a closed output, a full disk."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from errno import EBADF
from typing import Final

import typer

from web.cli.output import flush, print_note
from workflows.application import Application
from workflows.commands.command_result import CommandResult

RECORDED: Final = 4
"""How a command ends that has recorded what it was to record, and failed afterwards."""


@contextmanager
def report_recorded(placet: Application) -> Iterator[None]:
    """Within it something may be recorded. What fails afterwards ends the command with 4."""
    done: list[CommandResult] = []
    placet.processes.commands.recorded = done.append
    try:
        try:
            yield
        finally:
            flush()
        if done and sys.stdout is None:
            raise OSError(EBADF, "the output is closed")
    except typer.Exit:
        raise
    except (Exception, KeyboardInterrupt, SystemExit) as error:  # rich exits on a closed output
        if not done:
            raise
        with suppress(OSError, ValueError):  # standard error may be closed, too
            print_note(account_of(done, error))
        raise typer.Exit(RECORDED) from error


def account_of(done: list[CommandResult], error: BaseException) -> str:
    """What was recorded, and what failed then."""
    places = [f"event {event.position} of {event.organisation}" for a in done for event in a.events]
    closed = "the output was closed" if isinstance(error, SystemExit) else ""
    failed = closed or getattr(error, "strerror", "") or str(error) or type(error).__name__
    name = done[-1].events[0].command_id if done[-1].events else ""
    return f"It is recorded: {', '.join(places)}, under the id {name}. But then: {failed}"
