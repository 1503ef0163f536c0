"""What a silence window decides, by the kind of what is asked."""

from __future__ import annotations

from domain.decision_context import World
from domain.messages import Decision, Order
from domain.rules import insist
from domain.silence import follow_up, lifecycle, notice_repetition, opening, response_decisions
from domain.silence.commands import (
    AnnounceRevision,
    DecideMatter,
    OpenSilence,
    RecordNotices,
    RepeatNotices,
    Respond,
    RuleOnResponse,
    ShareSilence,
    TellOutcome,
)
from domain.silence.commands import WithdrawObjection as Withdraw
from domain.silence.window import Window


def decide(window: Window, order: Order, world: World) -> Decision:
    """Answer a command to this window. Raises Refused."""
    command = order.command
    if isinstance(command, OpenSilence):
        insist("new", not window.id, f"window {command.window} exists already")
        return opening.decide(command, order, world)
    insist("known", window.id, f"window {command.stream.id} was never opened")
    match command:
        case Respond():
            return response_decisions.respond(window, command, order, world)
        case RuleOnResponse():
            return response_decisions.rule(window, command, order, world)
        case Withdraw():
            return response_decisions.withdraw(window, command, order, world)
        case RecordNotices():
            return opening.notices(window, command, order, world)
        case RepeatNotices():
            return notice_repetition.decide(window, command, order, world)
        case TellOutcome():
            return follow_up.told(window, command, order)
        case ShareSilence():
            return follow_up.shared(window, command, order, world)
        case DecideMatter():
            return follow_up.decided(window, command, order)
        case AnnounceRevision():
            return follow_up.revised(window, command, order)
    return lifecycle.decide(window, order, world)
