"""Where a row stands on the board, as far as that does not depend on the clock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from domain.agenda import Agenda
from domain.session import Session
from domain.silence import Window
from domain.times import EARLIEST, UNKNOWN

CLOCK: Final = "clock"
"""A clock runs until the rank; from then on somebody has to record what came of it."""
STOPPED: Final = "stopped"
"""A clock that was suspended before its end."""
WAITING: Final = "waiting"
FINISHED: Final = "finished"

Standing = tuple[str, str]
"""A place of the board, and the rank there."""
NOWHERE: Final[Standing] = ("", "")

NEXT: Final[Mapping[str, tuple[str, str]]] = {
    "started": ("secretariat", "proposed items"),
    "proposed": ("secretariat", "submission of the items"),
    "submitted": ("secretariat", "opening of the silence procedure"),
    "not approved": ("presiding officer", "an amended text, or referral to the meeting"),
    "partly approved": ("presiding officer", "what becomes of the other items"),
    "approval suspended": ("presiding officer", "a ruling by two persons"),
    "approved": ("document services", "publication in all required languages"),
    "published": ("body", "adoption of the agenda"),
    "adopted": ("body", "adoption of the report"),
    "report deferred": ("body", "adoption of the report"),
    "report adopted": ("", ""),
}
"""From whom what is awaited at each stage of an agenda."""

STEPS: Final = (
    "proposed",
    "submitted",
    "silence",
    "approved",
    "masthead",
    "published",
    "adopted",
    "report_drafted",
    "report_deferred",
    "report_adopted",
)


def ranked(at: datetime) -> str:
    """An instant (UTC) as text that sorts by time."""
    return at.replace(tzinfo=None).isoformat(timespec="microseconds")


def of_window(window: Window) -> Standing:
    """The place of a window that concerns no agenda."""
    if window.doubted:
        return WAITING, ranked(window.closes.latest)
    if window.over or window.attested:
        return FINISHED, ranked((window.lapsed or window.closes).earliest)
    return _running(window)


def of_agenda(agenda: Agenda, windows: Iterable[Window], session: Session | None) -> Standing:
    """The place of an agenda: nearest end or opening first, of what is finished the newest last.

    `windows` are those of its items, in order of their ids.
    """
    window = under_silence(windows)
    if agenda.stage == "under silence" and window and not window.attested:
        return _running(window)
    taken = [step for name in STEPS if (step := getattr(agenda, name))]
    last = max(taken, key=lambda step: step.position, default=None)
    if (last and last.attested) or not NEXT.get(agenda.stage, ("", ""))[0]:
        return FINISHED, ranked(max((step.when.earliest for step in taken), default=EARLIEST))
    opening = session.part(agenda.part).starts if session else UNKNOWN
    return WAITING, ranked(opening.latest)


def under_silence(windows: Iterable[Window]) -> Window | None:
    """The window that an agenda waits for: the last one that is not over, or else the last."""
    found = [*windows]
    return next((one for one in reversed(found) if not one.over), found[-1] if found else None)


def _running(window: Window) -> Standing:
    """The place of a live window that has no outcome."""
    end = ranked(window.closes.latest)
    if window.suspended:
        return STOPPED, end
    return (WAITING if window.held else CLOCK), end
