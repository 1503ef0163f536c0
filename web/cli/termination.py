"""An end by a signal that still deletes what is temporary."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

SIGNALS: Final = (signal.SIGTERM, signal.SIGHUP)
"""By which a service is stopped, and by which a terminal that is closed ends its programs."""


@contextmanager
def unwound_by_signals() -> Iterator[None]:
    """Let these signals end the block as an exit does, so that what it opened is closed.

    The exit code is that of a shell for a program ended by the signal. Outside of the main thread,
    where no handler can be set, nothing changes.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, _exit) for number in SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _exit(number: int, _: FrameType | None) -> None:
    for each in SIGNALS:  # a second one must not end the cleaning up
        signal.signal(each, signal.SIG_IGN)
    raise SystemExit(128 + number)
