"""What a case expects after a step, beside what is so: value by value."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from msgspec import Struct

from domain.agenda import Agenda
from domain.agenda.item_numbers import known_spelling
from domain.body import Body
from domain.cases import NOTHING, VACANT, Expectation
from domain.decision_context import DecisionContext
from domain.documents import Document
from domain.messages import RecordedEvent
from domain.rules import Refused
from domain.session import Session
from domain.silence import Window, roster
from domain.silence.objection_tally import Voices
from domain.streams import Stream, StreamKind
from domain.symbols import Symbol
from domain.times import When

NOT_COMPARED: Final = "not asked"


class ComparedValue(NamedTuple):
    """One expected value with what is so; `name` says what it is, `place` where it stands."""

    place: tuple[str, ...]
    name: str
    wanted: object
    found: object

    @property
    def same(self) -> bool:
        return self.wanted == self.found


class RecordAfterStep(Struct, frozen=True, kw_only=True):
    """The record as it is after a step, whose effect is dated `when`; `now` is the clock's time."""

    world: DecisionContext
    of: Stream | None
    when: When
    now: datetime

    @property
    def at(self) -> When:
        """When holders and rosters are looked at: at the step, or else now."""
        return self.when if self.when.known else When.from_instant(self.now)


def compare_expectation(
    expect: Expectation, moment: RecordAfterStep, events: tuple[RecordedEvent, ...]
) -> Iterator[ComparedValue]:
    """Each value that is expected, beside what is so."""
    found = {finding.rule: str(finding.result) for one in events for finding in one.findings}
    for rule, result in expect.rules.items():
        yield ComparedValue(("rules", rule), f"rule {rule}", result, found.get(rule, NOT_COMPARED))
    for symbol, document in expect.symbols.items():
        stands = _stands_for(moment.world, symbol)
        yield ComparedValue(("symbols", symbol), f"symbol {symbol}", document, stands)
    places = [place for place in expect.asserted_places() if place[0] in _OF_STATE]
    if not places or moment.of is None:
        return
    if not moment.world.version(moment.of):
        for place in places:
            yield ComparedValue(place, str(moment.of), "in the record", "not in the record")
        return
    state = moment.world.state(moment.of)
    for kind in dict.fromkeys(place[0] for place in places):
        yield from _OF_STATE[kind](expect, state, moment)


def _stands_for(world: DecisionContext, symbol: str) -> str:
    """The document that all parts of a symbol stand for."""
    stands = {world.reservation(part).document or NOTHING for part in Symbol.parse(symbol).parts}
    return ", ".join(sorted(stands))


def _agenda(state: Any, moment: RecordAfterStep) -> Agenda | None:
    """The agenda itself, or the one that a window is about."""
    if isinstance(state, Agenda):
        return state
    return moment.world.agenda(state.subject.agenda) if state.subject.agenda else None


def _stage(expect: Expectation, state: Any, moment: RecordAfterStep) -> Iterator[ComparedValue]:
    agenda = _agenda(state, moment)
    yield ComparedValue(("stage",), "stage", expect.stage, agenda.stage if agenda else "no agenda")


def _items(expect: Expectation, state: Any, moment: RecordAfterStep) -> Iterator[ComparedValue]:
    agenda = _agenda(state, moment)
    stand = {item.item: item.approval for item in agenda.items} if agenda else {}
    for name, approval in expect.items.items():
        told = (
            stand.get(known_spelling(name, [*stand]))
            or f"no such item; there are {', '.join(stand) or NOTHING}"
        )
        yield ComparedValue(("items", name), f"item {name}", approval, told)


def _phase(expect: Expectation, window: Window, moment: RecordAfterStep) -> Iterator[ComparedValue]:
    yield ComparedValue(("phase",), "phase", expect.phase, str(window.phase(moment.now)))


def _outcome(expect: Expectation, window: Window, _: RecordAfterStep) -> Iterator[ComparedValue]:
    whole = window.parts == ("",)
    names = (*(["whole"] if whole else []), *window.subject.items)
    for part, outcome in expect.outcome.items():
        became = f"no such part; there are {', '.join(names)}"
        own = part if part in names else known_spelling(part, window.subject.items)
        if own in names:
            became = window.outcome("" if own == "whole" else own)
        yield ComparedValue(("outcome", part), f"outcome of {part}", outcome, became)


def _deadline(expect: Expectation, window: Window, _: RecordAfterStep) -> Iterator[ComparedValue]:
    yield ComparedValue(("deadline",), "deadline", *_times(expect.deadline, window.closes))


def _times(wanted: str, found: When | None) -> tuple[object, object]:
    """A time as it is expected, beside what is so; notations of one moment are the same."""
    told = When(wanted)
    if found is None:
        return told, "not yet"
    same = (
        told.has_hour
        and found.has_hour
        and (told.earliest, told.latest)
        == (
            found.earliest,
            found.latest,
        )
    )
    return told, told if same else found


def _dates(expect: Expectation, session: Session, _: RecordAfterStep) -> Iterator[ComparedValue]:
    number = int(expect.dates.get("part", len(session.parts)))
    if number > len(session.parts):
        called = f"only {len(session.parts)} were called"
        yield ComparedValue(("dates", "part"), "part of the session", number, called)
        return
    part = session.part(number)
    for name, wanted in expect.dates.items():
        if name == "venue":
            yield ComparedValue(("dates", name), name, wanted, part.venue)
        elif name != "part":
            yield ComparedValue(("dates", name), name, *_times(wanted, getattr(part, name)))


def _masthead(expect: Expectation, state: Any, moment: RecordAfterStep) -> Iterator[ComparedValue]:
    document: Document | None = state if isinstance(state, Document) else None
    if isinstance(state, Agenda) and state.document:
        document = moment.world.document(state.document)
    for name, wanted in expect.masthead.items():
        place, what = ("masthead", name), f"{name} of the document"
        if document is None:
            yield ComparedValue(place, what, wanted, "no document of the agenda is registered")
        elif name in {"date", "published"}:
            told = document.masthead_date if name == "date" else document.published
            yield ComparedValue(place, what, *_times(wanted, told))
        elif name == "languages":
            required = sorted(document.languages)
            yield ComparedValue(place, what, sorted(wanted.split()), required)
        else:
            yield ComparedValue(place, what, wanted, getattr(document, name))


def _holders(expect: Expectation, state: Any, moment: RecordAfterStep) -> Iterator[ComparedValue]:
    body = state if isinstance(state, Body) else moment.world.body(state.body)
    held = {seat.seat: seat.holder for seat in body.roster_at(moment.at)}
    known = {seat.seat for seat in body.seats}
    for name, holder in expect.holders.items():
        found = held.get(name, VACANT) if name in known else unknown_seat(name, known, body.id)
        yield ComparedValue(("holders", name), f"holder of {name}", holder, found)


def unknown_seat(name: str, known: set[str] | frozenset[str], of: str) -> str:
    """That there is no such seat, with the nearest that there is."""
    near = difflib.get_close_matches(name, known, n=1)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    return f"{name!r} is no seat of {of}{hint}"


def _seats(expect: Expectation, window: Window, moment: RecordAfterStep) -> Iterator[ComparedValue]:
    told = _by_name(window, moment.world)
    for name, wanted in expect.seats.items():
        found = told.get(name)
        so = sorted(found) if found is not None else "not told: the roster is not known"
        yield ComparedValue(("seats", name), f"seats: {name}", sorted(wanted), so)


def _by_name(window: Window, world: DecisionContext) -> dict[str, frozenset[str]]:
    """Seats by what they did or what became of them; what needs the roster only where it is."""
    counted = [one for one in window.responses if one.effective]
    late = [one for one in window.responses if one.standing == "late"]
    found = {
        "told": window.delivered,
        "delivery failed": window.unreached_seats,
        "answered": _who(counted),
        "objected": frozenset(
            name for one in window.responses if one.breaks for name in one.speakers_at(None)
        ),
        "explicitly no objection": _who(
            [one for one in counted if one.response.kind == "no objection" and not one.withdrawn]
        ),
        "late": _who(late),
    }
    if window.roster_hash:
        seats = {one.seat for one in roster.decode_roster(world.content(window.roster_hash))}
        found |= {"roster": frozenset(seats), "silent": frozenset(seats) - found["answered"]}
    return found


def _who(responses: Any) -> frozenset[str]:
    return frozenset(
        name for one in responses for name in (*one.response.seats, *one.response.on_behalf_of)
    )


def _counts(expect: Expectation, state: Any, moment: RecordAfterStep) -> Iterator[ComparedValue]:
    for name, wanted in expect.counts.items():
        yield ComparedValue(("counts", name), name, wanted, _COUNTS[name](state, moment))


_Count = Callable[[Any, RecordAfterStep], object]


def _responses(holds: Callable[[Any], bool]) -> _Count:
    return lambda window, _: len([one for one in window.responses if holds(one)])


_COUNTS: Final[Mapping[str, _Count]] = {
    "roster": lambda body, moment: len(body.roster_at(moment.at)),
    "parts": lambda session, _: len(session.parts),
    "meetings": lambda session, _: len(session.meetings),
    "interpreted": lambda session, _: len([m for m in session.meetings if m.interpretation]),
    "not interpreted": lambda session, _: len(
        [m for m in session.meetings if m.interpretation == ()]
    ),
    "items": lambda agenda, _: len([item for item in agenda.items if not item.under]),
    "documents": lambda agenda, _: len({d for item in agenda.items for d in item.documents}),
    "slots": lambda agenda, _: agenda.work.count,
    "bodies": lambda one, _: 1 + len(one.shared),
    "versions": lambda document, _: len(document.versions),
    "seats": lambda window, _: "unknown" if window.seats is None else window.seats,
    "notified": lambda window, _: len(window.delivered),
    "delivery failed": lambda window, _: len(window.unreached_seats),
    "responses": lambda window, _: len(window.responses),
    "objected": lambda window, moment: len(
        Voices.of_window(window, moment.world).objecting_members()
    ),
    "explicitly no objection": _responses(
        lambda one: one.effective and one.response.kind == "no objection"
    ),
    "waits for a ruling": _responses(lambda one: one.effective and one.breaks is None),
    "late": _responses(lambda one: one.standing == "late"),
}
"""How each number is counted, by its name, of the streams that it is counted of."""

_OF_STATE: Final[
    Mapping[str, Callable[[Expectation, Any, RecordAfterStep], Iterator[ComparedValue]]]
] = {
    "stage": _stage,
    "items": _items,
    "phase": _phase,
    "outcome": _outcome,
    "deadline": _deadline,
    "dates": _dates,
    "masthead": _masthead,
    "holders": _holders,
    "seats": _seats,
    "counts": _counts,
}


def unknown_seats(
    command: Any, actor_seat: str, world: DecisionContext
) -> Iterator[tuple[tuple[str, ...], str]]:
    """Seats that an act names and its body never had, each with its place in the step."""
    try:
        known, of = _known_seats(command, world)
    except Refused:  # the act is about a body or window that is not in the record
        return
    named: list[tuple[tuple[str, ...], str]]
    named = [(("seats", str(n)), name) for n, name in enumerate(getattr(command, "seats", ()), 1)]
    if actor_seat:
        named.append((("who",), actor_seat))
    if command.stream.kind is StreamKind.BODY and hasattr(command, "seat"):
        named.append((("seat",), command.seat))
    for place, name in named:
        if known and name not in known:
            yield place, unknown_seat(name, known, of)


def _known_seats(command: Any, world: DecisionContext) -> tuple[frozenset[str], str]:
    """All seats that the body of a command ever had, and the name of that body."""
    stream = command.stream
    if stream.kind is StreamKind.WINDOW and not hasattr(command, "subject"):
        body = world.body(world.window(stream.id).body)
    else:
        name = stream.id if stream.kind is StreamKind.BODY else getattr(command, "body", "")
        body = world.body(name) if name else Body()
    return frozenset(seat.seat for seat in body.seats), body.id
