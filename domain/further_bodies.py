"""Agendas, sessions and silences of several bodies, as in joint meetings."""

from __future__ import annotations

from collections.abc import Sequence

from domain.decision_context import DecisionContext
from domain.rules import require


def require_further_bodies(
    bodies: Sequence[str], own: Sequence[str], world: DecisionContext
) -> None:
    """Raise Refused unless these are bodies of the record that do not belong to it already."""
    require("empty", bodies, "name a further body")
    for name in bodies:
        world.body(name)
        require("new", name not in own, f"body {name} belongs to it already")
    require("new", len({*bodies}) == len(bodies), "a body is named once")
