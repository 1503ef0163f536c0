"""The status board: what stands where, what is awaited, by whom, and until when."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Final

from msgspec import Struct, structs

from domain.ports.read_models import HIGHEST, RowReader
from domain.rules import require
from workflows.projections import board_order
from workflows.projections.board_order import sortable_rank
from workflows.projections.pagination import Cursor, ListSpan, RowPage, read_row_page
from workflows.projections.rows import BoardEntryRow
from workflows.projections.stream_rows import StatusRows
from workflows.queries import board_rows
from workflows.queries.board_rows import BoardRow
from workflows.queries.related_rows import related_rows

RUNNING: Final = board_rows.RUNNING
WAITING: Final = "waiting for somebody"
FINISHED: Final = board_rows.FINISHED
GROUPS: Final = {"running": RUNNING, "waiting": WAITING, "finished": FINISHED}
"""The groups of the board in their order, by the word that stands for each in addresses."""
PASSED: Final = "passed"
"""The place of clocks that had run out at a past moment; rows that are kept never stand there."""
PAGE: Final = 50
"""How many rows of a group are shown at once."""


class Group(Struct, frozen=True):
    """A part of the board: how many rows it has, some of them, and where others are."""

    name: str
    count: int
    rows: Sequence[BoardRow]
    earlier: Cursor | None = None
    later: Cursor | None = None
    whole: bool = True
    """Whether each of the rows could be read; some cannot at the moment when all are rebuilt."""


@dataclass(frozen=True)
class Board:
    """The status board at one moment: what stands where, from rows kept or made for it.

    `moment` is the one that is looked at in an organisation. `now` tells clocks that run from
    those that have run out; it is EARLIEST where the rows are `settled` as of a moment.
    """

    kept: RowReader
    now: datetime
    moment: Callable[[str], datetime]

    def groups(self, start: Cursor | None = None) -> list[Group]:
        """The groups in their order, or one of them from a row on.

        Raises Refused for a row that cannot be there.
        """
        return [self._group(name, start) for name in ([_named(start)] if start else GROUPS)]

    def rows(self, start: Cursor | None = None) -> Iterator[BoardRow]:
        """Every row, or every one after a row; read page by page. Raises Refused like `groups`."""
        names = [*GROUPS]
        for name in names[names.index(_named(start)) if start else 0 :]:
            group = self._group(name, start)
            yield from group.rows
            while group.later:
                group = self._group(name, group.later)
                yield from group.rows
            start = None

    def next_end(self) -> list[datetime]:
        """The end of the clock that runs out next, on whichever page its row stands; or none."""
        after = (sortable_rank(self.now), HIGHEST, HIGHEST)
        marks = self.kept.list_rows("board", board_order.CLOCK, 1, after=after)
        return [board_order.ranked_instant(rank) for rank, _, _ in marks]

    def _group(self, name: str, start: Cursor | None) -> Group:
        found = read_row_page(self.kept, "board", _spans(name, self.now), PAGE, start)
        rows = self._rows(name, found)
        whole = len(rows) == len(found.entries)
        group = Group(GROUPS[name], self._counts[name], rows, whole=whole)
        if rows and found.earlier:
            first = structs.replace(Cursor.parse(rows[0].cursor), back=True)
            group = structs.replace(group, earlier=first)
        if rows and found.later:
            group = structs.replace(group, later=Cursor.parse(rows[-1].cursor))
        return group

    @cached_property
    def _counts(self) -> Mapping[str, int]:
        """How many rows each group has."""
        counts = self.kept.counts("board")
        past = self.kept.count_up_to("board", board_order.CLOCK, sortable_rank(self.now))
        return {name: _count(name, counts, past) for name in GROUPS}

    def _rows(self, group: str, found: RowPage) -> list[BoardRow]:
        """The rows of a page, with what belongs to them from other views."""
        related = related_rows(self.kept, [mark for _, mark in found.entries])
        rows = []
        for place, mark in found.entries:
            _, organisation, key = mark
            if organisation not in related:
                continue
            now = self.moment(organisation)
            row = board_rows.board_row(organisation, key, related[organisation], now, GROUPS[group])
            if row:  # else the rows are being rebuilt at this moment
                rows.append(structs.replace(row, cursor=str(Cursor(group, place, mark))))
        return rows


def _named(start: Cursor) -> str:
    """The group in which a row is. Raises Refused for one that is none."""
    require("known", start.group in GROUPS, f"no page {str(start)[:80]}")
    return start.group


def rows_as_of(kept: StatusRows, moment: datetime) -> StatusRows:
    """Rows made from a log as it stood, at the places where they stood at that moment (UTC)."""
    passed = {
        name: (PASSED, rank, part_of)
        for name, (place, rank, part_of) in kept.places.items()
        if name[0] == BoardEntryRow.view
        and place == board_order.CLOCK
        and rank <= sortable_rank(moment)
    }
    return StatusRows(kept.rows, kept.places | passed)


def _spans(group: str, now: datetime) -> tuple[ListSpan, ...]:
    """What a group consists of: running clocks, nearest end first; the newest of what is over."""
    passed = (sortable_rank(now), HIGHEST, HIGHEST)
    return {
        "running": (ListSpan(board_order.CLOCK, after=passed), ListSpan(board_order.STOPPED)),
        "waiting": (
            ListSpan(PASSED),
            ListSpan(board_order.CLOCK, before=passed),
            ListSpan(board_order.WAITING),
        ),
        "finished": (ListSpan(board_order.FINISHED, backwards=True),),
    }[group]


def _count(group: str, counts: Mapping[str, int], past: int) -> int:
    """How many rows a group has; `past` is how many clocks have run out."""
    clocks, stopped = counts.get(board_order.CLOCK, 0), counts.get(board_order.STOPPED, 0)
    return {
        "running": clocks - past + stopped,
        "waiting": counts.get(PASSED, 0) + past + counts.get(board_order.WAITING, 0),
        "finished": counts.get(board_order.FINISHED, 0),
    }[group]
