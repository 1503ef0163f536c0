"""Followers: read the log in order, fold each page, and keep rows and position together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Protocol

from domain.body import Body
from domain.facts import Recorded
from domain.ports import ChangedMeanwhile, History, Log
from domain.rules import RulePack
from domain.times import UNKNOWN
from domain.world import World
from workflows import status
from workflows.folding import Folded, States

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
        places: Mapping[tuple[str, str], tuple[str, str, str]],
        after: int | None = None,
    ) -> None:
        """Keep rows and position in one transaction; None takes a row away.

        `places` says of rows at which place of their view they stand, with which rank, and of
        what they are a part. Raises ChangedMeanwhile, and keeps nothing, when the follower no
        longer stands at `after`.
        """

    def parts(self, view: str, organisation: str, whole: str) -> Sequence[Mapping[str, object]]:
        """The rows of a view that are a part of `whole`; each holds its id."""


def catch_up(
    log: Log,
    views: Views,
    world_of: Callable[[History], World],
    *,
    folded: Folded | None = None,
    told: Callable[[str, int, int], None] | None = None,
) -> int:
    """Bring the status rows up to the end of every organisation's log; the number of events read.

    `folded` is what was folded the last time, for these views. `told` hears of progress:
    organisation, position reached, last position.
    """
    folded, count = Folded() if folded is None else folded, 0
    for organisation in log.organisations():
        history = log.history(organisation)
        last = history.last_position()
        while page := history.since(start := views.position("status", organisation), PAGE):
            states = folded.follow(history, start, page)
            made = _made(page, states, views, world_of(history), organisation)
            with suppress(ChangedMeanwhile):  # another follower was faster: read on from there
                views.keep(
                    "status",
                    organisation,
                    page[-1].position,
                    made.rows,
                    places=made.places,
                    after=start,
                )
            count += len(page)
            if told:
                told(organisation, page[-1].position, max(last, page[-1].position))
    return count


def _made(
    page: Sequence[Recorded], states: States, views: Views, world: World, organisation: str
) -> status.Kept:
    """The rows of what a page has touched, as they stand after it."""

    def agendas_of(session: str) -> Iterator[str]:
        return (str(row["id"]) for row in views.parts("agenda", organisation, session))

    def pack_of(body: Body) -> RulePack:
        return world.pack_of(body, UNKNOWN)

    return status.kept(status.touched(page), states, pack_of, agendas_of)
