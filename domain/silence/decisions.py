"""What a silence window decides, by the kind of what is asked."""

from __future__ import annotations

from typing import assert_never

from domain.decision_context import DecisionContext
from domain.messages import Decision, Order
from domain.rules import require
from domain.silence import (
    follow_up_decisions,
    lifecycle,
    notice_decisions,
    notice_repetition,
    opening,
    outcome_decisions,
    response_decisions,
    rulings,
    withdrawals,
)
from domain.silence.commands import (
    AnnounceOutcome,
    AnnounceRevision,
    DecideMatter,
    ExtendSilence,
    HoldSilence,
    OpenSilence,
    RecordLapse,
    RecordNotices,
    ReferMatter,
    ReleaseSilence,
    RepeatNotices,
    Respond,
    ResumeSilence,
    RuleOnResponse,
    ShareSilence,
    SupersedeSilence,
    SuspendSilence,
    TellOutcome,
    WithdrawObjection,
    is_window_command,
)
from domain.silence.window import Window


def decide(window: Window, order: Order, world: DecisionContext) -> Decision:
    """Answer a command to this window. Raises Refused."""
    command = order.command
    if not is_window_command(command):
        raise TypeError(f"no window command: {command!r}")
    if isinstance(command, OpenSilence):
        require("new", not window.id, f"window {command.window} exists already")
        return opening.decide(command, order, world)
    require("known", window.id, f"window {command.stream.id} was never opened")
    match command:
        case Respond():
            return response_decisions.respond(window, command, order, world)
        case RuleOnResponse():
            return rulings.rule_on_response(window, command, order, world)
        case WithdrawObjection():
            return withdrawals.withdraw_objection(window, command, order, world)
        case RecordNotices():
            return notice_decisions.record_notices(window, command, order, world)
        case RepeatNotices():
            return notice_repetition.decide(window, command, order, world)
        case RecordLapse() | AnnounceOutcome() | ReferMatter():
            return outcome_decisions.decide(window, command, order, world)
        case (
            ExtendSilence()
            | SuspendSilence()
            | ResumeSilence()
            | SupersedeSilence()
            | HoldSilence()
            | ReleaseSilence()
        ):
            return lifecycle.decide(window, command, order, world)
        case TellOutcome() | ShareSilence() | DecideMatter() | AnnounceRevision():
            return follow_up_decisions.decide(window, command, order, world)
        case _:
            assert_never(command)
