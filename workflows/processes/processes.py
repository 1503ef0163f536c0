"""The background work of one process: the clock, the intake, the log, the mail."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from domain.ports.errors import Unavailable
from workflows.commands.handler import CommandHandler
from workflows.incoming.service import IncomingMail
from workflows.processes.clock_round import ClockRound
from workflows.processes.log_follower import LogFollower
from workflows.processes.response_intake import Intake


@dataclass(frozen=True, kw_only=True)
class Processes:
    """The processes of one store in this process of the operating system."""

    commands: CommandHandler
    """The queue of commands: how many wait, and who hears of what was recorded."""
    intake: Intake
    clock: ClockRound
    follower: LogFollower
    mail: IncomingMail
    now: Callable[[], datetime]
    """The time of this machine (UTC)."""
    record_heartbeat: Callable[[], None]
    """Notes that this process serves the store now. Raises Unavailable."""

    finish_erasures: Callable[[], object]
    """Destroys the keys of texts that are erased, where that was not done. Raises Unavailable."""

    def prepare_intake(self) -> Iterator[str]:
        """Before serving: set room aside, and do what the process before this one left.

        What could not be done, in sentences; the silence clock goes on trying, and lapses nothing
        meanwhile.
        """
        decide = lambda: self.intake.decide_pending(self.now())  # noqa: E731 (one of three acts)
        for act in (self.intake.prepare, decide, self.finish_erasures):
            try:
                act()
            except Unavailable as error:
                yield str(error)
