"""What does not fit in a state: what no act would have been allowed to make of it.

A correction reaches every field, past the acts that check them; so it is held against this.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations

from domain import hours
from domain.agenda import Agenda
from domain.agenda.items import find, titled
from domain.agenda.numbers import item_key, repeated
from domain.body import Body
from domain.body.body import Seat
from domain.documents import Document
from domain.facts import Kind, Stream
from domain.identifiers import is_blank, odd, skeleton
from domain.rules import Refused
from domain.session import Session
from domain.times import When, before, is_zone
from domain.world import World

Fault = tuple[str, str]
"""A rule of the record, and what is not as it wants it."""


def faults(state: object, world: World) -> Iterator[Fault]:
    """Each rule of the record that a state breaks, with the reason."""
    match state:
        case Body():
            yield from _of_body(state)
        case Session():
            yield from _of_session(state, world)
        case Agenda():
            yield from _of_agenda(state, world)
        case Document():
            yield from _unknown(Kind.BODY, state.body, world)
            yield from _unknown(Kind.AGENDA, state.agenda, world)


def _of_body(body: Body) -> Iterator[Fault]:
    yield from _no_zone(body.zone)
    yield from _blank(body.names)
    for seat in body.seats:
        yield from _no_zone(seat.zone)
        yield from _backwards(seat.seat, seat.since, seat.until, body)
        if why := odd(seat.seat):
            yield "plain-id", f"seat {seat.seat!r:.80}: {why}"
    for one, other in combinations(body.seats, 2):
        yield from _of_two(one, other, body)
    for power in body.powers:
        yield from _backwards(power.seat, power.since, power.until, body)
        if all(seat.seat != power.seat for seat in body.seats):
            yield "known", f"{body.id} has no seat {power.seat}"


def _of_two(one: Seat, other: Seat, body: Body) -> Iterator[Fault]:
    """Two terms of one seat follow each other; two seats can be told apart."""
    if one.seat != other.seat:
        if skeleton(one.seat) == skeleton(other.seat):
            yield "new", f"seat {one.seat} cannot be told from seat {other.seat}"
        return
    ended = one.until.known and before(one.until, other.since, body.days_in) is not False
    if not (ended or one.until == other.since):
        yield "no-overlap-of-terms", f"seat {one.seat} is still held by {one.holder}"


def _of_session(session: Session, world: World) -> Iterator[Fault]:
    yield from _no_zone(session.zone)
    yield from _unknown(Kind.BODY, session.body, world)
    for part in session.parts:
        if before(part.ends, part.starts, session.zone) is True:
            yield "session-dates", f"{part.ends} is before {part.starts}"
    for one in session.meetings:
        try:
            _ = hours.span(one.starts, one.ends) if one.starts or one.ends else ()
        except Refused as refusal:
            yield refusal.rule, refusal.because


def _of_agenda(agenda: Agenda, world: World) -> Iterator[Fault]:
    yield from _unknown(Kind.BODY, agenda.body, world)
    yield from _unknown(Kind.BODY, agenda.approved_by, world)
    yield from _unknown(Kind.SESSION, agenda.session, world)
    if same := ", ".join(repeated(item.item for item in agenda.items)):
        yield "new", f"two items would bear the number {same}"
    for item in agenda.items:
        if not item_key(item.item):
            yield "empty", f"an item needs a number, and {item.item!r} shows none"
        if not titled(item.titles):
            yield "empty", f"item {item.item} needs a title"
        if item.under and not find(agenda.items, item.under):
            yield "known", f"there is no item {item.under} for {item.item} to be under"


def _no_zone(name: str) -> Iterator[Fault]:
    if name and not is_zone(name):
        yield "exact-instant", f"{name!r:.80} is not an IANA time zone"


def _blank(names: Mapping[str, str]) -> Iterator[Fault]:
    for language, name in names.items():
        if is_blank(name):
            yield "empty", f"the name in {language} is blank"


def _backwards(seat: str, since: When, until: When, body: Body) -> Iterator[Fault]:
    if before(until, since, body.days_in) is True:
        because = f"seat {seat} would end on {until}, before it begins on {since}"
        yield "no-overlap-of-terms", because


def _unknown(kind: Kind, name: str, world: World) -> Iterator[Fault]:
    if name and not world.events(Stream(kind, name)):
        yield "known", f"there is no {kind} {name}"
