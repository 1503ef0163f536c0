"""The recorders keep the contract of the library, and find their rows by an index."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path

import pytest
from eventsourcing.persistence import IntegrityError, StoredEvent

from adapters.eventstore import statements
from adapters.postgres.store import PostgresStore
from adapters.sqlite import append as turns
from adapters.sqlite.recorder import SqliteRecorder
from adapters.sqlite.store import SqliteStore
from event_factory import AnyHistory, append, body

HAPPENED = turns._HAPPENED.format("?, ?")


@pytest.fixture(params=["SQLite", "PostgreSQL"])
def history(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[AnyHistory]:
    """An empty history of each kind."""
    made: SqliteStore | PostgresStore
    if request.param == "SQLite":
        made = SqliteStore.create(tmp_path / "store")
    else:
        made = PostgresStore.open(request.getfixturevalue("database"))
    with made as store:
        yield store.history("un")


def test_the_library_sees_an_application_recorder(history: AnyHistory) -> None:
    recorder = history.recorder
    stored = [StoredEvent("body/wg7", version, f"topic{version}", b"{}") for version in (1, 2, 3)]

    assert recorder.max_notification_id() is None
    assert recorder.insert_events(stored) == [1, 2, 3]
    with pytest.raises(IntegrityError):
        recorder.insert_events(stored[:1])

    def versions(**wanted: int | bool) -> list[int]:
        found = recorder.select_events("body/wg7", **wanted)  # type: ignore[arg-type]
        return [row.originator_version for row in found]

    assert versions(gt=1) == [2, 3]
    assert versions(lte=2, desc=True) == [2, 1]
    assert versions(limit=1) == [1]
    assert [row.id for row in recorder.select_notifications(2, 10)] == [2, 3]
    assert [row.id for row in recorder.select_notifications(None, 10, stop=1)] == [1]
    assert [row.id for row in recorder.select_notifications(1, 10, topics=["topic3"])] == [3]


def test_rows_without_a_time_of_their_own_take_the_last_one(history: AnyHistory) -> None:
    append(history, body("wg7"))
    history.recorder.insert_events([StoredEvent("body/wg7", 2, "topic", b"{}")])
    first, second = history.recorder.select_events("body/wg7")

    assert first.recorded_at == second.recorded_at == "2026-11-23T12:00:00.000000Z"


def test_a_subscription_waits_for_further_events(history: AnyHistory) -> None:
    append(history, body("wg7"))
    with ThreadPoolExecutor() as pool, history.recorder.subscribe(gt=0) as following:
        seen = pool.submit(lambda: [row.id for row in islice(following, 3)])
        append(history, body("wg7"))
        append(history, body("wg7"))

        assert seen.result(timeout=5) == [1, 2, 3]
    assert list(following) == []


def test_no_question_reads_the_whole_log(tmp_path: Path) -> None:
    """Each finds its rows by an index, so that appending does not slow down as a log grows."""
    history = SqliteStore.create(tmp_path / "store").history("un")
    recorder = history.recorder
    assert isinstance(recorder, SqliteRecorder)
    reader = recorder._connections.reader
    requested = (
        statements.OF_COMMAND,
        statements.OF_STREAM,
        statements.OF_STREAM_BETWEEN + " ORDER BY version",
        statements.LAST_RECORDED_BY,
        HAPPENED,
    )
    for sql in requested:
        plan = reader.execute(f"EXPLAIN QUERY PLAN {sql}", ("",) * sql.count("?")).fetchall()
        used = [re.findall(r"\w+[=<>]", step) for *_, step in plan]

        assert used, plan
        assert len(used[0]) >= 2, plan
        assert "TEMP B-TREE" not in str(plan)
