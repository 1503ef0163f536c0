"""What a decision becomes: events, numbered in their streams, with their circumstances."""

from __future__ import annotations

from domain.decision_context import DecisionContext
from domain.messages import Decision, Order, RecordedEvent
from domain.type_registry import NAMES


def build_events(
    order: Order, decision: Decision, world: DecisionContext, command_hash: str, organisation: str
) -> list[RecordedEvent]:
    """The decision's facts as events: numbered in their streams, with their circumstances.

    The first carries the findings, the waivers, what was read, and the hash of the command, with
    which a repetition is compared; the others point at it.
    """
    versions = {happened.stream: world.version(happened.stream) for happened in decision.facts}
    events: list[RecordedEvent] = []
    for happened in decision.facts:
        versions[happened.stream] += 1
        first = not events
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
                findings=decision.findings if first else (),
                waivers=order.waivers if first else {},
                pack=decision.pack,
                command_id=order.command_id,
                command_hash=command_hash if first else "",
                caused_by="" if first else str(events[0].event_id),
                reads=_reads(world) if first else {},
                virtual=order.virtual,
                offset_ms=order.offset_ms,
            )
        )
    return events


def _reads(world: DecisionContext) -> dict[str, int]:
    """The version of each stream on which the decision relied."""
    return {str(stream): version for stream, version in world.fences.items() if version}
