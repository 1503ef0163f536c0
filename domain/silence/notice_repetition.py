"""Sending notices of a window again, on purpose."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from domain.actors import Role
from domain.decision_context import DecisionContext
from domain.messages import Decision, Fact, NewEvent, Order
from domain.rules import require
from domain.silence import roster
from domain.silence.commands import RepeatNotices
from domain.silence.end_notices import ENDS, OUTCOME, OUTCOMES, SUPERSESSION
from domain.silence.events import (
    NoticesRepeated,
    SilenceExtended,
    SilenceOpened,
    SilenceResumed,
    SilenceSuperseded,
    SilenceSuspended,
)
from domain.silence.window import Window

TELLING: Final[Mapping[str, tuple[type[Fact], ...]]] = {
    "opening": (SilenceOpened,),
    "extension": (SilenceExtended,),
    "suspension": (SilenceSuspended,),
    "resumption": (SilenceResumed,),
    SUPERSESSION: (SilenceSuperseded,),
    OUTCOME: OUTCOMES,
}
"""What can be notified again, and the events that it is about."""


def decide(
    window: Window, command: RepeatNotices, order: Order, world: DecisionContext
) -> Decision:
    """Let notices be sent again. Raises Refused for what there is not, or what holds no more."""
    staff = order.actor.role in (Role.SECRETARIAT, Role.PRESIDING_OFFICER)
    live = staff and not (order.attested or window.attested)
    require(
        "live-role", live, "the secretariat or the presiding officer has a live notice sent again"
    )
    require("empty", command.reason.strip(), "to send a notice again needs its reason")
    require("known", command.about in TELLING, f"{command.about}: write {', '.join(TELLING)}")
    seats = tuple(dict.fromkeys(command.seats))
    require("empty", seats, "say to which seats")
    on_roster = {seat.seat for seat in roster.decode_roster(world.content(window.roster_hash))}
    strange = ", ".join(sorted({*seats} - on_roster))
    require("known", not strange, f"not on the roster of window {window.id}: {strange}")
    announced = any(
        isinstance(event.fact, TELLING[command.about]) for event in world.events(command.stream)
    )
    require("stage", announced, f"window {window.id} has no {command.about} to tell of")
    holds = command.about in ENDS or not window.is_over
    require("stage", holds, f"window {window.id} has ended: its {command.about} is of no use now")
    fact = NoticesRepeated(
        seats=seats, about=command.about, reason=command.reason, addresses=command.addresses
    )
    return Decision((NewEvent(command.stream, fact),))
