"""What a case expects after a step, beside what is so: value by value."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from domain.agenda import Agenda
from domain.agenda.item_numbers import known_spelling
from domain.cases import NOTHING, Expectation
from domain.decision_context import DecisionContext
from domain.documents import Document
from domain.messages import RecordedEvent
from domain.session import Session
from domain.silence import Window
from domain.symbols import Symbol
from workflows.scenarios.compared_values import (
    NOT_COMPARED,
    ComparedValue,
    RecordAfterStep,
    compare_times,
)
from workflows.scenarios.expected_counts import compare_counts
from workflows.scenarios.expected_seats import compare_holders, compare_seats


def compare_expectation(
    expect: Expectation, moment: RecordAfterStep, events: tuple[RecordedEvent, ...]
) -> Iterator[ComparedValue]:
    """Each value that is expected, beside what is so."""
    found = {finding.rule: str(finding.result) for event in events for finding in event.findings}
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
        found = (
            stand.get(known_spelling(name, [*stand]))
            or f"no such item; there are {', '.join(stand) or NOTHING}"
        )
        yield ComparedValue(("items", name), f"item {name}", approval, found)


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
    yield ComparedValue(("deadline",), "deadline", *compare_times(expect.deadline, window.closes))


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
            yield ComparedValue(("dates", name), name, *compare_times(wanted, getattr(part, name)))


def _masthead(expect: Expectation, state: Any, moment: RecordAfterStep) -> Iterator[ComparedValue]:
    document: Document | None = state if isinstance(state, Document) else None
    if isinstance(state, Agenda) and state.document:
        document = moment.world.document(state.document)
    for name, wanted in expect.masthead.items():
        place, what = ("masthead", name), f"{name} of the document"
        if document is None:
            yield ComparedValue(place, what, wanted, "no document of the agenda is registered")
        elif name in {"date", "published"}:
            known = document.masthead_date if name == "date" else document.published
            yield ComparedValue(place, what, *compare_times(wanted, known))
        elif name == "languages":
            required = sorted(document.languages)
            yield ComparedValue(place, what, sorted(wanted.split()), required)
        else:
            yield ComparedValue(place, what, wanted, getattr(document, name))


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
    "holders": compare_holders,
    "seats": compare_seats,
    "counts": compare_counts,
}
