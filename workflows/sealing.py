"""What a decision becomes: events, numbered in their streams, with their circumstances."""

from __future__ import annotations

from dataclasses import replace

from domain.facts import Decision, Order, Recorded
from domain.register import NAMES
from domain.world import World


def sealed(
    order: Order, decision: Decision, world: World, asked: str, organisation: str
) -> list[Recorded]:
    """The decision's facts as events: numbered in their streams, with their circumstances.

    The first carries the findings, waivers and what was read; the others point at it.
    """
    events: list[Recorded] = []
    versions = dict(world.fences)
    for happened in decision.facts:
        version = versions.get(happened.stream, world.version(happened.stream)) + 1
        versions[happened.stream] = version
        events.append(
            Recorded(
                organisation=organisation,
                stream=happened.stream,
                version=version,
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
                command_hash=asked,
                caused_by=str(events[0].event_id) if events else "",
                virtual=order.virtual,
                offset_ms=order.offset_ms,
            )
        )
    if events:
        events[0] = replace(
            events[0],
            findings=decision.findings,
            waivers=order.waivers,
            reads={str(stream): version for stream, version in world.fences.items() if version},
        )
    return events
