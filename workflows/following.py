"""Followers: read the log in order, fold each page, and keep rows and position together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Protocol

from domain.ports import ChangedMeanwhile, History, Log
from domain.world import World
from workflows import status

PAGE = 1_000


class Views(Protocol):
    """Rows made from the log; they can be made anew at any time."""

    def position(self, follower: str, organisation: str) -> int:
        """Up to which position this follower has kept its rows; 0 at the start."""

    def keep(
        self,
        follower: str,
        organisation: str,
        position: int,
        rows: Mapping[tuple[str, str], Mapping[str, object] | None],
        *,
        after: int | None = None,
    ) -> None:
        """Keep rows and position in one transaction; None takes a row away.

        Raises ChangedMeanwhile, and keeps nothing, when the follower no longer stands at `after`.
        """


def catch_up(
    log: Log,
    views: Views,
    world_of: Callable[[History], World],
    *,
    told: Callable[[str, int, int], None] | None = None,
) -> int:
    """Bring the status rows up to the end of every organisation's log; the number of events read.

    `told` hears of progress: organisation, position reached, last position.
    """
    count = 0
    for organisation in log.organisations():
        history = log.history(organisation)
        last = history.last_position()
        while page := history.since(start := views.position("status", organisation), PAGE):
            world = world_of(history)
            made: dict[tuple[str, str], Mapping[str, object] | None] = {}
            for stream in sorted(status.touched(page)):
                made |= status.rows(stream, world)
            with suppress(ChangedMeanwhile):  # another follower was faster: read on from there
                views.keep("status", organisation, page[-1].position, made, after=start)
            count += len(page)
            if told:
                told(organisation, page[-1].position, max(last, page[-1].position))
    return count
