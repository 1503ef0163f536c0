"""The clock of a window: its end, and how long it has run towards it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import assert_never

from msgspec import Struct, structs

from domain.deadlines import Deadline
from domain.instants import shift
from domain.silence.events import (
    ClockEvent,
    SilenceExtended,
    SilenceOpened,
    SilenceResumed,
    SilenceSuspended,
)
from domain.times import UNKNOWN, When


class RunningClock(Struct, frozen=True, kw_only=True):
    """When a window closes; an extension or a resumption moves that, a suspension stops it."""

    closes: When = UNKNOWN
    deadline: Deadline | None = None
    suspended: bool = False
    since: When = UNKNOWN
    """Since when it has been running."""
    ran_microseconds: int = 0
    """How long it had run when it was stopped last."""

    @classmethod
    def of(cls, event: SilenceOpened, when: When) -> RunningClock:
        """The clock that an opening starts."""
        return cls(closes=event.closes, deadline=event.deadline, since=when)

    def after(self, event: ClockEvent, when: When) -> RunningClock:
        """The clock after it was moved, stopped or started again at `when`."""
        match event:
            case SilenceExtended() | SilenceResumed():
                return RunningClock(
                    closes=event.closes,
                    deadline=event.deadline,
                    since=when if self.suspended else self.since,
                    ran_microseconds=self.ran_microseconds,
                )
            case SilenceSuspended():
                ran = self.time_run + (when.latest - self.since.latest)
                whole = ran // timedelta(microseconds=1)
                return structs.replace(self, suspended=True, ran_microseconds=whole)
            case _:
                assert_never(event)

    @property
    def time_run(self) -> timedelta:
        """How long it had run when it was stopped last."""
        return timedelta(microseconds=self.ran_microseconds)

    def from_end(self, span: timedelta) -> datetime:
        """So much after the end (UTC), or before it, for an end whose hour is known."""
        return shift(self.closes.latest, span)
