"""Agendas, sessions and silences of several bodies, as in joint meetings."""

from __future__ import annotations

from collections.abc import Sequence

from domain.decision_context import World
from domain.rules import insist


def joined(bodies: Sequence[str], own: Sequence[str], world: World) -> None:
    """Raise Refused unless these are bodies of the record that do not belong to it already."""
    insist("empty", bodies, "name a further body")
    for name in bodies:
        world.body(name)
        insist("new", name not in own, f"body {name} belongs to it already")
    insist("new", len({*bodies}) == len(bodies), "a body is named once")
