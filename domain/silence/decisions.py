"""What a silence window decides, by the kind of what is asked."""

from __future__ import annotations

from domain.facts import Decision, Order
from domain.rules import insist
from domain.silence import afterwards, closing, opening, repeating, responding
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
from domain.world import World


def decide(window: Window, order: Order, world: World) -> Decision:
    """Answer a command to this window. Raises Refused."""
    command = order.command
    if isinstance(command, OpenSilence):
        insist("new", not window.id, f"window {command.window} exists already")
        return opening.decide(command, order, world)
    insist("known", window.id, f"window {command.stream.id} was never opened")
    match command:
        case Respond():
            return responding.respond(window, command, order, world)
        case RuleOnResponse():
            return responding.rule(window, command, order, world)
        case Withdraw():
            return responding.withdraw(window, command, order, world)
        case RecordNotices():
            return opening.notices(window, command, order, world)
        case RepeatNotices():
            return repeating.decide(window, command, order, world)
        case TellOutcome():
            return afterwards.told(window, command, order)
        case ShareSilence():
            return afterwards.shared(window, command, order, world)
        case DecideMatter():
            return afterwards.decided(window, command, order)
        case AnnounceRevision():
            return afterwards.revised(window, command, order)
    return closing.decide(window, order, world)
