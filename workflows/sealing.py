"""What a decision becomes: events, numbered in their streams, with their circumstances."""

from __future__ import annotations

from domain.facts import Decision, Order, Recorded, made
from domain.register import NAMES
from domain.world import World


def sealed(
    order: Order, decision: Decision, world: World, asked: str, organisation: str
) -> list[Recorded]:
    """The decision's facts as events: numbered in their streams, with their circumstances.

    The first carries the findings, waivers and what was read; the others point at it.
    """
    versions = {happened.stream: world.version(happened.stream) for happened in decision.facts}
    alike = {
        "organisation": organisation,
        "position": 0,
        "received_at": order.received_at,
        "recorded_at": order.at,
        "actor": order.actor,
        "source": order.source,
        "authority": order.authority,
        "pack": decision.pack,
        "command_id": order.command_id,
        "command_hash": asked,
        "virtual": order.virtual,
        "offset_ms": order.offset_ms,
        "hash": "",
    }
    first = {
        "findings": decision.findings,
        "waivers": order.waivers,
        "reads": {str(stream): version for stream, version in world.fences.items() if version},
        "caused_by": "",
    }
    further: dict[str, object] = {"findings": (), "waivers": {}, "reads": {}}
    events: list[Recorded] = []
    for happened in decision.facts:
        versions[happened.stream] += 1
        own = {
            "stream": happened.stream,
            "version": versions[happened.stream],
            "name": NAMES[type(happened.fact)],
            "fact": happened.fact,
            "effective": happened.effective or order.when,
        }
        if events:
            further["caused_by"] = str(events[0].event_id)
        events.append(made(Recorded, {**alike, **own, **(further if events else first)}))
    return events
