"""Responses that could not be kept: the window to which they came is held for people."""

from __future__ import annotations

from typing import Final

from domain.actors import Actor, Role
from domain.intake_entry import LostAttempts
from domain.ports.clock import Moment
from domain.silence.commands import HoldSilence
from workflows.commands.command_result import CommandResult
from workflows.commands.handler import CommandHandler
from workflows.commands.orders import order_of_program

OFFICE: Final = Actor(role=Role.CLOCK)
REASON: Final = (
    "{} came between {:%Y-%m-%d %H:%M:%S} and {:%Y-%m-%d %H:%M:%S} UTC and could not be kept"
    " because the disk or the database failed; ask the seats to send theirs again"
)


def hold_for_lost_attempts(
    handling: CommandHandler, lost: LostAttempts, moment: Moment
) -> CommandResult:
    """Hold a window for people to ask its seats. Raises Refused for one that has ended."""
    number = "1 response" if lost.number == 1 else f"{lost.number} responses"
    reason = REASON.format(number, lost.first, lost.last)
    command = HoldSilence(window=lost.window, reason=reason)
    command_id = f"intake:{lost.window}:{lost.first:%Y-%m-%dT%H:%M:%S.%f}:{lost.number}"
    order = order_of_program(command, command_id, OFFICE, moment.at, moment.offset_ms)
    return handling.handle(lost.organisation, order)
