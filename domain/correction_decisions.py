"""What a correction decides: that it names a fact, and that all can be read with it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import Any, Final

from msgspec import structs

from domain import field_paths
from domain.agenda.agenda import Agenda
from domain.agenda.events import WorkOrganized
from domain.canonical import digest
from domain.corrections import (
    CorrectFact,
    FactCorrected,
    apply_correction,
    apply_corrections,
    is_in_content,
    value_of,
)
from domain.decision_context import DecisionContext
from domain.documents import decisions as documents
from domain.folding import STATES
from domain.instants import UnclearTime
from domain.messages import Decision, NewEvent, Order, RecordedEvent
from domain.organization_of_work import decode_slots, encode_slots
from domain.rules import Refused, require
from domain.state_invariants import rule_violations
from domain.streams import Stream, StreamKind
from domain.times import When

BEFORE_SEATS: Final = frozenset({"under silence", "approval suspended"})
"""The approvals of items about whose text the seats are asked."""


def decide(command: CorrectFact, order: Order, world: DecisionContext) -> Decision:
    """Answer a correction. Raises Refused without authority, reason, or a fact to correct.

    A computed fact of a window is never corrected: there, rulings are the only way. Nor is a text
    about which its seats are asked, nor a role.
    """
    stream = command.stream
    roles = stream.kind is StreamKind.ORGANISATION
    require("role-granted", not roles, "roles are given and revoked; no correction gives one")
    history = world.events(stream)
    event = _corrected_event(command, order, history)
    whole = _with_slots(event, world)
    was = {path: value_of(whole, path) for path in command.now}
    for path, text in command.now.items():
        _require_value(path, was[path], text, world)
    correction = FactCorrected(
        version=command.version,
        was={path: field_paths.to_text(value) for path, value in was.items()},
        now=command.now,
        reason=command.reason,
    )
    read = apply_correction(whole, correction)
    fact, contents = _with_content(event, read, correction)
    _require_reading(history, apply_correction(event, fact), world)
    facts = (NewEvent(stream, fact), *documents.reserve_corrected_symbol(command, order, world))
    return Decision(facts, contents=contents)


def _corrected_event(
    command: CorrectFact, order: Order, history: Sequence[RecordedEvent]
) -> RecordedEvent:
    """The event that is corrected. Raises Refused where there is none, or no reason to."""
    found = [event for event in history if event.version == command.version]
    because = f"{command.stream} has no event {command.version}"
    require("correction-names-a-fact", found, because)
    grounds = command.reason and order.authority
    require("correction-has-reason", grounds, "say by what authority, why")
    require("empty", command.now, "a correction needs a corrected value")
    _require_no_outcome(found[0])
    return found[0]


def _require_no_outcome(event: RecordedEvent) -> None:
    """Neither in a computed window, nor where it told an agenda what became of its items."""
    of = event.stream.kind is StreamKind.WINDOW or bool(getattr(event.fact, "window", ""))
    because = f"event {event.version} of {event.stream} was computed for a window"
    require("correction-not-of-a-window", event.attested or not of, because)


def _require_value(path: str, was: object, text: str, world: DecisionContext) -> None:
    """What no type tells: how truth is written, what an id is, that a content is there."""
    last = path.rpartition(".")[2]
    require("new", last != "id", "an identity is given once, and never to another")
    if isinstance(was, When):
        _require_time(path, text)
    truth = not isinstance(was, bool) or text in field_paths.TRUTH
    require("correction-names-a-fact", truth, f"{path}: write yes or no")
    if last.endswith("hash") and text:
        world.content(text)


def _require_time(path: str, text: str) -> None:
    """Raise Refused for a corrected time that could not be entered."""
    try:
        When(text)
    except UnclearTime as error:
        raise Refused("correction-names-a-fact", f"{path}: {error}") from error


def _with_slots(event: RecordedEvent, world: DecisionContext) -> RecordedEvent:
    """The event as it would be if it held its content itself."""
    if isinstance(event.fact, WorkOrganized) and event.fact.text_hash:
        slots = decode_slots(world.content(event.fact.text_hash))
        return structs.replace(event, fact=structs.replace(event.fact, slots=slots, text_hash=""))
    return event


def _with_content(
    correction: RecordedEvent, read: RecordedEvent, event: FactCorrected
) -> tuple[FactCorrected, tuple[bytes, ...]]:
    """The correction, naming the content that it makes instead of the one that there was."""
    if not (
        isinstance(read.fact, WorkOrganized)
        and any(is_in_content(correction.fact, p) for p in event.now)
    ):
        return event, ()
    for slot in read.fact.slots:
        _ = slot.hours
    content = encode_slots(read.fact.slots)
    was: Any = correction.fact
    now = {"text_hash": digest(content), "count": str(len(read.fact.slots))}
    before = {"text_hash": was.text_hash, "count": str(was.count)}
    return structs.replace(event, now={**event.now, **now}, was={**event.was, **before}), (content,)


def _require_reading(
    history: Sequence[RecordedEvent], read: RecordedEvent, world: DecisionContext
) -> None:
    """Whatever came afterwards can be read with it, and breaks no rule that held without it."""
    events = apply_corrections(history)
    stood = _state(read.stream, events)
    before = {str(fault) for fault in rule_violations(stood, world)}
    events[read.version - 1] = read
    try:
        state = _state(read.stream, events)
    except (LookupError, TypeError, ValueError, StopIteration) as error:
        because = f"{read.stream} could not be read with it: {error}"
        raise Refused("correction-names-a-fact", because) from error
    for fault in rule_violations(state, world):
        if str(fault) not in before:
            raise fault
    if isinstance(stood, Agenda):
        _require_circulated_texts(stood, state, world)


def _require_circulated_texts(before: Agenda, after: Agenda, world: DecisionContext) -> None:
    """Raise Refused where the text of an item would be another than that which was circulated.

    The headings above items are part of it. After the approval, rules of packs tell of it:
    `approved-text-unchanged`.
    """
    texts = {item.id: (item.item, item.titles) for item in after.items}
    same_headings = before.headings == after.headings
    for item in before.items:
        if item.approval in BEFORE_SEATS and item.window and not world.window(item.window).attested:
            same = same_headings and texts.get(item.id) == (item.item, item.titles)
            because = f"item {item.item} is {item.approval}: it cannot be corrected"
            require("stage", same, because)


def _state(stream: Stream, events: Sequence[RecordedEvent]) -> Any:
    return reduce(lambda so_far, event: so_far.evolve(event), events, STATES[stream.kind]())
