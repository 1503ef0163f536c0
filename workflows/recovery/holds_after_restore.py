"""After an older copy of a log was put in its place: what still runs is held for people."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from typing import Final

from domain.actors import Actor, Role
from domain.ports.clock import Moment
from domain.ports.errors import Unreadable
from domain.ports.event_store import EventLog
from domain.rules import Refused
from domain.silence.commands import HoldSilence
from domain.silence.holds import RESTORED
from workflows.commands.command_result import CommandResult
from workflows.commands.handler import CommandHandler
from workflows.commands.orders import order_of_program

OFFICE: Final = Actor(role=Role.SECRETARIAT)
REASON: Final = (
    "The log was restored from a backup that ends at position {}; what was recorded later, answers"
    " among it, may be missing"
)


def hold_running_windows(
    handling: CommandHandler,
    log: EventLog,
    organisation: str,
    windows: Iterable[str],
    moment: Moment,
) -> list[CommandResult]:
    """Hold each window that has no outcome; one that cannot be read is not approved anyway.

    A window that is held already is held for this reason, too.
    """
    last = log.history(organisation).last_position()
    answers = []
    for name in windows:
        command = HoldSilence(window=name, reason=REASON.format(last), about=RESTORED)
        command_id = f"restored:{name}:{moment.at:%Y-%m-%dT%H:%M}"
        order = order_of_program(command, command_id, OFFICE, moment.at, moment.offset_ms)
        with suppress(Refused, Unreadable):
            answers.append(handling.handle(organisation, order))
    return answers
