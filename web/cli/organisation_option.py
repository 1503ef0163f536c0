"""Which organisation of a store is meant."""

from __future__ import annotations

from domain.rules import require
from workflows.application import Application


def resolve_organisation(placet: Application, name: str) -> str:
    """The named organisation, or the only one. Raises Refused when that is not clear."""
    known = sorted(placet.recovery.store.organisations())
    if name:
        return name
    because = f"say which organisation, with -o: {', '.join(known) or 'the store is empty'}"
    require("known", len(known) == 1, because)
    return known[0]
