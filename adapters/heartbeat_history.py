"""When a store was served, as spans of time, and the longest gap between them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

KEPT_TIMES: Final = timedelta(days=3)
"""How long it is remembered when a store was served; only the last day of a window matters."""
FRESH_SECONDS: Final = 30.0
"""Seconds within which the server that is at work has written last."""


def longest_gap(
    times: Sequence[tuple[datetime, datetime]], since: datetime, until: datetime
) -> timedelta:
    """The longest time between two moments in which none of these times of service lay."""
    longest, reached = timedelta(0), since
    for begun, ended in sorted(times):
        if begun < until:
            longest = max(longest, begun - reached)
            reached = max(reached, ended)
    return max(longest, until - reached)
