"""The test cases of the library `eventsourcing` for its recorders, set up for those of Placet.

The library leaves two things to the users of its cases: ids of originators may be texts, and the
first version may be any. But some of its cases always count versions from 0, where those of Placet
begin with 1; `ZeroBasedVersions` stands between.
"""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar
from unittest import TestCase, TestResult
from uuid import uuid4

from eventsourcing.persistence import (
    ApplicationRecorder,
    Notification,
    StoredEvent,
    Subscription,
    TrackingRecorder,
)
from eventsourcing.tests import persistence

Event = TypeVar("Event", bound=StoredEvent)


class ZeroBasedVersions(ApplicationRecorder):
    """A recorder of Placet whose versions are counted from 0; everything else is handed on."""

    def __init__(self, recorder: ApplicationRecorder) -> None:
        self.recorder = recorder

    def insert_events(
        self, stored_events: Sequence[StoredEvent], **options: Any
    ) -> Sequence[int] | None:
        return self.recorder.insert_events([moved(event, 1) for event in stored_events], **options)

    def select_events(
        self,
        originator_id: Any,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        first = None if gt is None else gt + 1
        last = None if lte is None else lte + 1
        found = self.recorder.select_events(
            originator_id, gt=first, lte=last, desc=desc, limit=limit
        )
        return [moved(event, -1) for event in found]

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        found = self.recorder.select_notifications(
            start, limit, stop, topics, inclusive_of_start=inclusive_of_start
        )
        return [moved(event, -1) for event in found]

    def max_notification_id(self) -> int | None:
        return self.recorder.max_notification_id()

    def subscribe(
        self, gt: int | None = None, topics: Sequence[str] = ()
    ) -> Subscription[ApplicationRecorder]:
        return ZeroBasedSubscription(self.recorder.subscribe(gt, topics))


class ZeroBasedSubscription(Subscription[ApplicationRecorder]):
    """A subscription to such a recorder."""

    def __init__(self, subscription: Subscription[ApplicationRecorder]) -> None:
        self.subscription = subscription
        super().__init__(subscription._recorder)

    def stop(self) -> None:
        super().stop()
        self.subscription.stop()

    def __next__(self) -> Notification:
        return moved(next(self.subscription), -1)


def moved(event: Event, by: int) -> Event:
    """The same event at a higher or lower version."""
    return dataclasses.replace(event, originator_version=event.originator_version + by)


class ApplicationRecorderCase(persistence.ApplicationRecorderTestCase[ApplicationRecorder]):
    """What an application recorder must do, subscriptions included."""

    INITIAL_VERSION = 0

    def __init__(self, method: str, recorder: ApplicationRecorder) -> None:
        super().__init__(method)
        self.recorder = recorder

    def create_recorder(self) -> ApplicationRecorder:
        return self.recorder

    def new_originator_id(self) -> str:
        return text_id()

    def test_insert_subscribe(self) -> None:
        self.optional_test_insert_subscribe()


class NonInterleavingCase(persistence.NonInterleavingNotificationIDsBaseCase):
    """Of two appends at once, all events of one stand before all events of the other."""

    def __init__(self, method: str, recorder: ApplicationRecorder) -> None:
        super().__init__(method)
        self.recorder = recorder

    def create_recorder(self) -> ApplicationRecorder:
        return self.recorder

    def new_originator_id(self) -> str:
        return text_id()


class TrackingRecorderCase(persistence.TrackingRecorderTestCase):
    """What a recorder of positions must do."""

    def __init__(self, method: str, recorder: TrackingRecorder) -> None:
        super().__init__(method)
        self.recorder = recorder

    def create_recorder(self) -> TrackingRecorder:
        return self.recorder


def text_id() -> str:
    """An id that no other originator has."""
    return f"body/{uuid4().hex}"


def failures(case: TestCase) -> Mapping[str, str]:
    """What a case finds wrong: the traceback of each failure and error, by the name of the test.

    Threads that a case leaves running have ended when this returns.
    """
    result, before = TestResult(), set(threading.enumerate())
    case.run(result)
    for thread in set(threading.enumerate()) - before:
        thread.join(timeout=10)
    assert result.testsRun == 1
    found = [*result.failures, *result.errors]
    return {failed.id().rpartition(".")[2]: text for failed, text in found}
