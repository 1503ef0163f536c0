"""Events as they come, for the library's readers of a log."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from threading import Event
from typing import Final

from eventsourcing.persistence import (
    ApplicationRecorder,
    Notification,
    StoredEvent,
    Subscription,
)

from adapters.eventstore.envelope import EventRow

PAGE: Final = 500
PAUSE: Final = 0.05
"""Seconds after which the store is asked again."""


class PollingSubscription(Subscription[ApplicationRecorder]):
    """Rows as they come. It asks the store, so that it sees other processes' events too."""

    def __init__(
        self, recorder: ApplicationRecorder, gt: int | None, topics: Sequence[str]
    ) -> None:
        super().__init__(recorder, gt, topics)
        self._waiting: deque[Notification] = deque()
        self._stopped = Event()

    def stop(self) -> None:
        """End the iteration, also one that waits in another thread."""
        super().stop()
        self._stopped.set()

    def __next__(self) -> Notification:
        while not self._stopped.is_set():
            if self._waiting:
                return self._next()
            after = self._last_notification_id
            self._waiting.extend(
                self._recorder.select_notifications(
                    after, PAGE, topics=self._topics, inclusive_of_start=False
                )
            )
            if not self._waiting:
                self._stopped.wait(PAUSE)
        raise StopIteration

    def _next(self) -> Notification:
        row = self._waiting.popleft()
        self._last_notification_id = row.id
        return row


def row_to_store(event: StoredEvent) -> EventRow:
    """The row that an event of the library becomes; it has no position yet."""
    if isinstance(event, EventRow):
        return event
    return EventRow(
        id=0,
        originator_id=str(event.originator_id),
        originator_version=event.originator_version,
        topic=event.topic,
        state=event.state,
    )
