"""What an order becomes: events, numbered in their streams, with their circumstances."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import structs

from domain.decide import decide
from domain.decision_context import DecisionContext
from domain.messages import Decision, Order, RecordedEvent
from domain.rules import ActsRefused, Finding, Refused, require
from domain.type_registry import NAMES


def events_of_order(
    order: Order, world: DecisionContext, command_hash: str, organisation: str
) -> tuple[list[RecordedEvent], tuple[bytes, ...]]:
    """All events that an order causes, and the contents to which they refer.

    Where it has several commands, each is decided on what those before it cause, and all of them
    or none are carried out. Raises Refused; ActsRefused with every refusal where several commands
    were given.
    """
    version = world.version(order.command.stream) if order.seen is not None else None
    because = f"{order.command.stream} was at event {order.seen} then, and is at {version} now"
    require("seen-version", version == order.seen, because)
    events: list[RecordedEvent] = []
    decisions: list[Decision] = []
    refusals: dict[int, Refused] = {}
    for number, command in enumerate(order.commands):
        single = structs.replace(order, command=command, further=()) if order.further else order
        try:
            decision = decide(single, world)
        except Refused as refused:
            refusals[number] = refused
            continue
        made = _events(order, decision, world, organisation, events)
        if order.further:
            world.count_in(made, decision.contents)
        events += made
        decisions.append(decision)
    if refusals:
        raise ActsRefused(refusals) if order.further else refusals[0]
    if events:
        events[0] = _first(events[0], order, decisions, world, command_hash)
    return events, tuple(content for decision in decisions for content in decision.contents)


def _first(
    event: RecordedEvent,
    order: Order,
    decisions: Sequence[Decision],
    world: DecisionContext,
    command_hash: str,
) -> RecordedEvent:
    """The first event, which tells for all what was found and waived, and what was read.

    It also carries the hash of the command, with which a repetition is compared.
    """
    findings: dict[Finding, None] = {}
    for decision in decisions:
        findings |= dict.fromkeys(decision.findings)
    packs = {decision.pack for decision in decisions if decision.findings}
    require("acts-together", len(packs) < 2, "these acts are judged by different rule packs")
    return structs.replace(
        event,
        findings=tuple(findings),
        waivers=order.waivers,
        pack=next(iter(packs), event.pack),
        command_hash=command_hash,
        reads={str(stream): version for stream, version in world.fences.items() if version},
    )


def _events(
    order: Order,
    decision: Decision,
    world: DecisionContext,
    organisation: str,
    before: Sequence[RecordedEvent],
) -> list[RecordedEvent]:
    """A decision's facts as events; all of an order but the first of all point at that single."""
    versions = {happened.stream: world.version(happened.stream) for happened in decision.facts}
    events: list[RecordedEvent] = []
    for happened in decision.facts:
        versions[happened.stream] += 1
        first = before or events
        events.append(
            RecordedEvent(
                organisation=organisation,
                stream=happened.stream,
                version=versions[happened.stream],
                position=0,
                name=NAMES[type(happened.fact)],
                fact=happened.fact,
                effective=happened.effective or order.when,
                received_at=order.received_at,
                recorded_at=order.at,
                actor=order.actor,
                source=order.source,
                authority=order.authority,
                pack=decision.pack,
                command_id=order.command_id,
                caused_by=str(first[0].event_id) if first else "",
                virtual=order.virtual,
                offset_ms=order.offset_ms,
            )
        )
    return events
