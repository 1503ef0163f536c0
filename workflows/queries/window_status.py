"""The phase of a window at a moment, and from whom it awaits what, also of its kept row."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from domain.silence import Phase, Window
from workflows.projections.rows import WindowRow


def phase(row: WindowRow, now: datetime) -> Phase:
    """Where a window's row stands at `now` (UTC); the same as `Window.phase`."""
    conditions: Iterable[tuple[object, Phase]] = (
        (row.superseded, Phase.SUPERSEDED),
        (row.doubted, Phase.APPROVAL_SUSPENDED),
        (row.broken_whole or row.revoked, Phase.BROKEN),
        (row.lapsed and row.broken, Phase.PARTLY_APPROVED),
        (row.lapsed, Phase.APPROVED),
        (row.suspended, Phase.SUSPENDED),
        (row.held, Phase.HELD),
        (row.attested and not (row.closes.has_hour and now < row.closes.latest), Phase.UNKNOWN),
        (now < row.closes.latest, Phase.OPEN),
    )
    return next((found for holds, found in conditions if holds), Phase.BEING_VERIFIED)


def awaited_by_row(row: WindowRow, now: datetime) -> tuple[str, str]:
    """From whom a window awaits what at `now` (UTC)."""
    return awaited_in(phase(row, now), unruled=bool(row.unruled))


def awaited_of(window: Window, now: datetime) -> tuple[str, str]:
    """From whom a window awaits what at `now` (UTC)."""
    unruled = any(one.effective and one.breaks is None for one in window.responses)
    return awaited_in(window.phase(now), unruled=unruled)


def awaited_in(stands: Phase, *, unruled: bool = False) -> tuple[str, str]:
    """From whom a window in this phase awaits what; empty when it awaits nothing.

    A ruling comes before anything else, since nothing ends without it.
    """
    if unruled and stands in {Phase.OPEN, Phase.HELD, Phase.BEING_VERIFIED}:
        return "presiding officer", "a ruling on a response"
    return {
        Phase.OPEN: ("seat", "an answer, or silence until the deadline"),
        Phase.SUSPENDED: ("presiding officer", "resumption with a new deadline"),
        Phase.BEING_VERIFIED: ("silence clock", "the record, once nothing is in doubt"),
        Phase.HELD: ("presiding officer", "a review of what is in doubt"),
        Phase.APPROVAL_SUSPENDED: ("presiding officer", "a ruling by two persons"),
    }.get(stands, ("", ""))
