"""Who held the seats of which single events speak, where somebody else holds them now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from domain.body import Body
from domain.body.body import Seat
from domain.body.events import SeatFilled, SeatVacated
from domain.corrections import apply_corrections
from domain.decision_context import DecisionContext
from domain.folding import fold
from domain.messages import RecordedEvent
from domain.streams import Stream, StreamKind


class FilledSeat(Struct, frozen=True, kw_only=True):
    """One term in a seat, and the event by which the record has it."""

    seat: Seat
    filled: RecordedEvent
    zone: str
    """Whose days its term is counted by."""

    def known_at(self, event: RecordedEvent) -> bool:
        """Whether the record had it when this event was recorded."""
        if event.stream == self.filled.stream:
            return self.filled.version < event.version
        return self.filled.position < event.position

    def held_at(self, event: RecordedEvent) -> bool:
        """Whether its term was not certainly over, or to come, when this event took effect."""
        return self.seat.held_at(event.effective, self.zone)


class SeatHolders:
    """The terms in the seats of bodies, read where a seat had more than one; each body once."""

    def __init__(self, world: DecisionContext) -> None:
        self._world = world
        self._terms: dict[str, Mapping[str, Sequence[FilledSeat]]] = {}

    def at(self, event: RecordedEvent, bodies: Iterable[str]) -> Mapping[str, Seat]:
        """Who held the seats that an event speaks of, as far as these changed hands, by their ids.

        The first of the bodies that has a seat of an id counts.
        """
        found: dict[str, Seat] = {}
        for body in bodies:
            terms = self._of_body(body)
            for seat in seats_spoken_of(event) & terms.keys():
                found.setdefault(seat, holder_at(event, terms[seat]))
        return found

    def _of_body(self, body: str) -> Mapping[str, Sequence[FilledSeat]]:
        """All terms in its seats, by seat; none where no seat had a second term."""
        if body not in self._terms:
            stream = Stream(StreamKind.BODY, body)
            now: Body = self._world.state(stream)
            changed = len({seat.seat for seat in now.seats}) < len(now.seats)
            self._terms[body] = _terms(self._world.events(stream)) if changed else {}
        return self._terms[body]


def seats_spoken_of(event: RecordedEvent) -> frozenset[str]:
    """The ids of the seats that an event of no silence names, and of the seat that acted."""
    fact = event.fact
    several = (*getattr(fact, "seats", ()), *getattr(fact, "acts_for", ()))
    return frozenset({event.actor.seat, getattr(fact, "seat", ""), *several}) - {""}


def holder_at(event: RecordedEvent, terms: Sequence[FilledSeat]) -> Seat:
    """Which of the terms in a seat an event speaks of.

    Who leaves is who was the last to sit there by then. Else it is who held the seat when the event
    took effect: of several on one day the last whom the record knew by then. Where nobody held it,
    who came last counts.
    """
    known = [term for term in terms if term.known_at(event)]
    if isinstance(event.fact, SeatVacated):
        return (known or terms)[-1].seat
    held = [term for term in terms if term.held_at(event)]
    then = [term for term in held if term.known_at(event)]
    return (then or held or known or terms)[-1].seat


def _terms(events: Sequence[RecordedEvent]) -> Mapping[str, Sequence[FilledSeat]]:
    """The terms in the seats of a body, by seat, in the order in which they were recorded."""
    read = apply_corrections(events)
    body: Body = fold(StreamKind.BODY, events)
    filled = (event for event in read if isinstance(event.fact, SeatFilled))
    found: dict[str, list[FilledSeat]] = {}
    for seat, event in zip(body.seats, filled, strict=True):
        term = FilledSeat(seat=seat, filled=event, zone=body.term_zone)
        found.setdefault(seat.seat, []).append(term)
    return found
