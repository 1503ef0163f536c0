"""The start of a new outbox: from the windows that still need notices, not from the whole log.

The log may hold millions of events, nearly all of them about windows that are over and of which
all were notified. So the windows come from an index of the kept rows, and only their events are
read; the records of notices among these say who was notified before. The position of the outbox
is moved to where the log stood when it was made only when all of this is queued. Until then the
silence clock looks after the windows that fall due; see `NotificationDelivery.prepare`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final

from domain.ports.errors import VersionConflict
from domain.ports.event_store import EventLog, History
from domain.ports.outbox import Outbox
from domain.streams import StreamKind
from workflows.history.cached_history import CachedHistory
from workflows.notifications.enqueue import NotificationEnqueuer
from workflows.projections import log_pages
from workflows.projections.catch_up import PAGE

AT_ONCE: Final = 50
"""Of how many windows the notices are queued in one transaction."""

OpenWindows = Callable[[], Mapping[str, Sequence[str]]]
"""The windows of which a new outbox may have to tell, by organisation, as the rows have them.

An organisation is there once its rows are up to the end that its log had at the call.
"""


class OutboxStart:
    """Lets the outbox begin with the organisations with which it has not begun yet.

    It reads by itself, so that no other process waits for what it has in hand.
    """

    def __init__(
        self, log: EventLog, outbox: Outbox, enqueuer: NotificationEnqueuer, windows: OpenWindows
    ) -> None:
        self._log, self._outbox, self._enqueuer, self._windows = log, outbox, enqueuer, windows

    def run(self, now: datetime) -> None:
        """Begin where the rows allow it, and elsewhere in a later round. Raises Unavailable.

        Safe to repeat, and to run in several processes: a notice is queued once.
        """
        waiting = [name for name in self._log.organisations() if not self._outbox.has_begun(name)]
        listed = self._windows() if waiting else {}
        for name in waiting:
            if name in listed:
                self._begin(CachedHistory(self._log.history(name)), listed[name], now)

    def _begin(self, history: History, listed: Sequence[str], now: datetime) -> None:
        name = history.organisation
        stands, began = self._outbox.position(name), self._outbox.start_position(name)
        windows = [*dict.fromkeys([*listed, *_windows_since(history, began)])]
        try:
            for first in range(0, len(windows), AT_ONCE):
                some = windows[first : first + AT_ONCE]
                self._enqueuer.enqueue_windows(history, some, now, after=stands)
            self._outbox.queue(name, (), now, after=stands, position=began)
        except VersionConflict:  # another process has begun
            return


def _windows_since(history: History, position: int) -> Iterator[str]:
    """The windows of which the log tells after a position.

    One of them may have been open there, and be listed as open no longer.
    """
    while page := log_pages.read_log_page(history.foldable_since, position, PAGE):
        for stream in page.first_positions:
            if stream.kind is StreamKind.WINDOW:
                yield stream.id
        position = page.end
