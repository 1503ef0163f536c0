"""`placet clock`: the silence clock without a server, and what it says of deadlines that moved."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Annotated, Final

import typer

from domain.facts import Recorded
from web.cli.lists import ROWS
from web.cli.printing import AsJson, StoreFolder, note, print_json, print_table
from web.cli.records import plain, print_events
from web.cli.windows import moved, waits
from web.main import Placet, Unavailable, now, opened
from workflows import upcoming
from workflows.handling import OFFSET
from workflows.reading import WindowShown

TICK_SECONDS: Final = 1.0


def clock(
    store: StoreFolder,
    once: Annotated[
        bool, typer.Option("--once", help="Look once, record what is due, and end.")
    ] = False,
    json: AsJson = False,
) -> None:
    """Run the silence clock without serving pages: once, or every second until Ctrl-C.

    It records each silence procedure whose deadline and grace are past, or holds it where
    something is in doubt. It says what it recorded, and for what the others wait.
    """
    if json and not once:
        raise typer.BadParameter("--json goes with --once")
    with opened(store) as placet:
        for alarm in alarms(placet):
            note(alarm)
        if once:
            if off := _off(placet):
                note(off)
            _print(_tick(placet), _waiting(placet), json=json)
            return
        note("The silence clock runs. Ctrl-C ends it.")
        try:
            _run(placet)
        except KeyboardInterrupt:
            note("The silence clock was ended.")


def _run(placet: Placet) -> None:
    """Look every second; speak when something was recorded, or something else is waited for.

    Only the windows that end next are looked at each time.
    """
    said: list[tuple[str, ...]] | None = None
    complained = False
    while True:
        try:
            off = _off(placet)
            if off and not complained:
                note(off)
            complained = bool(off)
            recorded, waiting = _tick(placet), _waiting(placet, ROWS)
            if recorded or waiting != said:
                _print(recorded, waiting, json=False)
            said = waiting
        except Unavailable as error:
            note(f"The silence clock waits: {error}")
        time.sleep(TICK_SECONDS)


def _tick(placet: Placet) -> list[Recorded]:
    """Record what is due; the events, as anybody may see them."""
    found = [one for answer in placet.tick() for one in answer.events]
    return [shown for one in found for shown in placet.reading.shown(one.organisation, (one,))]


def _off(placet: Placet) -> str:
    """That the clock of this machine is off too far to record anything; empty when it is not."""
    off = placet.clock.read().offset_ms
    if abs(off) <= OFFSET.total_seconds() * 1000:
        return ""
    return f"The clock here is {off} ms off: nothing is recorded until it is set."


def _waiting(placet: Placet, most: int | None = None) -> list[tuple[str, ...]]:
    """Windows without an outcome, nearest end first, all or only so many of them.

    For each of them, where it stands, its deadline, and what it waits for.
    """
    return [
        (one.organisation, one.window.id, one.phase, one.window.closes, "; ".join(waits(one)))
        for one in islice(running(placet), most)
    ]


def _print(recorded: Sequence[Recorded], waiting: list[tuple[str, ...]], *, json: bool) -> None:
    heads = ("organisation", "window", "stands", "closes before", "waits for")
    if json:
        rows = [dict(zip(heads, row, strict=True)) for row in waiting]
        print_json({"recorded": [plain(one) for one in recorded], "waiting": rows})
        return
    if recorded:
        print_events(recorded, json=False)
    else:
        note("Nothing was due.")
    if waiting:
        print()
        print_table(heads, waiting)


def running(placet: Placet) -> Iterator[WindowShown]:
    """The live windows that have no outcome yet, nearest end first; each read when asked for."""
    placet.follow()
    for organisation, window in upcoming.unended(placet.views):
        yield placet.reading.window(organisation, window, now())


def alarms(placet: Placet) -> Iterator[str]:
    """A sentence for each running window whose deadline the time zones of today would move."""
    for one in running(placet):
        if told := moved(one):
            yield f"Window {one.window.id} of {one.organisation}: {told}"
