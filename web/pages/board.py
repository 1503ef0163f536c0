"""The page of the status board."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from web.api import representations
from web.http.context import RequestContext
from web.page_context import PageContent, PageContext
from web.presenters import awaited_acts
from workflows.projections.pagination import Cursor
from workflows.queries.board import Board, Group


def page(context: PageContext, reader: RequestContext) -> PageContent:
    """The status board of all organisations."""
    behind = context.refresh()
    start = Cursor.parse(reader.page) if reader.page else None
    names = context.queries.record.organisations()
    board = context.queries.board(reader.now, reader.at)
    groups = board.groups(start)
    parked = () if reader.at else context.queries.record.parked()
    settled = not behind and not parked and all(group.whole for group in groups)
    values = {
        "behind": behind,
        "parked": parked,
        "stale": {(stream.organisation, stream.stream) for stream in parked},
        "groups": [group for group in groups if group.rows],
        "organisations": names,
        "acts_of_row": awaited_acts.of_board_row,
        "acts_of_window": awaited_acts.of_board_window,
        "then": max(map(board.moment, names), default=reader.now) if reader.at else reader.now,
    }
    return PageContent(
        "board.html",
        values,
        lambda: representations.board(groups, parked, reader, context.codec),
        _clock_instants(board, groups, reader) if settled else None,
    )


def _clock_instants(
    board: Board, groups: Sequence[Group], reader: RequestContext
) -> list[datetime]:
    """The ends of the clocks that are shown, and the next one that moves a row to another group."""
    if reader.at:
        return []
    windows = [window for group in groups for row in group.rows for window in row.windows]
    ends = [window.closes.latest for window in windows if window.closes.known]
    return [*ends, *board.next_end()]
