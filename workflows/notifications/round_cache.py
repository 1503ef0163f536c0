"""The record as a round of letters reads it: each event decoded, each moment folded once."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import RLock
from typing import Any, Final, TypeVar

from domain.decision_context import DecisionContext
from domain.ports.event_store import EventLog, History
from workflows.history.as_of import HistoryAsOf
from workflows.history.cached_history import CachedHistory

MOST_MADE: Final = 40
"""How many moments and contents of letters are kept: all letters about one event share theirs."""

_T = TypeVar("_T")


class NotifiedRecord:
    """The histories of one log, now and as of the events that letters are about."""

    def __init__(self, log: EventLog, context_of: Callable[[History], DecisionContext]) -> None:
        self._log, self._context_of = log, context_of
        self._histories: dict[str, CachedHistory] = {}
        self._made: OrderedDict[Hashable, Any] = OrderedDict()
        self._lock = RLock()

    def forget(self) -> None:
        """Read everything from the store again: what was damaged since then must be noticed."""
        with self._lock:
            self._histories.clear()
            self._made.clear()

    def organisations(self) -> list[str]:
        """The organisations that have events."""
        return [*self._log.organisations()]

    def history(self, organisation: str) -> History:
        """The history of an organisation."""
        with self._lock:
            if organisation not in self._histories:
                self._histories[organisation] = CachedHistory(self._log.history(organisation))
            return self._histories[organisation]

    def present(self, organisation: str) -> DecisionContext:
        """The states as they are now."""
        return self.as_of(organisation, self.history(organisation).last_position())

    def as_of(self, organisation: str, position: int) -> DecisionContext:
        """The states as they were at a position: nothing that was recorded ever changes."""

        def context() -> DecisionContext:
            return self._context_of(HistoryAsOf(self.history(organisation), position))

        return self.once((organisation, position), context)

    def once(self, key: Hashable, make: Callable[[], _T]) -> _T:
        """What `make` makes of the record, made once in a round for each key."""
        with self._lock:
            if key not in self._made:
                self._made[key] = make()
            self._made.move_to_end(key)
            while len(self._made) > MOST_MADE:
                self._made.popitem(last=False)
            made: _T = self._made[key]
            return made
