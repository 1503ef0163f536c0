"""`placet clock`: the silence clock without a server, and what it says of deadlines that moved."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Annotated, Final

import typer

from domain.messages import RecordedEvent
from web.cli.context import environment, open_application
from web.cli.event import plain, print_events
from web.cli.output import AsJson, StoreFolder, print_json, print_note, print_table
from web.cli.output_failures import report_recorded
from web.cli.paging import ROWS
from web.cli.window_output import awaited_lines, moved_deadline
from workflows.application import Application
from workflows.processes.supervisor import Loop, run_in_threads
from workflows.projections.parking import unreadable_reason
from workflows.queries.window import WindowDetails
from workflows.recovery.rollback_detection import UNCONFIRMED

TICK_SECONDS: Final = 1.0
DOUBT: Final = (
    "Nothing vouches for the clock here: {}. So no outcome is recorded. Look at the clock, and let"
    " something keep it right, such as NTP; or look at it yourself and add --trust-clock."
)


Once = Annotated[bool, typer.Option("--once", help="Look once, record what is due, and end.")]
TrustClock = Annotated[
    bool,
    typer.Option(
        "--trust-clock",
        envvar="PLACET_TRUST_CLOCK",
        help="Record lapses though nothing vouches for the clock of this machine.",
    ),
]


def clock(
    store: StoreFolder, once: Once = False, json: AsJson = False, *, trust_clock: TrustClock = False
) -> None:
    """Run the silence clock without serving pages: once, or every second until Ctrl-C.

    It records each silence procedure whose deadline and grace are past, or holds it where
    something is in doubt. It says what it recorded, and for what the others wait. Where nothing
    vouches for the clock of this machine, no outcome is recorded; with --once it then ends with 1
    if one is due.
    """
    if json and not once:
        raise typer.BadParameter("--json goes with --once")
    with open_application(store) as placet:
        placet.recovery.continuity.require_intact()
        for alarm in alarms(placet):
            print_note(alarm)
        doubtful = _tell_doubts(placet, trust_clock=trust_clock)
        if once:
            _look_once(placet, json=json)
            raise typer.Exit(int(doubtful and placet.processes.clock.is_due(environment().now())))
        _run_until_stopped(placet)


def _tell_doubts(placet: Application, *, trust_clock: bool) -> bool:
    """Say why no outcome is recorded, and let the clock know; whether there is any such reason."""
    silence = placet.processes.clock
    silence.doubt = "" if trust_clock else placet.recovery.store.clock_doubt()
    if silence.doubt:
        print_note(DOUBT.format(silence.doubt))
    unconfirmed = placet.recovery.continuity.unconfirmed()
    if unconfirmed:
        print_note(UNCONFIRMED)
    return bool(silence.doubt or unconfirmed)


def _look_once(placet: Application, *, json: bool) -> None:
    """Record what is due, and say it."""
    if off := _off(placet):
        print_note(off)
    with report_recorded(placet):
        _print(placet, _tick(placet), _waiting(placet), json=json)


def _run_until_stopped(placet: Application) -> None:
    """Look every second until Ctrl-C."""
    print_note("The silence clock runs. Ctrl-C ends it.")
    try:
        _run(placet)
    except KeyboardInterrupt:
        print_note("The silence clock was ended.")


def _run(placet: Application) -> None:
    """Look every second until Ctrl-C, and follow the log if no other process does."""
    look = Look(placet)
    clock, follower = (
        Loop(name, act, every=TICK_SECONDS, say=print_note, alarm=environment().log)
        for name, act in (
            ("The silence clock", look.again),
            ("The follower", placet.processes.follower.run_once),
        )
    )
    with run_in_threads([follower]):
        clock.run(threading.Event())


class Look:
    """Speaks when something was recorded, or something else is waited for."""

    def __init__(self, placet: Application) -> None:
        self._placet = placet
        self._said: list[tuple[str, ...]] | None = None
        self._complained = False

    def again(self) -> None:
        """Record what is due, and say it; what cannot be printed is said on standard error.

        The clock goes on without an output. Raises SystemExit where its reader has gone.
        """
        try:
            with report_recorded(self._placet):
                self._look()
        except typer.Exit as ended:
            cause = ended.__cause__
            if isinstance(cause, KeyboardInterrupt):  # Ctrl-C is how it is to be ended
                raise cause from None
            if not isinstance(cause, Exception):
                raise SystemExit(ended.exit_code) from ended

    def _look(self) -> None:
        off = _off(self._placet)
        if off and not self._complained:
            print_note(off)
        self._complained = bool(off)
        recorded, waiting = _tick(self._placet), _waiting(self._placet, ROWS)
        if recorded or waiting != self._said:
            _print(self._placet, recorded, waiting, json=False)
        self._said = waiting


def _tick(placet: Application) -> list[RecordedEvent]:
    """Record what is due; the events, as anybody may see them."""
    events = [event for answer in placet.processes.clock.tick() for event in answer.events]
    redact = placet.queries.events.redact
    return [shown for event in events for shown in redact(event.organisation, (event,))]


def _off(placet: Application) -> str:
    """That the clock of this machine is off too far to record anything; empty when it is not."""
    clock = placet.processes.clock
    if not clock.is_off:
        return ""
    return f"The clock here is {clock.offset_ms} ms off: nothing is recorded until it is set."


def _waiting(placet: Application, most: int | None = None) -> list[tuple[str, ...]]:
    """Windows without an outcome, nearest end first, all or only so many of them.

    For each of them, where it stands, its deadline, and what it waits for.
    """
    return [
        (
            window.organisation,
            window.window.id,
            window.phase,
            window.window.closes,
            "; ".join(awaited_lines(window)),
        )
        for window in islice(running(placet), most)
    ]


def _print(
    placet: Application,
    recorded: Sequence[RecordedEvent],
    waiting: list[tuple[str, ...]],
    *,
    json: bool,
) -> None:
    heads = ("organisation", "window", "stands", "closes before", "waits for")
    if json:
        rows = [dict(zip(heads, row, strict=True)) for row in waiting]
        print_json({"recorded": [plain(event) for event in recorded], "waiting": rows})
        return
    if recorded:
        print_events(placet, recorded)
    else:
        print_note("Nothing was due.")
    if waiting:
        print()
        print_table(heads, waiting)


def running(placet: Application) -> Iterator[WindowDetails]:
    """The live windows that have no outcome yet and can be read, nearest end first.

    Each is read when the caller comes to it.
    """
    placet.projections.catch_up_or_wait()
    for organisation, window in placet.processes.clock.unfinished_windows():
        try:
            found = placet.queries.windows.get(organisation, window, environment().now())
        except Exception as error:  # noqa: BLE001 (one window must not hide all others)
            unreadable_reason(error)
            continue
        yield found


def alarms(placet: Application) -> Iterator[str]:
    """A sentence for each running window whose deadline the time zones of today would move."""
    for window in running(placet):
        if sentence := moved_deadline(window):
            yield f"Window {window.window.id} of {window.organisation}: {sentence}"
