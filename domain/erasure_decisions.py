"""Decisions on erasing a text: whether there is one, and whether it must still be kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Final

from domain.actors import Role
from domain.corrections import FactCorrected
from domain.decision_context import DecisionContext
from domain.erasures import EraseText, TextErased
from domain.messages import Decision, Fact, NewEvent, Order, RecordedEvent
from domain.rules import RulePack, require
from domain.silence import Window
from domain.silence.events import (
    ApprovalConfirmed,
    ApprovalRevoked,
    LateResponseReceived,
    ResponseAtMargin,
    ResponseFoundAfterClose,
    ResponseReceived,
    ResponseRefused,
    ResponseRuledUpon,
    SilenceBroken,
    SilenceLapsed,
)
from domain.streams import StreamKind

RETENTION: Final = "decisive-text-days"
"""The parameter of a body's rule pack: how many days after the outcome its texts are kept."""
STAFF: Final = (Role.SECRETARIAT, Role.PRESIDING_OFFICER)


def decide(command: EraseText, order: Order, world: DecisionContext) -> Decision:
    """Answer an order to erase. Raises Refused without authority, reason, or a text to erase."""
    require("live-now", not order.attested, "a text is erased now, not in history")
    require("live-role", order.actor.role in STAFF, "staff erase texts, by the authority they name")
    grounds = command.reason and order.authority
    require("erasing-has-reason", grounds, "say by what authority the text is erased, and why")
    history = world.events(command.stream)
    erased = _erased(history)
    meant = [event for event in history if _is_meant(event, command.version)]
    left = [event for event in meant if event.sealed and event.version not in erased]
    because = f"{command.stream} has no event {command.version} with a text that can be erased"
    require("erasing-of-a-sealed-text", left, because)
    _require_kept_long_enough(meant[0], order, world)
    facts = (
        TextErased(version=event.version, paths=event.sealed, reason=command.reason)
        for event in left
    )
    return Decision(tuple(NewEvent(command.stream, fact) for fact in facts))


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
    number = _number(event.fact)
    if event.stream.kind is not StreamKind.WINDOW or not number:
        return
    window: Window = world.state(event.stream)
    running = f"response {number} may still decide: the silence procedure {window.id} has not ended"
    require("decisive-text-kept", window.is_over, running)
    history = world.events(event.stream)
    outcomes = [known for known in history if number in _decided_by(known.fact)]
    if not outcomes:
        return
    days = _retention(world.pack_of(world.body(window.body), order.when))
    unset = f"the outcome rests on response {number}, and the body has not set {RETENTION}"
    require("decisive-text-kept", days is not None, unset)
    end = outcomes[-1].effective.latest + timedelta(days=days or 0)
    until = f"the outcome rests on response {number}: its text is kept until {end:%Y-%m-%d}"
    require("decisive-text-kept", end <= order.at, until)


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
