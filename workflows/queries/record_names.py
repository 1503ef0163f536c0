"""What the bodies and the seats that events speak of are called."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from msgspec import Struct, field

from domain.body import Body
from domain.body.body import Seat
from domain.decision_context import DecisionContext
from domain.messages import RecordedEvent
from domain.silence.roster import FrozenSeat
from domain.streams import Stream, StreamKind
from workflows.history.narration import SpokenNames, localized_name
from workflows.history.sentences.wording import EventKey
from workflows.queries.body_names import BodyNames, names_of_bodies
from workflows.queries.seat_holders import SeatHolders
from workflows.queries.window_seats import roster_of

SeatNames = Mapping[str, Mapping[str, str]]
"""Names of seats by id and language; a holder's name without a language stands under none."""


class RecordNames(Struct, frozen=True, kw_only=True):
    """Names of the record by language, as of now; for single events also as of then."""

    bodies: BodyNames = field(default_factory=dict)
    seats: Mapping[Stream, SeatNames] = field(default_factory=dict)
    """Of seats as the events of a stream name them: a silence has the seats of its roster."""
    seats_then: Mapping[EventKey, SeatNames] = field(default_factory=dict)
    """Of the seats of single events that others held when these events took effect."""


def names_in(events: Iterable[RecordedEvent], world: DecisionContext) -> RecordNames:
    """What the bodies and the seats that these events speak of are called in this world."""
    listed = list(events)
    streams = {event.stream for event in listed if _speaks_of_seats(event)}
    seats = {stream: _seats_in(stream, listed, world) for stream in streams}
    return RecordNames(
        bodies=names_of_bodies(listed, world.events),
        seats=seats,
        seats_then=_seats_then(listed, seats, world),
    )


def _seats_then(
    events: Iterable[RecordedEvent], now: Mapping[Stream, SeatNames], world: DecisionContext
) -> Mapping[EventKey, SeatNames]:
    """What the seats of these events were called, for those events for which it was otherwise."""
    holders = SeatHolders(world)
    found: dict[EventKey, SeatNames] = {}
    for event in events:
        prefix = f"{_body_of(event)}/" if event.stream.kind is StreamKind.ORGANISATION else ""
        held = holders.at(event, _bodies_of(event, world))
        called = {prefix + name: seat_names(seat) for name, seat in held.items()}
        present = now.get(event.stream, {})
        if then := {name: names for name, names in called.items() if names != present.get(name)}:
            found[event.stream, event.version] = then
    return found


def _bodies_of(event: RecordedEvent, world: DecisionContext) -> Iterable[str]:
    """The bodies whose seats an event names; none for a silence, whose roster is frozen."""
    match event.stream.kind:
        case StreamKind.BODY:
            return (event.stream.id,)
        case StreamKind.AGENDA:
            agenda = world.state(event.stream)
            return filter(None, (agenda.body, agenda.approved_by))
        case StreamKind.ORGANISATION:
            return filter(None, (_body_of(event),))
    return ()


def _body_of(event: RecordedEvent) -> str:
    return getattr(event.fact, "body", "")


def _speaks_of_seats(event: RecordedEvent) -> bool:
    fact = event.fact
    said = (getattr(fact, name, None) for name in ("seat", "seats", "response"))
    return bool(event.actor.seat) or any(said)


def seats_of_stream(stream: Stream, world: DecisionContext) -> SeatNames:
    """What the seats of a silence, of a body, or of the bodies of an agenda are called."""
    match stream.kind:
        case StreamKind.WINDOW:
            return {seat.seat: seat_names(seat) for seat in roster_of(world.state(stream), world)}
        case StreamKind.BODY:
            return _of_body(world.state(stream))
        case StreamKind.AGENDA:
            agenda = world.state(stream)
            return _of_bodies((agenda.body, agenda.approved_by), world)
    return {}


def _seats_in(stream: Stream, events: Iterable[RecordedEvent], world: DecisionContext) -> SeatNames:
    """The seats that events of this stream may name; with their body where it is of none."""
    if stream.kind is not StreamKind.ORGANISATION:
        return seats_of_stream(stream, world)
    bodies = {_body_of(event) for event in events if event.stream == stream}
    return {
        f"{body}/{seat}": called
        for body in sorted(bodies - {""})
        for seat, called in _of_body(world.state(Stream(StreamKind.BODY, body))).items()
    }


def seat_names(seat: Seat | FrozenSeat) -> Mapping[str, str]:
    """What a seat stands for, by language: its names, else its holder."""
    return seat.names or {"": seat.holder}


def _of_body(body: Body) -> SeatNames:
    return {seat.seat: seat_names(seat) for seat in body.seats}


def _of_bodies(names: Iterable[str], world: DecisionContext) -> SeatNames:
    """The seats of several bodies; the first that has a seat of a name counts."""
    found: dict[str, Mapping[str, str]] = {}
    for name in filter(None, names):
        for seat, called in _of_body(world.state(Stream(StreamKind.BODY, name))).items():
            found.setdefault(seat, called)
    return found


def in_language(
    names: RecordNames, language: str, people: Mapping[str, str] | None = None
) -> SpokenNames:
    """What bodies and seats are called in a reader's language, by their ids.

    Seats of one name are told apart by their ids.
    """
    seats = {stream: _localized(called, language) for stream, called in names.seats.items()}
    return SpokenNames(
        bodies=_localized(names.bodies, language),
        seats={stream: _distinct(called) for stream, called in seats.items()},
        seats_then={
            (stream, version): _distinct({**seats[stream], **_localized(then, language)})
            for (stream, version), then in names.seats_then.items()
        },
        people=people or {},
    )


def _localized(names: Mapping[str, Mapping[str, str]], language: str) -> dict[str, str]:
    return {name: localized_name(called, language) for name, called in names.items()}


def _distinct(names: Mapping[str, str]) -> dict[str, str]:
    """Names by id, those that occur more than once with their id as a second word."""
    often = Counter(names.values())
    return {
        name: f"{called} ({name.rpartition('/')[2]})" if often[called] > 1 else called
        for name, called in names.items()
    }
