"""The record as a round of letters reads it: each event decoded, each moment folded once."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from threading import RLock
from typing import Final

from domain.decision_context import DecisionContext
from domain.ports.event_store import EventLog, History
from workflows.history.as_of import HistoryAsOf
from workflows.history.cached_history import CachedHistory

MOST_CONTEXTS: Final = 20
"""How many moments are kept: all letters about one event are about the same one."""


class NotifiedRecord:
    """The histories of one log, now and as of the events that letters are about."""

    def __init__(self, log: EventLog, context_of: Callable[[History], DecisionContext]) -> None:
        self._log, self._context_of = log, context_of
        self._histories: dict[str, CachedHistory] = {}
        self._contexts: OrderedDict[tuple[str, int], DecisionContext] = OrderedDict()
        self._lock = RLock()

    def forget(self) -> None:
        """Read everything from the store again: what was damaged since then must be noticed."""
        with self._lock:
            self._histories.clear()
            self._contexts.clear()

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
        moment = (organisation, position)
        with self._lock:
            if moment not in self._contexts:
                history = HistoryAsOf(self.history(organisation), position)
                self._contexts[moment] = self._context_of(history)
            self._contexts.move_to_end(moment)
            while len(self._contexts) > MOST_CONTEXTS:
                self._contexts.popitem(last=False)
            return self._contexts[moment]
