"""What is next: windows whose lapse is due, whose seats are to be reminded, or that still run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from domain.ports.read_models import HIGHEST, RowReader
from workflows.projections.board_order import sortable_rank
from workflows.projections.pagination import ListSpan, iterate_rows
from workflows.projections.rows import UnsettledEndRow, WindowRow
from workflows.projections.stream_rows import AHEAD, RUNNING, STOPPED, TO_NOTIFY, WITHOUT_HOUR

Windows = Mapping[str, Sequence[str]]
"""The ids of windows by organisation."""


def due_windows(kept: RowReader, now: datetime) -> Windows:
    """The windows whose lapse the clock may record at `now` (UTC), the longest due first."""
    return _up_to(kept, "window", RUNNING, now)


def windows_to_remind(kept: RowReader, now: datetime) -> Windows:
    """The running windows whose silent seats are to be reminded from before `now` (UTC) on."""
    return _up_to(kept, "reminder", AHEAD, now)


def unfinished_windows(kept: RowReader) -> Iterator[tuple[str, str]]:
    """Live windows without an outcome, by organisation and id: nearest end first, then stopped."""
    for page in iterate_rows(kept, "window", [ListSpan(RUNNING), ListSpan(STOPPED)]):
        for cursor in page:
            _, organisation, key = cursor.mark
            yield organisation, key


def windows_to_notify(kept: RowReader) -> Windows:
    """The windows of which a new outbox may have to tell: live ones without an outcome, nearest
    end first, then those whose end was not told to all by letter.
    """
    found: dict[str, list[str]] = {}
    for view, places in (
        (WindowRow.view, (RUNNING, STOPPED, WITHOUT_HOUR)),
        (UnsettledEndRow.view, (TO_NOTIFY,)),
    ):
        for page in iterate_rows(kept, view, [ListSpan(place) for place in places]):
            for cursor in page:
                _, organisation, key = cursor.mark
                found.setdefault(organisation, []).append(key)
    return found


def _up_to(kept: RowReader, view: str, place: str, now: datetime) -> Windows:
    found: dict[str, list[str]] = {}
    until = ListSpan(place, before=(sortable_rank(now), HIGHEST, HIGHEST))
    for page in iterate_rows(kept, view, [until]):
        for cursor in page:
            _, organisation, key = cursor.mark
            found.setdefault(organisation, []).append(key)
    return found
