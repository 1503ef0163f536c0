"""What may be put under silence in an organisation, and by which bodies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from domain.body import Body
from domain.rules import Force, RulePack
from domain.times import UNKNOWN
from domain.world import World


@dataclass(frozen=True, kw_only=True)
class Openable:
    """The bodies with a roster, the agendas with submitted items, and the windows that ended."""

    bodies: tuple[Body, ...]
    agendas: tuple[str, ...]
    ended: tuple[str, ...]
    waivable: Mapping[str, str]
    """What the rules demand that can be waived with a reason, by the id of the rule."""


def openable(
    world: World, bodies: Iterable[str], agendas: Iterable[str], windows: Iterable[str]
) -> Openable:
    """What may come under silence among these."""
    asked = tuple(body for body in map(world.body, bodies) if body.seats)
    packs = [world.pack_of(body, UNKNOWN) for body in asked]
    return Openable(
        bodies=asked,
        agendas=tuple(one for one in agendas if world.agenda(one).standing("submitted")),
        ended=tuple(one for one in windows if world.window(one).over),
        waivable={rule: demand for pack in packs for rule, demand in _waivable(pack)},
    )


def _waivable(pack: RulePack) -> list[tuple[str, str]]:
    """The rules on openings that bind unless they are waived."""
    return [
        (name, rule.demand)
        for name, rule in pack.rules.items()
        if name.startswith("silence-") and rule.force is Force.WAIVE
    ]
