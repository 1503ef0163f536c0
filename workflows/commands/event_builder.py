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
    if order.seen is not None:
        version = world.version(order.command.stream)
        because = f"{order.command.stream} was at event {order.seen} then, and is at {version} now"
        require("seen-version", version == order.seen, because)
    if order.further:
        return _events_together(order, world, command_hash, organisation)
    decision = decide(order, world)
    events = _events(order, decision, world, organisation, command_hash=command_hash)
    return events, decision.contents


def _events_together(
    order: Order, world: DecisionContext, command_hash: str, organisation: str
) -> tuple[list[RecordedEvent], tuple[bytes, ...]]:
    """The events of several commands. Raises ActsRefused with every refusal."""
    events: list[RecordedEvent] = []
    decisions: list[Decision] = []
    refusals: dict[int, Refused] = {}
    for number, command in enumerate(order.commands):
        single = structs.replace(order, command=command, further=())
        try:
            decision = decide(single, world)
        except Refused as refused:
            refusals[number] = refused
            continue
        made = _events(order, decision, world, organisation, first=events[0] if events else None)
        world.count_in(made, decision.contents)
        events += made
        decisions.append(decision)
    if refusals:
        raise ActsRefused(refusals)
    if events:
        events[0] = _first(events[0], decisions, world, command_hash)
    return events, tuple(content for decision in decisions for content in decision.contents)


def _first(
    event: RecordedEvent, decisions: Sequence[Decision], world: DecisionContext, command_hash: str
) -> RecordedEvent:
    """The first event of several commands, which holds what all of them found and read.

    It also carries the hash of the order, with which a repetition is compared.
    """
    findings: dict[Finding, None] = {}
    for decision in decisions:
        findings |= dict.fromkeys(decision.findings)
    packs = {decision.pack for decision in decisions if decision.findings}
    require("acts-together", len(packs) < 2, "these acts are judged by different rule packs")
    return structs.replace(
        event,
        findings=tuple(findings),
        pack=next(iter(packs), event.pack),
        command_hash=command_hash,
        reads=_reads(world),
    )


def _events(
    order: Order,
    decision: Decision,
    world: DecisionContext,
    organisation: str,
    *,
    command_hash: str = "",
    first: RecordedEvent | None = None,
) -> list[RecordedEvent]:
    """A decision's facts as events.

    The first of all carries the findings, the waivers, what was read, and the hash of the command,
    with which a repetition is compared; the others point at it. `first` is that one, if there is
    one already.
    """
    versions = {happened.stream: world.version(happened.stream) for happened in decision.facts}
    events: list[RecordedEvent] = []
    for happened in decision.facts:
        versions[happened.stream] += 1
        event = RecordedEvent(
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
            findings=() if first else decision.findings,
            waivers={} if first else order.waivers,
            pack=decision.pack,
            command_id=order.command_id,
            command_hash="" if first else command_hash,
            caused_by=str(first.event_id) if first else "",
            reads={} if first else _reads(world),
            virtual=order.virtual,
            offset_ms=order.offset_ms,
            stated=order.stated and happened.effective is None,
        )
        first = first or event
        events.append(event)
    return events


def _reads(world: DecisionContext) -> dict[str, int]:
    """The version of each stream on which the decisions relied."""
    return {str(stream): version for stream, version in world.fences.items() if version}
