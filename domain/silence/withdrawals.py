"""Who may withdraw an objection, and for whom. A broken silence stays broken all the same."""

from __future__ import annotations

from domain.actors import Role
from domain.decision_context import DecisionContext
from domain.messages import Decision, NewEvent, Order
from domain.rules import require
from domain.silence import roster
from domain.silence.commands import WithdrawObjection
from domain.silence.events import ObjectionWithdrawn
from domain.silence.responses import ReceivedResponse
from domain.silence.roster import FrozenSeat
from domain.silence.window import Window


def withdraw_objection(
    window: Window, command: WithdrawObjection, order: Order, world: DecisionContext
) -> Decision:
    """Withdraw an objection: noted beside it; the window's break stays, as NATO 2003 shows.

    Raises Refused for whom the actor may not withdraw it, for what is withdrawn already, and for a
    response that is no objection, of which the record would say that there had been one.
    """
    response = window.received(command.number)
    because = f"response {command.number} is no objection: {response.response.kind}"
    require("stage", order.attested or response.may_object, because)
    require("stage", not response.withdrawn, f"response {command.number} is withdrawn already")
    names = command.seats
    if not order.attested:
        names = _withdrawn_for(window, response, command, order, world)
    strange = ", ".join(name for name in names if name not in response.names)
    require("known", not strange, f"response {command.number} does not speak for {strange}")
    standing = [name for name in names if name in response.speakers_at()]
    because = f"response {command.number} is withdrawn already for {', '.join(names)}"
    require("stage", standing or not names, because)
    event = ObjectionWithdrawn(
        number=command.number,
        reason=command.reason,
        seats=tuple(names),
        evidence=command.evidence,
    )
    return Decision((NewEvent(command.stream, event),))


def _withdrawn_for(
    window: Window,
    response: ReceivedResponse,
    command: WithdrawObjection,
    order: Order,
    world: DecisionContext,
) -> tuple[str, ...]:
    """For whom a live act withdraws. Raises Refused for whom its actor may not.

    Each seat withdraws for itself, and for those that it may act for where it names them, as long
    as its power lasts; staff for a seat with the letter that asks for it. Nobody else does.
    """
    role = order.actor.role
    if role in {Role.SECRETARIAT, Role.PRESIDING_OFFICER}:
        return _by_staff(response, command)
    require("live-role", role is Role.SEAT, f"a seat withdraws, or staff for it; not the {role}")
    seat = _seat(window, order.actor.seat, world)
    own = tuple(name for name in (seat.seat, seat.holder) if name in response.names)
    powers = world.body(window.body).may_act_for(seat.seat, order.when) & {*seat.acts_for}
    names = command.seats or own
    beyond = {*names} - {*own, *powers}
    who = ", ".join(sorted(beyond)) or f"seat {seat.seat}"
    because = f"response {command.number} is not withdrawn by {seat.seat}: {who}"
    require("empowered-to-act", names and not beyond, because)
    return names


def _by_staff(response: ReceivedResponse, command: WithdrawObjection) -> tuple[str, ...]:
    because = "who withdraws for a seat cites the paper in which it asks for that"
    require("evidence-kept", command.evidence, because)
    names = command.seats or (response.names if len(response.names) == 1 else ())
    require("empty", names, "several objected together: say for which it is withdrawn")
    return names


def _seat(window: Window, name: str, world: DecisionContext) -> FrozenSeat:
    """A seat of the frozen roster. Raises Refused for a name that is not on it."""
    seats = {seat.seat: seat for seat in roster.decode_roster(world.content(window.roster_hash))}
    require("responder-on-roster", name in seats, f"not on the roster: {name}")
    return seats[name]
