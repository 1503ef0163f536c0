"""The page of the status board."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from domain.access.permissions import ViewKind
from domain.access.roles import AccessRole
from domain.body import Body
from domain.ports.errors import ParkedStream
from web.api import representations
from web.http.context import RequestContext
from web.page_context import PageContent, PageContext
from web.presenters import awaited_acts
from web.presenters.awaited_acts import ActLink
from workflows.acts.body import ESTABLISH
from workflows.acts.organisation import SETTINGS
from workflows.acts.window_opening import OPEN
from workflows.projections.pagination import Cursor
from workflows.queries.board import Board, Group
from workflows.queries.board_rows import BoardRow


def page(context: PageContext, reader: RequestContext) -> PageContent:
    """The status board of all organisations."""
    behind = context.refresh()
    start = Cursor.parse(reader.page) if reader.page else None
    among = reader.organisations
    names = [
        name for name in context.queries.record.organisations() if among is None or name in among
    ]
    board = context.queries.board(reader.now, reader.at, among)
    groups = board.groups(start)
    parked = () if reader.at else _parked(context, among)
    settled = not behind and not parked and all(group.whole for group in groups)
    values = {
        "behind": behind,
        "parked": parked,
        "stale": {(stream.organisation, stream.stream) for stream in parked},
        "groups": [group for group in groups if group.rows],
        "organisations": names,
        "opening": {name for name in names if reader.may(name, OPEN, None)},
        "entering": {name for name in names if reader.may(name, ESTABLISH, None, Body())},
        "administers": any(reader.may(name, SETTINGS, None) for name in names),
        "mailing": {name for name in names if reader.sees(name, ViewKind.MAIL)},
        "governing": [name for name in names if reader.sees(name, ViewKind.GRANTS)],
        "histories": [name for name in names if reader.sees(name, ViewKind.RECORD)],
        "acts_of_row": lambda row: _permitted(reader, row, awaited_acts.of_board_row(row)),
        "entered_by": _entered_by,
        "acts_of_window": lambda row, window: _permitted(
            reader, row, awaited_acts.of_board_window(row.organisation, window)
        ),
        "pending": [draft for name in names for draft in context.waiting(name, reader)],
        "then": max(map(board.moment, names), default=reader.now) if reader.at else reader.now,
    }
    return PageContent(
        "board.html",
        values,
        lambda: representations.board(groups, parked, reader, context.codec),
        _clock_instants(board, groups, reader) if settled else None,
    )


def _parked(context: PageContext, among: frozenset[str] | None) -> tuple[ParkedStream, ...]:
    """The streams that cannot be read, of the organisations that are shown."""
    parked = context.queries.record.parked()
    return tuple(stream for stream in parked if among is None or stream.organisation in among)


def _permitted(reader: RequestContext, row: BoardRow, links: Sequence[ActLink]) -> list[ActLink]:
    """Those of the acts that the reader may do in the bodies of a row."""
    return [link for link in links if reader.may_in(row.organisation, link.act, row.bodies)]


def _entered_by(row: BoardRow) -> tuple[AccessRole, ...]:
    """Who enters what is awaited in a row from somebody else."""
    return awaited_acts.entered_by(row.awaited_from, awaited_acts.of_board_row(row))


def _clock_instants(
    board: Board, groups: Sequence[Group], reader: RequestContext
) -> list[datetime]:
    """The ends of the clocks that are shown, and the next one that moves a row to another group."""
    if reader.at:
        return []
    windows = [window for group in groups for row in group.rows for window in row.windows]
    ends = [window.closes.latest for window in windows if window.closes.known]
    return [*ends, *board.next_end()]
