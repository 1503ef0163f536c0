"""Decisions on erasing a text: whether there is one, and whether it must still be kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Final

from domain.actors import Role
from domain.corrections import FactCorrected
from domain.decision_context import NO_RULES, DecisionContext
from domain.erasures import EraseText, TextErased
from domain.messages import Decision, Fact, NewEvent, Order, RecordedEvent
from domain.rules import RulePack, require
from domain.silence import Window
from domain.silence.events import (
    ApprovalConfirmed,
    ApprovalRevoked,
    LateResponseReceived,
    NoticesRecorded,
    ResponseAtMargin,
    ResponseFoundAfterClose,
    ResponseReceived,
    ResponseRefused,
    ResponseRuledUpon,
    SilenceBroken,
    SilenceLapsed,
    SilenceReleased,
)
from domain.streams import StreamKind

RETENTION: Final = "decisive-text-days"
"""The parameter of a body's rule pack: how many days after the outcome its texts are kept."""
OUTCOMES: Final = (SilenceBroken, SilenceLapsed, ApprovalConfirmed, ApprovalRevoked)
"""What decides a silence procedure; it rests on all that let the procedure run and end."""
STAFF: Final = (Role.SECRETARIAT, Role.PRESIDING_OFFICER)


def decide(command: EraseText, order: Order, world: DecisionContext) -> Decision:
    """Answer an order to erase. Raises Refused without authority, reason, or a text to erase."""
    require("live-now", not order.attested, "a text is erased now, not in history")
    because = "staff erase texts, and in what concerns roles the administrator, by an authority"
    require("live-role", order.actor.role in _erasers(command.stream.kind), because)
    grounds = command.reason and order.authority
    require("erasing-has-reason", grounds, "say by what authority the text is erased, and why")
    history = world.events(command.stream)
    left = events_to_erase(history, command.version)
    because = f"{command.stream} has no event {command.version} with a text that can be erased"
    require("erasing-of-a-sealed-text", left, because)
    named = next(event for event in history if event.version == command.version)
    _require_kept_long_enough(named, order, world)
    facts = (
        TextErased(version=event.version, paths=event.sealed, reason=command.reason)
        for event in left
    )
    return Decision(tuple(NewEvent(command.stream, fact) for fact in facts))


def events_to_erase(history: Sequence[RecordedEvent], version: int) -> Sequence[RecordedEvent]:
    """The events of a stream whose texts go with those of one of them: itself, its corrections.

    None of those without a text of a key of its own, and of those whose texts were erased before.
    """
    erased = _erased(history)
    meant = (event for event in history if _is_meant(event, version))
    return [event for event in meant if event.sealed and event.version not in erased]


def _erasers(kind: StreamKind) -> tuple[Role, ...]:
    """Who erases texts: of the organisation as a whole those who grant its roles."""
    return (Role.ADMINISTRATOR,) if kind is StreamKind.ORGANISATION else STAFF


def _erased(history: Iterable[RecordedEvent]) -> set[int]:
    """The versions of the events whose texts were erased before."""
    return {event.fact.version for event in history if isinstance(event.fact, TextErased)}


def _is_meant(event: RecordedEvent, version: int) -> bool:
    """Whether it is the event itself, or a correction of it."""
    fact = event.fact
    return event.version == version or (isinstance(fact, FactCorrected) and fact.version == version)


def _require_kept_long_enough(event: RecordedEvent, order: Order, world: DecisionContext) -> None:
    """A text on which an outcome rests is kept as long as the body keeps such texts.

    That is unknown until the body has said so. Raises Refused.
    """
    if not (what := _bearing(event)):
        return
    ends = _ends_resting_on(event, what, world)
    if not ends:
        return
    days = _retention(_pack_for(event, order, world))
    unset = f"the outcome rests on {what}, and the body has not set {RETENTION}"
    require("decisive-text-kept", days is not None, unset)
    end = ends[-1].effective.latest + timedelta(days=days or 0)
    until = f"the outcome rests on {what}: its text is kept until {end:%Y-%m-%d}"
    require("decisive-text-kept", end <= order.at, until)


def _bearing(event: RecordedEvent) -> str:
    """What of an event may bear an outcome, in words; empty where nothing does."""
    if number := _number(event.fact):
        return f"response {number}"
    match event.fact:
        case NoticesRecorded(result="waived"):
            return "a notice that was waived"
        case SilenceReleased(hold=number):
            return f"the release of hold {number}"
    return f"the waiver of {', '.join(event.waivers)}" if event.waivers else ""


def _ends_resting_on(
    event: RecordedEvent, what: str, world: DecisionContext
) -> Sequence[RecordedEvent]:
    """The events with an outcome that rests on this one, in their order.

    Where no silence procedure decides, a waiver bears what was done by it. Raises Refused while
    a procedure still runs.
    """
    if event.stream.kind is not StreamKind.WINDOW:
        return (event,)
    window: Window = world.state(event.stream)
    running = f"{what} may still decide: the silence procedure {window.id} has not ended"
    require("decisive-text-kept", window.is_over, running)
    number = _number(event.fact)
    history = world.events(event.stream)
    if number:
        return [known for known in history if number in _decided_by(known.fact)]
    return [known for known in history if isinstance(known.fact, OUTCOMES)]


def _pack_for(event: RecordedEvent, order: Order, world: DecisionContext) -> RulePack:
    """The rules of the body to which an event belongs; none for one of the organisation."""
    kind, name = event.stream.kind, event.stream.id
    body = name if kind is StreamKind.BODY else getattr(world.state(event.stream), "body", "")
    return world.pack_of(world.body(body), order.when) if body else NO_RULES


def _retention(pack: RulePack) -> int | None:
    """How many days texts are kept that decided an outcome; None where that is not known."""
    written = pack.parameters.get(RETENTION, "")
    return int(written) if written else None


def _number(fact: Fact) -> int:
    """The response whose text, or whose ruling, an event holds; 0 for any other event."""
    match fact:
        case (
            ResponseReceived(number=number)
            | LateResponseReceived(number=number)
            | ResponseRefused(number=number)
            | ResponseAtMargin(number=number)
            | ResponseFoundAfterClose(number=number)
            | ResponseRuledUpon(number=number)
        ):
            return number
    return 0


def _decided_by(fact: Fact) -> Sequence[int]:
    """The responses on which the outcome in an event rests."""
    match fact:
        case SilenceBroken(by=numbers):
            return numbers
        case SilenceLapsed(responses=numbers) | ApprovalConfirmed(responses=numbers):
            return numbers
        case ApprovalRevoked(responses=numbers):
            return numbers
        case ResponseFoundAfterClose(suspends=True, number=number, responses=numbers):
            return (number, *numbers)
    return ()
