"""What does not fit in a state: what no act would have been allowed to make of it.

A correction reaches every field, past the acts that check them; so it is held against this.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations

from domain import hour_spans
from domain.agenda import Agenda
from domain.agenda.item_numbers import item_key, repeated_numbers
from domain.agenda.items import find_item, has_title
from domain.body import Body
from domain.body.body import Seat
from domain.confusables import is_blank, name_problem, skeleton
from domain.decision_context import DecisionContext
from domain.documents import Document
from domain.rules import Refused
from domain.session import Session
from domain.streams import Stream, StreamKind
from domain.time_zones import is_zone
from domain.times import When, is_before


def rule_violations(state: object, world: DecisionContext) -> Iterator[Refused]:
    """Each rule of the record that a state breaks, as the refusal that an act would have had."""
    match state:
        case Body():
            yield from _of_body(state)
        case Session():
            yield from _of_session(state, world)
        case Agenda():
            yield from _of_agenda(state, world)
        case Document():
            yield from _unknown(StreamKind.BODY, state.body, world)
            yield from _unknown(StreamKind.AGENDA, state.agenda, world)


def _of_body(body: Body) -> Iterator[Refused]:
    yield from _no_zone(body.zone)
    yield from _blank(body.names)
    for seat in body.seats:
        yield from _no_zone(seat.zone)
        yield from _backwards(seat.seat, seat.since, seat.until, body)
        if why := name_problem(seat.seat):
            yield Refused("plain-id", f"seat {seat.seat!r:.80}: {why}")
    for term, other in combinations(body.seats, 2):
        yield from _of_two(term, other, body)
    for power in body.powers:
        yield from _backwards(power.seat, power.since, power.until, body)
        if all(seat.seat != power.seat for seat in body.seats):
            yield Refused("known", f"{body.id} has no seat {power.seat}")


def _of_two(seat: Seat, other: Seat, body: Body) -> Iterator[Refused]:
    """Two terms of one seat follow each other; two seats can be told apart."""
    if seat.seat != other.seat:
        if skeleton(seat.seat) == skeleton(other.seat):
            yield Refused("new", f"seat {seat.seat} cannot be told from seat {other.seat}")
        return
    ended = seat.until.known and is_before(seat.until, other.since, body.term_zone) is not False
    if not (ended or seat.until == other.since):
        yield Refused("no-overlap-of-terms", f"seat {seat.seat} is still held by {seat.holder}")


def _of_session(session: Session, world: DecisionContext) -> Iterator[Refused]:
    yield from _no_zone(session.zone)
    yield from _unknown(StreamKind.BODY, session.body, world)
    for part in session.parts:
        if is_before(part.ends, part.starts, session.zone) is True:
            yield Refused("session-dates", f"{part.ends} is before {part.starts}")
    for meeting in session.meetings:
        try:
            _ = (
                hour_spans.minutes_of_day(meeting.starts, meeting.ends)
                if meeting.starts or meeting.ends
                else ()
            )
        except Refused as refusal:
            yield refusal


def _of_agenda(agenda: Agenda, world: DecisionContext) -> Iterator[Refused]:
    yield from _unknown(StreamKind.BODY, agenda.body, world)
    yield from _unknown(StreamKind.BODY, agenda.approved_by, world)
    yield from _unknown(StreamKind.SESSION, agenda.session, world)
    if same := ", ".join(repeated_numbers(item.item for item in agenda.items)):
        yield Refused("new", f"two items would bear the number {same}")
    for item in agenda.items:
        if not item_key(item.item):
            yield Refused("empty", f"an item needs a number, and {item.item!r} shows none")
        if not has_title(item.titles):
            yield Refused("empty", f"item {item.item} needs a title")
        if item.under and not find_item(agenda.items, item.under):
            yield Refused("known", f"there is no item {item.under} for {item.item} to be under")
    for heading in agenda.headings:
        if not has_title(heading.titles):
            yield Refused("empty", f"heading {heading.id} needs its words")


def _no_zone(name: str) -> Iterator[Refused]:
    if name and not is_zone(name):
        yield Refused("exact-instant", f"{name!r:.80} is not an IANA time zone")


def _blank(names: Mapping[str, str]) -> Iterator[Refused]:
    for language, name in names.items():
        if is_blank(name):
            yield Refused("empty", f"the name in {language} is blank")


def _backwards(seat: str, since: When, until: When, body: Body) -> Iterator[Refused]:
    if is_before(until, since, body.term_zone) is True:
        because = f"seat {seat} would end on {until}, before it begins on {since}"
        yield Refused("no-overlap-of-terms", because)


def _unknown(kind: StreamKind, name: str, world: DecisionContext) -> Iterator[Refused]:
    if name and not world.events(Stream(kind, name)):
        yield Refused("known", f"there is no {kind} {name}")
