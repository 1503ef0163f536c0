"""The one entrance to decisions: what an order causes in the record."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from domain import correcting
from domain.agenda import decisions as agenda
from domain.body import decisions as body
from domain.corrections import CorrectFact
from domain.documents import decisions as documents
from domain.facts import Decision, Kind, Order
from domain.session import decisions as session
from domain.silence import decisions as silence
from domain.world import World

DECIDE: Final[Mapping[Kind, Callable[[Any, Order, World], Decision]]] = {
    Kind.AGENDA: agenda.decide,
    Kind.BODY: body.decide,
    Kind.DOCUMENT: documents.decide,
    Kind.SESSION: session.decide,
    Kind.WINDOW: silence.decide,
}
"""Which noun decides on the commands to its streams. A symbol is reserved with its document."""


def decide(order: Order, world: World) -> Decision:
    """What an order causes in the record as `world` sees it. Raises Refused."""
    command = order.command
    if isinstance(command, CorrectFact):
        return correcting.decide(command, order, world)
    return DECIDE[command.stream.kind](world.state(command.stream), order, world)
