"""One round of the silence clock over a whole store, in the order that keeps it safe."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Protocol

from domain.ports.clock import CLOCK_TOLERANCE, RecordingClock
from domain.ports.errors import ParkedStream
from domain.ports.event_store import EventLog
from domain.silence.holds import Doubt
from domain.silence.window import Window
from workflows.commands.command_result import CommandResult
from workflows.processes.response_intake import Intake
from workflows.processes.silence_clock import SilenceClock
from workflows.projections import due_windows, lag
from workflows.projections.runner import ProjectionRunner


class Notices(Protocol):
    """What the clock asks of notifications: who was not notified, cannot consent by silence."""

    def record_pending(self) -> list[CommandResult]: ...

    def prepare(self, organisation: str, windows: Sequence[str]) -> list[CommandResult]: ...

    def parked_windows(self, organisation: str) -> Mapping[str, ParkedStream]: ...


class IncomingMail(Protocol):
    """What the clock asks of incoming mail, so that answers received in time are considered."""

    def closing_doubts(
        self, organisation: str, window: Window, now: datetime
    ) -> tuple[Doubt, ...] | None: ...


class ClockRound:
    """Lets the silence clock look at every organisation of a store.

    `clock` is the one by which things are recorded, `now` tells the time of this machine (UTC).
    `insist_on_log` raises Unavailable for a log that became shorter than this process saw it;
    `unconfirmed` says whether somebody has to confirm the log first, so that nothing is closed.
    """

    def __init__(
        self,
        log: EventLog,
        projections: ProjectionRunner,
        silence: SilenceClock,
        intake: Intake,
        notices: Notices,
        *,
        mail: IncomingMail,
        clock: RecordingClock,
        now: Callable[[], datetime],
        require_log: Callable[[], None],
        unconfirmed: Callable[[], bool],
    ) -> None:
        self._log, self._projections, self._silence = log, projections, silence
        self._intake, self._notices, self.recording = intake, notices, clock
        self._mail = mail
        self._now, self._require_log, self._unconfirmed = now, require_log, unconfirmed
        self.doubt = ""
        """Why nothing vouches for the clock, so that no outcome may be recorded by it."""

    @property
    def unreadable_windows(self) -> Mapping[tuple[str, str], str]:
        """Windows that could not be read at the last look, by organisation and id, and why."""
        return self._silence.unreadable_windows

    @property
    def offset_ms(self) -> int:
        """By how many milliseconds the clock of this machine is off."""
        return self.recording.read().offset_ms

    @property
    def is_off(self) -> bool:
        """Whether it is off so far that only responses are recorded."""
        return abs(self.offset_ms) > CLOCK_TOLERANCE.total_seconds() * 1000

    def tick(self) -> list[CommandResult]:
        """Record what is due now, and before it what became of responses and notices.

        Raises Unavailable, also when the log has become shorter than this process saw it.
        """
        self._require_log()
        self._intake.decide_pending(self._now())
        answers = self._notices.record_pending()
        self._projections.catch_up_or_wait(lag.WAIT_SECONDS)
        moment = self.recording.read()
        if self.doubt or self._unconfirmed():
            return answers
        due = due_windows.due_windows(self._projections.views, moment.at)
        for name in self._log.organisations():
            stale = self._projections.windows_with_stale_rows(name)
            windows = [*dict.fromkeys([*due.get(name, ()), *stale])]
            answers += self._notices.prepare(name, windows)
            parked = self._notices.parked_windows(name)
            awaited = self._intake.pending_windows(name)
            mail = partial(self._mail.closing_doubts, name)
            answers += self._silence.run_once(name, windows, parked, moment, awaited, mail=mail)
        return answers

    def is_due(self, now: datetime) -> bool:
        """Whether the deadline and grace of any window are past at `now` (UTC)."""
        return bool(due_windows.due_windows(self._projections.views, now))

    def unfinished_windows(self) -> Iterator[tuple[str, str]]:
        """The windows without an outcome, by organisation and id, nearest end first."""
        return due_windows.unfinished_windows(self._projections.views)
