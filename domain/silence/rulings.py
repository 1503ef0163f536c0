"""Rulings of the presiding officer on what a response is, or on whether it came in time."""

from __future__ import annotations

from msgspec import structs

from domain.actors import Role
from domain.confusables import letters, may_be_same_person, may_name_person
from domain.decision_context import DecisionContext
from domain.messages import Decision, NewEvent, Order
from domain.rules import require
from domain.silence.approval_suspension import ruling_events
from domain.silence.commands import RuleOnResponse
from domain.silence.events import ResponseRuledUpon
from domain.silence.responses import BREAKING, ReceivedResponse
from domain.silence.silence_break import break_events
from domain.silence.window import Window
from domain.two_persons import require_another_person


def rule_on_response(
    window: Window, command: RuleOnResponse, order: Order, world: DecisionContext
) -> Decision:
    """The presiding officer rules on a doubtful response, or on one found after the close.

    Raises Refused. Source: CBD ExCOP 2, 2020, where the President ruled whether a comment objects.
    """
    response = window.received(command.number)
    officer = order.attested or order.actor.role is Role.PRESIDING_OFFICER
    require("live-role", officer, "the presiding officer rules on responses")
    require("empty", command.reason, "a ruling needs its reason")
    _require_another(order, command)
    ruling = ResponseRuledUpon(
        number=command.number,
        breaks=command.breaks,
        reason=command.reason,
        second=command.second,
        seconded_by=order.second,
    )
    if response.standing == "found after the close":
        _require_doubt(window, response, command, order)
        effects = ruling_events(window, response, command, world)
    else:
        _require_open_question(window, response, command, order)
        ruled = structs.replace(response, ruled=command.breaks)
        others = [other for other in window.responses if other is not response]
        effects = break_events(window, ruled, (*others, ruled), world)
    return Decision((NewEvent(command.stream, ruling), *effects))


def _require_doubt(
    window: Window, response: ReceivedResponse, command: RuleOnResponse, order: Order
) -> None:
    """Raise Refused unless it suspends an approval, and two persons rule."""
    doubtful = response.number in window.unruled_late_responses
    require("stage", doubtful, f"response {response.number} suspends no approval of {window.id}")
    two = order.attested or _seconded(order, command)
    require("two-persons", two, "two persons rule once an approval was recorded")


def _require_open_question(
    window: Window, response: ReceivedResponse, command: RuleOnResponse, order: Order
) -> None:
    """Raise Refused for what needs no ruling, or one of two persons, before the close."""
    require("stage", response.effective, f"response {command.number} is {response.standing}")
    require("stage", not window.is_over, f"window {window.id} has ended")
    near = not window.suspended and response.near(window.closes)
    unclear = response.response.kind not in BREAKING
    open_ = unclear or near or command.breaks
    require("stage", open_, "an objection breaks; no ruling makes it none")
    one_is_enough = order.attested or command.breaks or not near
    because = "two persons say that an objection did not come in time"
    require("two-persons", one_is_enough or _seconded(order, command), because)


def _require_another(order: Order, command: RuleOnResponse) -> None:
    """Raise Refused for one person who rules with two sessions, or who also names a second one."""
    first, second = order.actor.principal, order.second
    if second is not None:
        require_another_person(first, second.principal)
    named = command.second and (second is not None or (first and not order.attested))
    because = "the second person is not named, but confirms the ruling after logging in"
    require("two-persons", not named, because)


def _seconded(order: Order, command: RuleOnResponse) -> bool:
    """Whether a second person, other than who rules, has confirmed it, or is named.

    Where people log in no name is enough.
    """
    actor, second = order.actor, command.second
    if order.second is not None or actor.principal:
        return order.second is not None
    names_of_actor = (str(actor.role), actor.seat, actor.principal)
    another = letters(second) not in map(letters, names_of_actor)
    return may_name_person(second) and another and not may_be_same_person(second, actor.name)
