"""How far rows are behind the log, and waiting for the process that brings them up to its end."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Final

from domain.ports.event_store import EventLog
from domain.ports.read_models import Positions

LEADER_WAIT_SECONDS: Final = 0.3
"""Seconds that a page waits for the follower, before it takes the work over."""
WAIT_SECONDS: Final = 3.0
"""The same for what runs by itself, and can let the follower have its time."""
CATCH_UP_SECONDS: Final = 5.0
"""Seconds that a reader works at most, before it is shown what there is with a note."""
POLL_SECONDS: Final = 0.02


def log_ends(log: EventLog) -> dict[str, int]:
    """The last position of each organisation's log."""
    return {name: log.history(name).last_position() for name in log.organisations()}


def events_behind(goal: Mapping[str, int], views: Positions, follower: str) -> int:
    """How many events are missing up to these positions."""
    return sum(max(0, last - views.position(follower, name)) for name, last in goal.items())


def is_ahead(log: EventLog, views: Positions, follower: str) -> bool:
    """Whether a follower has read further than a log goes, as after an older copy took its place.

    Its position is read first, so that a log that grows meanwhile does not seem shorter.
    """
    positions = {name: views.position(follower, name) for name in log.organisations()}
    return any(log.history(name).last_position() < at for name, at in positions.items())


def wait_until_reached(
    goal: Mapping[str, int], views: Positions, follower: str, seconds: float
) -> bool:
    """Whether a follower comes to these positions within so many seconds."""
    until = time.monotonic() + seconds
    while events_behind(goal, views, follower):
        if time.monotonic() > until:
            return False
        time.sleep(POLL_SECONDS)
    return True
