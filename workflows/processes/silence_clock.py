"""The silence clock: finds windows whose deadline and grace are past, and records each once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final
from uuid import uuid4

from domain.actors import Actor, Role
from domain.decision_context import DecisionContext
from domain.messages import Order
from domain.ports.clock import Moment
from domain.ports.errors import ParkedStream
from domain.ports.event_store import EventLog, History
from domain.rules import Refused
from domain.silence import Window
from domain.silence.closing_doubts import closing_doubts
from domain.silence.commands import HoldSilence, RecordLapse
from domain.silence.holds import CLOCK as CANNOT
from domain.silence.holds import Doubt
from domain.streams import Stream, StreamKind
from domain.times import shift
from workflows.commands.command_result import CommandResult
from workflows.commands.handler import CommandHandler
from workflows.commands.orders import order_of_program
from workflows.projections.parking import Alarm, unreadable_reason

CLOCK = Actor(role=Role.CLOCK)
LAST_DAY = timedelta(hours=24)
"""The time before a deadline in which it matters whether anybody could answer."""

TAKEN: Final = "command-id-once"
"""The rule by which an order is refused whose id another command has."""

NOTHING: Mapping[str, datetime] = {}

Gap = Callable[[datetime, datetime], timedelta]
"""The longest time between two instants (UTC) in which no one could answer."""


def record_due(
    handling: CommandHandler,
    history: History,
    windows: Iterable[str],
    now: datetime,
    *,
    virtual: bool = False,
    offset_ms: int | None = None,
    gap: Gap = lambda _, __: timedelta(0),
    unread: Callable[[str, str], None] = lambda _, __: None,
    awaited: Mapping[str, datetime] = NOTHING,
) -> list[CommandResult]:
    """Record the lapse of each due window at `now` (UTC), or hold it where doubt is left.

    Safe to repeat and to run in several processes: the command ids name the window with its
    deadline, or with the version that is in doubt. While the clock is off, nothing is recorded.
    Of a window that cannot be read, or whose decision cannot be made, nothing is recorded:
    `unread` is called with its name and why, and the others go on. A window is left alone for which
    something waits in the intake (`awaited` tells since when) that came before its grace was over.
    """
    answers: list[CommandResult] = []
    for name in windows:
        try:
            answers += _of_window(
                handling,
                history,
                name,
                now=now,
                virtual=virtual,
                offset_ms=offset_ms,
                gap=gap,
                came=awaited.get(name, now),
            )
        except Exception as error:  # noqa: BLE001 (one window must not stop the clock of others)
            unread(name, unreadable_reason(error))
    return answers


def _of_window(
    handling: CommandHandler,
    history: History,
    name: str,
    *,
    now: datetime,
    virtual: bool,
    offset_ms: int | None,
    gap: Gap,
    came: datetime,
) -> list[CommandResult]:
    """What is recorded of one window. Raises what `handling` raises, but for refusals."""
    world = handling.decision_context(history)
    window = world.window(name)
    if not window.due(now) or came < window.due_from:
        return []
    since = max(window.opened.earliest, shift(window.closes.latest, -LAST_DAY))
    outage = gap(since, window.closes.latest) // timedelta(minutes=1)
    seen = world.fences[Stream(StreamKind.WINDOW, name)]

    def order(command: RecordLapse | HoldSilence, which: str) -> Order:
        command_id = f"clock:{which}"
        return order_of_program(command, command_id, CLOCK, now, offset_ms, virtual=virtual)

    def hold(doubt: Doubt) -> list[CommandResult]:
        """Hold it for this; under another id where another command took the usual one."""
        command = HoldSilence(
            window=name, reason=doubt.because, about=doubt.about, response=doubt.response
        )
        usual = f"hold:{name}:{seen}:{doubt.about}:{doubt.response}"
        for which in (usual, f"{usual}:{uuid4()}"):
            try:
                return [handling.handle(history.organisation, order(command, which))]
            except Refused as refused:
                if refused.rule != TAKEN:
                    break  # somebody was faster: there is nothing left to hold
        return []

    held = {(hold.about, hold.response) for hold in window.holds}
    waits_for = [
        doubt for doubt in _doubts(window, outage, world) if doubt.hold_subject not in held
    ]
    answers = [answer for doubt in waits_for for answer in hold(doubt)]
    if answers or window.hold_reason:
        return answers
    close = RecordLapse(window=name, outage_minutes=outage)
    try:
        lapse = order(close, f"lapse:{name}@{window.closes}:{seen}")
        return [handling.handle(history.organisation, lapse)]
    except Refused as refused:
        if refused.rule == TAKEN:  # nothing would ever be due under this id: people look at it
            return hold(Doubt("command-id-once", refused.because, CANNOT))
        return []  # somebody was faster: at the next look it is seen what they did


def _doubts(window: Window, outage: int, world: DecisionContext) -> tuple[Doubt, ...]:
    """What the close has to wait for, each of which is held by itself."""
    try:
        return closing_doubts(window, outage, world)
    except Refused as refused:
        return (Doubt("known", refused.because, CANNOT),)


class SilenceClock:
    """The clock of one process, which remembers the windows that it could not read."""

    def __init__(self, handling: CommandHandler, log: EventLog, gap: Gap, alarm: Alarm) -> None:
        self._handling, self._log, self._gap, self._alarm = handling, log, gap, alarm
        self._unread: dict[str, Mapping[str, str]] = {}

    @property
    def unreadable_windows(self) -> dict[tuple[str, str], str]:
        """Windows that could not be read at the last look, by organisation and id, and why."""
        return {
            (organisation, name): why
            for organisation, found in self._unread.items()
            for name, why in found.items()
        }

    def run_once(
        self,
        organisation: str,
        windows: Iterable[str],
        unsent: Mapping[str, ParkedStream],
        moment: Moment,
        awaited: Mapping[str, datetime] = NOTHING,
    ) -> list[CommandResult]:
        """Record what is due of an organisation.

        Nothing is recorded of windows whose notices cannot be written (`unsent`), nor of those for
        which a response that came in time waits to be decided (`awaited`).

        An alarm is raised once about each window that cannot be read.
        """
        cannot = {name: parked.because for name, parked in unsent.items()}
        answers = record_due(
            self._handling,
            self._log.history(organisation),
            [name for name in windows if name not in unsent],
            moment.at,
            offset_ms=moment.offset_ms,
            gap=self._gap,
            unread=cannot.__setitem__,
            awaited=awaited,
        )
        for name in cannot.keys() - self._unread.get(organisation, {}).keys():
            self._alarm.error(
                "not read by the clock",
                organisation=organisation,
                window=name,
                because=cannot[name],
            )
        self._unread[organisation] = cannot
        return answers
