"""Which of an agenda's silence procedures count at present; several may run beside each other."""

from __future__ import annotations

from collections.abc import Iterable

from domain.silence.window import Window


def awaited_windows(windows: Iterable[Window]) -> tuple[Window, ...]:
    """The live ones from which something is awaited: clocks that run first, nearest end first.

    Those that are suspended, held for review, or whose approval is in doubt come behind.
    """
    waiting = [
        window
        for window in windows
        if not window.attested and (window.approval_is_suspended or not window.is_over)
    ]
    return tuple(sorted(waiting, key=_order))


def current_windows(windows: Iterable[Window]) -> tuple[Window, ...]:
    """Those that an agenda waits for, or else the one that was opened last; none without any."""
    found = tuple(windows)
    last = sorted(found, key=lambda window: (window.opened.latest, window.id))[-1:]
    return awaited_windows(found) or tuple(last)


def _order(window: Window) -> tuple[bool, str, str]:
    stopped = bool(window.is_over or window.suspended or window.hold_reason)
    return stopped, window.closes.latest.isoformat(), window.id
