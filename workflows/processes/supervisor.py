"""Loops that go on through faults: they pause, say so once, and say once when it is over."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import Final

from domain.ports.errors import Unavailable, VersionConflict
from domain.rules import Refused
from workflows.projections.parking import Alarm

LONGEST: Final = 15.0
"""Seconds that a loop pauses at most, however long a fault lasts."""
JOINED: Final = 5.0
"""Seconds for which the end of a loop is waited for."""
EXPECTED_ERRORS: Final = (VersionConflict, Refused, Unavailable)


class Loop:
    """Something that is done again and again, every so many seconds.

    `act` says True when there is more to do at once. After a failure it pauses longer each time,
    up to a bound. No failure ends it, not even an unexpected one; `expected` are those
    whose own words tell people enough.
    """

    def __init__(
        self,
        name: str,
        act: Callable[[], object],
        *,
        every: float,
        say: Callable[[str], None],
        alarm: Alarm,
        expected: tuple[type[Exception], ...] = EXPECTED_ERRORS,
    ) -> None:
        self.name, self._act, self._every = name, act, every
        self._say, self._alarm, self._expected = say, alarm, expected
        self._pause, self._interrupted = every, threading.Event()
        self.last: datetime | None = None
        """When it was last done with success (UTC)."""
        self.because = ""
        """Why it does not work now; empty while it works."""

    def run(self, stop: threading.Event) -> None:
        """Go on until told to stop."""
        while not stop.is_set():
            self._interrupted.wait(self._pause)
            self._interrupted.clear()
            if not stop.is_set():
                self.run_once()

    def wake(self) -> None:
        """Let it be done now; after a failure the pause is kept."""
        if not self.because:
            self.interrupt()

    def interrupt(self) -> None:
        """End its pause."""
        self._interrupted.set()

    def run_once(self) -> float:
        """Do it once; the seconds to pause before the next time."""
        try:
            more = self._act() is True
        except Exception as error:  # noqa: BLE001 (a loop that ended would be missed too late)
            self._pause = min(2 * max(self._pause, self._every), LONGEST)
            self._fail(error)
        else:
            self._pause, self.last = 0.0 if more else self._every, datetime.now(UTC)
            self._recover()
        return self._pause

    def _fail(self, error: Exception) -> None:
        expected = isinstance(error, self._expected)
        before = self.because
        self.because = str(error) if expected else f"a defect: {type(error).__name__}"
        if not before:
            self._tell(f"{self.name} waits: {self.because.rstrip('.')}. It is tried again.")
            with suppress(Exception):  # a full disk may keep the log from being written
                trace = None if expected else error
                self._alarm.error("waits", loop=self.name, because=self.because, exc_info=trace)

    def _recover(self) -> None:
        if self.because:
            self.because = ""
            self._tell(f"{self.name} works again.")
            with suppress(Exception):
                self._alarm.info("works again", loop=self.name)

    def _tell(self, sentence: str) -> None:
        """Say it, if there is anybody left to listen."""
        with suppress(Exception):
            self._say(sentence)


@contextmanager
def run_in_threads(loops: Sequence[Loop]) -> Iterator[None]:
    """Each loop in a thread of its own, until the end of the block."""
    stop = threading.Event()
    threads = [threading.Thread(target=loop.run, args=(stop,), daemon=True) for loop in loops]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for loop in loops:
            loop.interrupt()
        for thread in threads:
            thread.join(timeout=JOINED)
