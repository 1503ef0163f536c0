"""What an act of a meeting follows upon, where it is stated when it happened."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from domain.agenda.agenda import Agenda
from domain.agenda.events import (
    ApprovalSuspended,
    ItemsApproved,
    ItemsDecided,
    ItemsNotApproved,
    ItemsPutUnderSilence,
    ItemsSubmitted,
)
from domain.corrections import apply_corrections
from domain.decision_context import DecisionContext
from domain.messages import Order
from domain.stated_times import require_stated_time
from domain.streams import Stream, StreamKind

STEPS: Final = (
    ItemsSubmitted,
    ItemsPutUnderSilence,
    ItemsApproved,
    ItemsNotApproved,
    ApprovalSuspended,
    ItemsDecided,
)
"""The steps of items, each of which follows upon the one before."""


def require_after_steps(
    agenda: Agenda, items: Collection[str], order: Order, world: DecisionContext
) -> None:
    """Raise Refused for a stated time ahead, or before the last step of one of these items."""
    if not order.stated:
        return
    steps = {
        item: (f"the last step of item {item}", event.effective)
        for event in apply_corrections(world.events(Stream(StreamKind.AGENDA, agenda.id)))
        if isinstance(event.fact, STEPS)
        for item in event.fact.items
        if item in items
    }
    zone = world.body(agenda.body).zone_of_order(order)
    require_stated_time(order, zone, steps.values())


def require_after_adoption(agenda: Agenda, order: Order, world: DecisionContext) -> None:
    """Raise Refused for a stated time ahead, or before the adoption of the agenda, or the draft.

    What is done with a report follows both; a draft that comes again follows the one before.
    """
    if not order.stated:
        return
    steps = (("the adoption of the agenda", agenda.adopted), ("the draft", agenda.report_drafted))
    zone = world.body(agenda.body).zone_of_order(order)
    require_stated_time(order, zone, [(what, step.when) for what, step in steps if step])
