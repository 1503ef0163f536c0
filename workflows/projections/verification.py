"""Whether the kept rows are what the log says: rebuilt beside them, and compared."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any, Final

from msgspec import Struct

from domain.decision_context import DecisionContext
from domain.ports.errors import Unavailable
from domain.ports.event_store import EventLog, History
from domain.ports.read_models import Positions, Views
from workflows.projections import catch_up

MOST: Final = 1_000
"""How many differences are reported at most."""
_ATTEMPTS: Final = 5


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
    on_progress: Callable[[str, int, int], None] | None = None,
) -> Comparison:
    """Bring the rows up to date, make others from the whole log, and compare them.

    Raises Unavailable when other processes write so much that both never stand alike.
    """
    with views.temporary_views() as rebuilt:
        events = 0
        for _ in range(_ATTEMPTS):
            catch_up.catch_up(log, views, world_of)
            events += catch_up.catch_up(log, rebuilt, world_of, on_progress=on_progress)
            stands = _positions(log, views)
            if stands != _positions(log, rebuilt):
                continue
            found = tuple(islice(row_differences(views, rebuilt), MOST))
            if stands == _positions(log, views):
                return Comparison(events, found)
    raise Unavailable("The log grows too fast to be compared with the rows. Try again later.")


def row_differences(kept: Views, rebuilt: Views) -> Iterator[RowDifference]:
    """What is kept otherwise than it was rebuilt, in order of view, organisation and key."""
    rows, expected = kept.all_rows(), rebuilt.all_rows()
    row, other = next(rows, None), next(expected, None)
    while row or other:
        if other is None or (row and row[:3] < other[:3]):
            yield _difference(row, "is not in the log")
            row = next(rows, None)
        elif row is None or row[:3] > other[:3]:
            yield _difference(other, "is missing")
            other = next(expected, None)
        else:
            if row != other and _read(row) != _read(other):
                yield _difference(row, "differs")
            row, other = next(rows, None), next(expected, None)
    for view, organisation, place in kept.wrong_counts():
        yield RowDifference(organisation, view, place, "is miscounted")


def _difference(row: Any, what: str) -> RowDifference:
    view, organisation, key, *_ = row
    return RowDifference(organisation, view, key, what)


def _read(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """The row with its JSON read: the order of its fields says nothing."""
    return (*row[:-1], json.loads(row[-1]))


def _positions(log: EventLog, views: Positions) -> dict[str, int]:
    return {name: views.position("status", name) for name in log.organisations()}
