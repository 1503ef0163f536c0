"""Whether the kept rows are what the log says: made anew beside them, and compared."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from itertools import islice
from typing import Any, Final, Protocol, Self

from msgspec import Struct

from domain.decision_context import DecisionContext
from domain.ports.errors import Unavailable
from domain.ports.event_store import EventLog, History
from workflows.projections import catch_up

MOST: Final = 1_000
"""How many differences are told at most."""
_ATTEMPTS: Final = 5


class Views(catch_up.Views, Protocol):
    """Kept rows that can be read as a whole, and made anew beside themselves."""

    def all_rows(self) -> Iterator[tuple[Any, ...]]:
        """Every row in order: view, organisation, key, place, rank, part of, JSON."""

    def wrong_counts(self) -> Sequence[tuple[str, str, str]]:
        """View, organisation and place of each count that does not fit the rows."""

    def temporary_views(self) -> AbstractContextManager[Self]:
        """Empty views to be filled, and gone afterwards."""


class RowDifference(Struct, frozen=True):
    """A row, or a count, that is not what the log says."""

    organisation: str
    view: str
    key: str
    what: str


class Comparison(Struct, frozen=True):
    """How many events were read, and what differs: at most MOST of it."""

    events: int
    differences: Sequence[RowDifference]


def compare_views(
    log: EventLog,
    views: Views,
    world_of: Callable[[History], DecisionContext],
    told: Callable[[str, int, int], None] | None = None,
) -> Comparison:
    """Bring the rows up to date, make others from the whole log, and compare them.

    Raises Unavailable when other processes write so much that both never stand alike.
    """
    with views.temporary_views() as anew:
        events = 0
        for _ in range(_ATTEMPTS):
            catch_up.catch_up(log, views, world_of)
            events += catch_up.catch_up(log, anew, world_of, told=told)
            stands = _positions(log, views)
            if stands != _positions(log, anew):
                continue
            found = tuple(islice(row_differences(views, anew), MOST))
            if stands == _positions(log, views):
                return Comparison(events, found)
    raise Unavailable("The log grows too fast to be compared with the rows. Try again later.")


def row_differences(kept: Views, anew: Views) -> Iterator[RowDifference]:
    """What is kept otherwise than it was made anew, in order of view, organisation and key."""
    mine, others = kept.all_rows(), anew.all_rows()
    one, other = next(mine, None), next(others, None)
    while one or other:
        if other is None or (one and one[:3] < other[:3]):
            yield _difference(one, "is not in the log")
            one = next(mine, None)
        elif one is None or one[:3] > other[:3]:
            yield _difference(other, "is missing")
            other = next(others, None)
        else:
            if one != other and _read(one) != _read(other):
                yield _difference(one, "differs")
            one, other = next(mine, None), next(others, None)
    for view, organisation, place in kept.wrong_counts():
        yield RowDifference(organisation, view, place, "is miscounted")


def _difference(row: Any, what: str) -> RowDifference:
    view, organisation, key, *_ = row
    return RowDifference(organisation, view, key, what)


def _read(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """The row with its JSON read: the order of its fields says nothing."""
    return (*row[:-1], json.loads(row[-1]))


def _positions(log: EventLog, views: catch_up.Views) -> dict[str, int]:
    return {name: views.position("status", name) for name in log.organisations()}
