"""How far rows are behind the log, and waiting for the process that brings them up to its end."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Final

from domain.ports.event_store import Log
from domain.ports.read_models import Positions

WAITS: Final = 0.3
"""Seconds that a page waits for the follower, before it takes the work over."""
PATIENT: Final = 3.0
"""The same for what runs by itself, and can let the follower have its time."""
WORKS: Final = 5.0
"""Seconds that a reader works at most, before it is shown what there is with a note."""
LOOKS: Final = 0.02


def ends(log: Log) -> dict[str, int]:
    """The last position of each organisation's log."""
    return {name: log.history(name).last_position() for name in log.organisations()}


def missing(goal: Mapping[str, int], views: Positions, follower: str) -> int:
    """How many events are missing up to these positions."""
    return sum(max(0, last - views.position(follower, name)) for name, last in goal.items())


def reached(goal: Mapping[str, int], views: Positions, follower: str, seconds: float) -> bool:
    """Whether a follower comes to these positions within so many seconds."""
    until = time.monotonic() + seconds
    while missing(goal, views, follower):
        if time.monotonic() > until:
            return False
        time.sleep(LOOKS)
    return True
