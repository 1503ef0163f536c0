"""The silence clock: finds windows whose deadline and grace are past, and records each once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final
from uuid import uuid4

from domain.actors import Actor, Role
from domain.decision_context import DecisionContext
from domain.instants import shift
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

MailDoubts = Callable[[Window, datetime], tuple[Doubt, ...] | None]
"""The doubts that mail leaves about a due window now (UTC).

None while a mailbox is to be read first: then nothing is recorded yet.
"""


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
    mail: MailDoubts = lambda _, __: (),
) -> list[CommandResult]:
    """Record the lapse of each due window at `now` (UTC), or hold it where doubt is left.

    Safe to repeat and to run in several processes: the command ids name the window with its
    deadline, or with the version that is in doubt. While the clock is off, nothing is recorded.
    Of a window that cannot be read, or whose decision cannot be made, nothing is recorded:
    `unread` is called with its name and why, and the others go on. A window is left alone while the
    intake holds something that came before its grace was over (`awaited` returns since when), and
    while mailboxes are to be read first (`mail`).
    """
    look = _Look(handling, history, now, gap, offset_ms=offset_ms, virtual=virtual, mail=mail)
    answers: list[CommandResult] = []
    for name in windows:
        try:
            answers += look.record_window(name, awaited.get(name, now))
        except Exception as error:  # noqa: BLE001 (one window must not stop the clock of others)
            unread(name, unreadable_reason(error))
    return answers


class _Look:
    """One look at windows of an organisation, at one instant."""

    def __init__(
        self,
        handling: CommandHandler,
        history: History,
        now: datetime,
        gap: Gap,
        *,
        offset_ms: int | None,
        virtual: bool,
        mail: MailDoubts,
    ) -> None:
        self._handling, self._history, self._now, self._gap = handling, history, now, gap
        self._offset_ms, self._virtual, self._mail = offset_ms, virtual, mail

    def record_window(self, name: str, came: datetime) -> list[CommandResult]:
        """Hold a due window for each doubt that is left, or else record its lapse.

        Nothing is recorded while something waits that `came` before its grace was over. Raises what
        `handling` raises, but for refusals.
        """
        world = self._handling.decision_context(self._history)
        window = world.window(name)
        if not window.due(self._now) or came < window.due_from:
            return []
        by_mail = self._mail(window, self._now)
        if by_mail is None:
            return []
        seen = world.fences[Stream(StreamKind.WINDOW, name)]
        outage = self._outage_minutes(window)
        held = {(hold.about, hold.response) for hold in window.holds}
        found = (*_doubts(window, outage, world), *by_mail)
        doubts = [doubt for doubt in found if doubt.hold_subject not in held]
        answers = [answer for doubt in doubts for answer in self._hold(name, doubt, seen)]
        if answers or window.hold_reason:
            return answers
        lapse = RecordLapse(window=name, outage_minutes=outage)
        return self._close(lapse, f"lapse:{name}@{window.closes}:{seen}", seen)

    def _outage_minutes(self, window: Window) -> int:
        """The longest time, late enough to matter, in which no one could answer."""
        since = max(window.opened.earliest, shift(window.closes.latest, -LAST_DAY))
        return self._gap(since, window.closes.latest) // timedelta(minutes=1)

    def _hold(self, name: str, doubt: Doubt, seen: int) -> list[CommandResult]:
        """Hold it for this; under another id where another command took the usual one."""
        command = HoldSilence(
            window=name, reason=doubt.because, about=doubt.about, response=doubt.response
        )
        usual = f"hold:{name}:{seen}:{doubt.about}:{doubt.response}"
        for which in (usual, f"{usual}:{uuid4()}"):
            try:
                return [self._handle(command, which)]
            except Refused as refused:
                if refused.rule != TAKEN:
                    break  # somebody was faster: there is nothing left to hold
        return []

    def _close(self, lapse: RecordLapse, which: str, seen: int) -> list[CommandResult]:
        """Record the lapse; hold the window where another command took the id of this one."""
        try:
            return [self._handle(lapse, which)]
        except Refused as refused:
            if refused.rule == TAKEN:  # nothing would ever be due under this id: people look at it
                return self._hold(lapse.window, Doubt(TAKEN, refused.because, CANNOT), seen)
            return []  # somebody was faster: at the next look it is seen what they did

    def _handle(self, command: RecordLapse | HoldSilence, which: str) -> CommandResult:
        order = order_of_program(
            command, f"clock:{which}", CLOCK, self._now, self._offset_ms, virtual=self._virtual
        )
        return self._handling.handle(self._history.organisation, order)


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
        *,
        mail: MailDoubts = lambda _, __: (),
    ) -> list[CommandResult]:
        """Record what is due of an organisation.

        Nothing is recorded of windows whose notices cannot be written (`unsent`), nor of those for
        which a response that came in time waits to be decided (`awaited`), or for which mailboxes
        are to be read first (`mail`).

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
            mail=mail,
        )
        self._raise_alarms(organisation, cannot)
        self._unread[organisation] = cannot
        return answers

    def _raise_alarms(self, organisation: str, cannot: Mapping[str, str]) -> None:
        for name in cannot.keys() - self._unread.get(organisation, {}).keys():
            self._alarm.error(
                "not read by the clock",
                organisation=organisation,
                window=name,
                because=cannot[name],
            )
