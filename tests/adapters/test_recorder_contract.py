"""The library's own test cases, run on the recorders of both kinds of store.

docs/projections.md lists where Placet deviates from the library, and why.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Barrier
from typing import Any
from unittest import defaultTestLoader
from uuid import uuid4

import pytest
from eventsourcing.persistence import (
    ApplicationRecorder,
    IntegrityError,
    Notification,
    StoredEvent,
    Subscription,
    Tracking,
    TrackingRecorder,
)

import eventsourcing_cases as cases
from adapters.postgres.store import PostgresStore
from adapters.sqlite.store import SqliteStore
from adapters.store_factory import AnyStore
from eventsourcing_cases import ZeroBasedVersions, failures


@pytest.fixture(params=["SQLite", "PostgreSQL"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[AnyStore]:
    """An empty store of each kind."""
    made: AnyStore
    if request.param == "SQLite":
        made = SqliteStore.create(tmp_path / "store")
    else:
        made = PostgresStore.open(request.getfixturevalue("database"))
    with made:
        yield made


def methods(case: type[Any]) -> list[str]:
    """All tests of a case, also those that a later version of the library adds."""
    return list(defaultTestLoader.getTestCaseNames(case))


@pytest.mark.parametrize("method", methods(cases.ApplicationRecorderCase))
def test_a_store_has_an_application_recorder(store: AnyStore, method: str) -> None:
    recorder = ZeroBasedVersions(store.history("un").recorder)

    assert {} == failures(cases.ApplicationRecorderCase(method, recorder))


@pytest.mark.parametrize("method", methods(cases.NonInterleavingCase))
def test_two_appends_at_once_do_not_interleave(store: AnyStore, method: str) -> None:
    recorder = ZeroBasedVersions(store.history("un").recorder)

    assert {} == failures(cases.NonInterleavingCase(method, recorder))


@pytest.mark.parametrize("method", methods(cases.TrackingRecorderCase))
def test_read_models_are_a_tracking_recorder(store: AnyStore, method: str) -> None:
    assert {} == failures(cases.TrackingRecorderCase(method, store.views()))


# --- deviations: why the cases do not run as they come -------------------------------------------


def test_versions_begin_with_1(store: AnyStore) -> None:
    """The library's own aggregates begin with 1 too; only some of its cases begin with 0."""
    recorder = store.history("un").recorder

    with pytest.raises(IntegrityError):
        recorder.insert_events([StoredEvent("body/b", 0, "topic", b"{}")])
    assert [1] == recorder.insert_events([StoredEvent("body/b", 1, "topic", b"{}")])


def test_versions_follow_each_other_without_a_gap(store: AnyStore) -> None:
    """The library lets versions be left out."""
    recorder = store.history("un").recorder

    with pytest.raises(IntegrityError):
        recorder.insert_events([StoredEvent("body/b", 2, "topic", b"{}")])


def test_a_uuid_is_kept_as_its_text(store: AnyStore) -> None:
    """Originators are streams, whose names are texts such as `window/w1`."""
    recorder, name = store.history("un").recorder, uuid4()
    recorder.insert_events([StoredEvent(name, 1, "topic", b"{}")])

    assert [str(name)] == [row.originator_id for row in recorder.select_events(name)]


# --- controls: the cases notice what is wrong ----------------------------------------------------


class ForgetsConflicts(ZeroBasedVersions):
    def insert_events(self, stored_events: Sequence[StoredEvent], **_: Any) -> Sequence[int] | None:
        with suppress(IntegrityError):
            return super().insert_events(stored_events)
        return None


class IgnoresTopics(ZeroBasedVersions):
    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),  # noqa: ARG002  (the defect)
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        return super().select_notifications(
            start, limit, stop, inclusive_of_start=inclusive_of_start
        )


class SubscribesToAllTopics(ZeroBasedVersions):
    def subscribe(
        self,
        gt: int | None = None,
        topics: Sequence[str] = (),  # noqa: ARG002  (the defect)
    ) -> Subscription[ApplicationRecorder]:
        return super().subscribe(gt)


class LosesTheLastOfMany(ZeroBasedVersions):
    def insert_events(self, stored_events: Sequence[StoredEvent], **_: Any) -> Sequence[int] | None:
        return super().insert_events(stored_events[:999])


class AppendsInTwoSteps(ZeroBasedVersions):
    """Both writers append their first half before either appends its second."""

    def __init__(self, recorder: ApplicationRecorder) -> None:
        super().__init__(recorder)
        self.half_done = Barrier(2, timeout=30)

    def insert_events(self, stored_events: Sequence[StoredEvent], **_: Any) -> Sequence[int] | None:
        half = len(stored_events) // 2
        super().insert_events(stored_events[:half])
        self.half_done.wait()
        return super().insert_events(stored_events[half:])


@pytest.mark.parametrize(
    ("method", "defect", "reason"),
    [
        ("test_insert_select", ForgetsConflicts, "IntegrityError not raised"),
        ("test_insert_select", IgnoresTopics, "3 != 1"),
        ("test_insert_subscribe", SubscribesToAllTopics, "'topic1' != 'topic3'"),
    ],
)
def test_a_defect_of_an_application_recorder_is_noticed(
    store: AnyStore, method: str, defect: type[ZeroBasedVersions], reason: str
) -> None:
    recorder = defect(store.history("un").recorder)

    assert reason in failures(cases.ApplicationRecorderCase(method, recorder))[method]


@pytest.mark.parametrize(
    ("defect", "reason"),
    [(AppendsInTwoSteps, "not greater than"), (LosesTheLastOfMany, "1000 != 999")],
)
def test_appends_that_interleave_or_lose_an_event_are_noticed(
    store: AnyStore, defect: type[ZeroBasedVersions], reason: str
) -> None:
    recorder = defect(store.history("un").recorder)

    assert reason in failures(cases.NonInterleavingCase("test", recorder))["test"]


def test_concurrent_appends_that_fail_are_noticed(store: AnyStore) -> None:
    """Without the adapter, versions begin with 0, and every one of these appends is refused."""
    method, recorder = "test_concurrent_throughput", store.history("un").recorder

    assert "There were errors" in failures(cases.ApplicationRecorderCase(method, recorder))[method]


class Forgetful(TrackingRecorder):
    """Keeps the last position that it is given, without a look at the one before."""

    def __init__(self) -> None:
        self.positions: dict[str, int] = {}

    def insert_tracking(self, tracking: Tracking) -> None:
        self.positions[tracking.application_name] = tracking.notification_id

    def max_tracking_id(self, application_name: str) -> int | None:
        return self.positions.get(application_name)


class Hasty(Forgetful):
    """Claims to have read everything."""

    def has_tracking_id(self, *_: object) -> bool:
        return True


@pytest.mark.parametrize(
    ("method", "defect", "reason"),
    [
        ("test_insert_tracking", Forgetful, "IntegrityError not raised"),
        ("test_wait", Hasty, "TimeoutError not raised"),
    ],
)
def test_a_defect_of_a_tracking_recorder_is_noticed(
    method: str, defect: type[Forgetful], reason: str
) -> None:
    assert reason in failures(cases.TrackingRecorderCase(method, defect()))[method]
