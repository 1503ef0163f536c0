"""The one entrance to decisions: what an order causes in the record."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from domain.agenda import decisions as agenda
from domain.body import decisions as body
from domain.corrections import CorrectFact, FactCorrected, applied, value_of
from domain.documents import decisions as documents
from domain.facts import Decision, Happened, Kind, Order, telling
from domain.rules import insist
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
        return _correct(command, order, world)
    return DECIDE[command.stream.kind](world.state(command.stream), order, world)


def _correct(command: CorrectFact, order: Order, world: World) -> Decision:
    """Answer a correction. Raises Refused without authority, reason, or a fact to correct.

    A computed fact of a window is never corrected: there, rulings are the only way.
    """
    stream = command.stream
    history = world.events(stream)
    found = [one for one in history if one.version == command.version]
    insist("correction-names-a-fact", found, f"{stream} has no event {command.version}")
    insist(
        "correction-has-reason", command.reason and order.authority, "say by what authority, why"
    )
    insist("empty", command.now, "a correction needs a corrected value")
    one = found[0]
    computed_window = stream.kind is Kind.WINDOW and not one.attested
    insist("correction-not-of-a-window", not computed_window, f"{stream} is a computed window")
    was = {name: str(value_of(one, name)) for name in command.now}
    fact = telling(FactCorrected, command, was=was)
    applied(one, fact)
    return Decision((Happened(stream, fact), *documents.corrected(command, order, world)))
