"""Which seats have answered in a window, so that they are not silent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet

from domain.actors import Role
from domain.messages import RecordedEvent
from domain.silence.events import Response, ResponseRefused
from domain.silence.roster import FrozenSeat
from workflows.notifications.policy import RESPONSES


def answered_seats(events: Iterable[RecordedEvent], roster: Iterable[FrozenSeat]) -> frozenset[str]:
    """Seats that answered, or for whom one answered who may: these are not silent.

    A seat that sent what could not count has answered nevertheless; a letter that says that nothing
    has come would be wrong. One that was only named by a seat without power has not answered.
    """
    powers = {seat.seat: {seat.seat, *seat.acts_for} for seat in roster}
    found: set[str] = set()
    for event in events:
        if isinstance(event.fact, RESPONSES):
            found |= _answering(event, event.fact.response, powers)
    return frozenset(found)


def _answering(
    event: RecordedEvent, response: Response, powers: Mapping[str, AbstractSet[str]]
) -> AbstractSet[str]:
    """The seats that one response is an answer of."""
    if not isinstance(event.fact, ResponseRefused):
        return {*response.seats, *response.on_behalf_of}
    if event.actor.role is not Role.SEAT:  # staff registers what came from the seats that it names
        return {*response.seats}
    mine = powers.get(event.actor.seat, set())
    return mine & {event.actor.seat, *response.seats, *response.on_behalf_of}
