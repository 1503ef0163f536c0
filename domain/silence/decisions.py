"""What a silence window decides, by the kind of what is asked."""

from __future__ import annotations

from domain.decision_context import DecisionContext
from domain.messages import Decision, Order
from domain.rules import require
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


def decide(window: Window, order: Order, world: DecisionContext) -> Decision:
    """Answer a command to this window. Raises Refused."""
    command = order.command
    if isinstance(command, OpenSilence):
        require("new", not window.id, f"window {command.window} exists already")
        return opening.decide(command, order, world)
    require("known", window.id, f"window {command.stream.id} was never opened")
    match command:
        case Respond():
            return response_decisions.respond(window, command, order, world)
        case RuleOnResponse():
            return response_decisions.rule_on_response(window, command, order, world)
        case Withdraw():
            return response_decisions.withdraw_objection(window, command, order, world)
        case RecordNotices():
            return opening.record_notices(window, command, order, world)
        case RepeatNotices():
            return notice_repetition.decide(window, command, order, world)
        case TellOutcome():
            return follow_up.attest_outcome(window, command, order)
        case ShareSilence():
            return follow_up.share_silence(window, command, order, world)
        case DecideMatter():
            return follow_up.decide_matter(window, command, order)
        case AnnounceRevision():
            return follow_up.announce_revision(window, command, order)
    return lifecycle.decide(window, order, world)
