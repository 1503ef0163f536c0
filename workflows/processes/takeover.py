"""What a process does while its store is a standby: nothing, until the standby is promoted."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock

from domain.ports.store import Standby


class Takeover:
    """Lets the work of a primary rest on a standby, and prepares it once when it is needed.

    `standby` tells the state of a standby, None where the store can be written. `prepare` is done
    before any work; where it raises something, nothing is worked on, and it is tried again.
    """

    def __init__(
        self, standby: Callable[[], Standby | None], prepare: Callable[[], object]
    ) -> None:
        self._standby, self._prepare = standby, prepare
        self._lock, self._prepared = Lock(), False
        self.was_standby = False
        """Whether it rested on a standby, which was promoted since or is one still."""
        self.rests = True
        """Whether nothing may be done: it was a standby when looked at last, or is not prepared."""

    def begin(self) -> bool:
        """Prepare the work, unless that is done or the store is a standby; whether it can begin."""
        if self._standby():
            self.rests = self.was_standby = True
            return False
        with self._lock:
            if not self._prepared:
                self._prepare()
            self._prepared, self.rests = True, False
        return True

    def duty(self, act: Callable[[], object]) -> Callable[[], object]:
        """An act of a primary, which is left out on a standby."""
        return lambda: act() if self.begin() else False
