"""Where a row stands on the board, as far as that does not depend on the clock."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

from domain.agenda import Agenda
from domain.agenda.next_step import last_step, next_step, steps_taken
from domain.instants import EARLIEST
from domain.session import Session
from domain.silence import Window
from domain.silence.current_windows import awaited_windows
from domain.times import UNKNOWN

CLOCK: Final = "clock"
"""A clock runs until the rank; from then on somebody has to record what came of it."""
STOPPED: Final = "stopped"
"""A clock that was suspended before its end."""
WAITING: Final = "waiting"
FINISHED: Final = "finished"

Placement = tuple[str, str]
"""A place of the board, and the rank there."""
NOWHERE: Final[Placement] = ("", "")


def sortable_rank(at: datetime) -> str:
    """An instant (UTC) as text that sorts by time."""
    return at.replace(tzinfo=None).isoformat(timespec="microseconds")


def ranked_instant(rank: str) -> datetime:
    """The instant (UTC) that was made a rank."""
    return datetime.fromisoformat(rank).replace(tzinfo=UTC)


def place_window(window: Window) -> Placement:
    """The place of a window that concerns no agenda."""
    if window.approval_is_suspended or awaited_windows([window]):
        return _waiting(window)
    return FINISHED, sortable_rank((window.ended if window.ended.known else window.closes).earliest)


def place_agenda(agenda: Agenda, windows: Iterable[Window], session: Session | None) -> Placement:
    """The place of an agenda: nearest end or opening first, of what is finished the newest last.

    `windows` are those of its items. As long as one of them has no outcome, that one places it.
    """
    if waiting := awaited_windows(windows):
        return _waiting(waiting[0])
    last = last_step(agenda)
    cancelled = bool(session and session.reason_not_held(agenda.part))
    attested = bool(last and last.attested)
    drafted = bool(agenda.report_drafted)
    awaited = next_step(
        agenda.stage,
        attested=attested,
        cancelled=cancelled,
        drafted=drafted,
        approvals={item.approval for item in agenda.items},
    )
    if attested or not awaited:
        taken = (step.when.earliest for step in steps_taken(agenda).values())
        return FINISHED, sortable_rank(max(taken, default=EARLIEST))
    opening = session.part(agenda.part).starts if session else UNKNOWN
    return WAITING, sortable_rank(opening.latest)


def _waiting(window: Window) -> Placement:
    """The place of a live window that has no outcome, or one that is in doubt."""
    end = sortable_rank(window.closes.latest)
    if window.suspended and not window.is_over:
        return STOPPED, end
    return (WAITING if window.hold_reason or window.approval_is_suspended else CLOCK), end
