"""A history keeps what is appended to it, in one order, once, and unchanged."""

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

import pytest
from eventsourcing.persistence import IntegrityError, StoredEvent
from hypothesis import given, settings
from hypothesis import strategies as st
from recordings import NO_CONTENTS, NOW, append, body, recorded

from adapters import recorder, turns
from adapters.history import CONTENT_CAP, EVENT_CAP, SqliteHistory
from adapters.store import Store
from domain.body.events import BodyEstablished
from domain.ports import ChangedMeanwhile, History, Log, TooLarge, Unavailable
from domain.session.events import SessionOpened
from domain.texts import digest

TESTS = Path(__file__).parent


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.create(tmp_path / "store") as made:
        yield made


@pytest.fixture
def history(store: Store) -> SqliteHistory:
    return store.history("un")


def positions(history: SqliteHistory) -> list[int]:
    return [event.position for event in history.since(0, 10_000)]


def test_store_and_history_are_what_the_domain_asks_for(store: Store) -> None:
    log: Log = store
    history: History = store.history("un")

    assert log.organisations() == []
    assert history.last_position() == 0


def test_what_is_appended_is_read_back_in_every_way(history: SqliteHistory) -> None:
    first = recorded(body("wg7"), 1, "c1")
    second = recorded(body("wg8"), 1, "c1", fact=SessionOpened())

    stored = history.append([first, second], {body("wg7"): 0, body("wg8"): 0}, NO_CONTENTS)

    assert [event.position for event in stored] == [1, 2]
    assert [event.fact for event in stored] == [first.fact, second.fact]
    assert history.since(0, 10) == stored
    assert history.since(1, 10) == stored[1:]
    assert history.by_command("c1") == stored
    assert history.of(body("wg8")) == stored[1:]
    assert history.of(body("wg9")) == ()


def test_a_store_keeps_its_events_when_it_is_opened_again(tmp_path: Path) -> None:
    with Store.create(tmp_path, virtual=True) as store:
        event = append(store.history("un"), body("wg7"))
    with Store.open(tmp_path, read_only=True) as store:
        assert store.history("un").since(0, 10) == (event,)
        assert store.virtual
        assert store.read_only
        with pytest.raises(Unavailable, match="read only"):
            append(store.history("un"), body("wg7"))


def test_each_organisation_counts_for_itself(store: Store) -> None:
    for organisation in ("un", "oas", "un"):
        append(store.history(organisation), body("wg7"))

    assert store.organisations() == ["oas", "un"]
    assert positions(store.history("un")) == [1, 2]
    assert positions(store.history("oas")) == [1]


def test_a_stream_that_was_only_read_must_not_have_moved(history: SqliteHistory) -> None:
    append(history, body("read"))
    event = recorded(body("written"), 1)
    append(history, body("read"))

    with pytest.raises(ChangedMeanwhile, match="body/read is at version 2, no longer at 1"):
        history.append([event], {body("read"): 1, body("written"): 0}, NO_CONTENTS)

    assert history.last_position() == 2
    assert history.append([event], {body("written"): 0}, NO_CONTENTS)[0].position == 3


def test_a_version_is_taken_once_even_without_a_fence(history: SqliteHistory) -> None:
    append(history, body("wg7"))

    with pytest.raises(ChangedMeanwhile, match="version 1 already"):
        history.append([recorded(body("wg7"), 1, "other")], {}, NO_CONTENTS)
    with pytest.raises(ValueError, match="would leave a gap"):
        history.append([recorded(body("wg7"), 3)], {}, NO_CONTENTS)


def test_a_repeated_command_gets_its_first_answer(history: SqliteHistory) -> None:
    event = recorded(body("wg7"), 1, "c1")
    first = history.append([event], {body("wg7"): 0}, NO_CONTENTS)
    append(history, body("wg7"))

    assert history.append([event], {body("wg7"): 0}, NO_CONTENTS) == first
    assert history.last_position() == 2


def test_a_refused_append_leaves_nothing_behind(history: SqliteHistory) -> None:
    content = b"text"
    events = [recorded(body("wg7"), 1, "c1"), recorded(body("wg7"), 1, "c1")]

    with pytest.raises(ChangedMeanwhile):
        history.append(events, {body("wg7"): 0}, {digest(content): content})

    assert history.last_position() == 0
    with pytest.raises(KeyError):
        history.content(digest(content))


def test_recorded_at_never_runs_back(history: SqliteHistory) -> None:
    times = [NOW, NOW - timedelta(hours=1), NOW + timedelta(microseconds=1)]
    for version, at in enumerate(times):
        event = recorded(body("wg7"), version + 1, at=at)
        history.append([event], {body("wg7"): version}, NO_CONTENTS)

    assert [event.recorded_at for event in history.since(0, 9)] == [NOW, NOW, times[2]]
    assert [event.received_at for event in history.since(0, 9)] == times
    assert history.position_at(NOW - timedelta(microseconds=1)) == 0
    assert history.position_at(NOW) == 2
    assert history.position_at(datetime.max.replace(tzinfo=UTC)) == 3


def test_contents_are_kept_apart_for_each_organisation(store: Store) -> None:
    content = b"Tagesordnung"
    name = digest(content)
    un = store.history("un")
    un.append([recorded(body("wg7"), 1)], {}, {name: content})
    un.append([recorded(body("wg7"), 2)], {}, {name: content})

    assert un.content(name) == content
    with pytest.raises(KeyError):
        store.history("oas").content(name)
    with pytest.raises(ValueError, match="is not the SHA-256"):
        un.append([], {}, {name: b"another text"})


def test_too_large_an_event_is_refused_with_its_size(history: SqliteHistory) -> None:
    fact = BodyEstablished(names={"en": "x" * EVENT_CAP})
    big = recorded(body("wg7"), 1, fact=fact)

    with pytest.raises(TooLarge, match=r"body.established.v1 takes 65\d{3} bytes"):
        history.append([big], {}, NO_CONTENTS)
    with pytest.raises(TooLarge, match="a content takes 16777217 bytes"):
        history.append([], {}, {"": bytes(CONTENT_CAP + 1)})

    assert history.last_position() == 0


def test_what_no_command_could_mean_is_refused(history: SqliteHistory) -> None:
    foreign = recorded(body("wg7"), 1, organisation="oas")
    two_commands = [recorded(body("wg7"), 1, "c1"), recorded(body("wg7"), 2, "c2")]
    two_lines = recorded(body("wg7\nbody"), 1)

    for events in ([foreign], two_commands, [two_lines]):
        with pytest.raises(ValueError, match=r"not an event of this append|one line"):
            history.append(events, {}, NO_CONTENTS)


def test_the_library_sees_an_application_recorder(history: SqliteHistory) -> None:
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


def test_rows_without_a_time_of_their_own_take_the_last_one(history: SqliteHistory) -> None:
    append(history, body("wg7"))
    history.recorder.insert_events([StoredEvent("body/wg7", 2, "topic", b"{}")])
    first, second = history.recorder.select_events("body/wg7")

    assert first.recorded_at == second.recorded_at == "2026-11-23T12:00:00.000000Z"


def test_a_subscription_waits_for_further_events(history: SqliteHistory) -> None:
    append(history, body("wg7"))
    with ThreadPoolExecutor() as pool, history.recorder.subscribe(gt=0) as following:
        seen = pool.submit(lambda: [row.id for row in islice(following, 3)])
        append(history, body("wg7"))
        append(history, body("wg7"))

        assert seen.result(timeout=5) == [1, 2, 3]
    assert list(following) == []


def test_threads_and_processes_leave_no_gap_and_lose_nothing(tmp_path: Path) -> None:
    """Four threads here and two more processes write at once."""
    code = "import sys; from recordings import write; write(sys.argv[1], sys.argv[2], 40)"
    with Store.create(tmp_path / "store") as store, ThreadPoolExecutor(4) as pool:
        others = [
            subprocess.Popen(
                [sys.executable, "-c", code, str(store.folder), name],
                cwd=TESTS,
                stdout=subprocess.DEVNULL,
            )
            for name in ("p1", "p2")
        ]
        history = store.history("un")
        for name in ("t1", "t2", "t3", "t4"):
            pool.submit(lambda name: [append(history, body(name)) for _ in range(40)], name)
        pool.shutdown()

        assert [other.wait(30) for other in others] == [0, 0]
        assert positions(history) == list(range(1, 241))
        assert store.check().faults == ()


def test_one_of_two_writers_with_the_same_fence_loses(history: SqliteHistory) -> None:
    def attempt(number: int) -> bool:
        event = recorded(body("wg7"), 1, f"c{number}")
        try:
            history.append([event], {body("wg7"): 0}, NO_CONTENTS)
        except ChangedMeanwhile:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        won = sum(pool.map(attempt, range(8)))

    assert won == 1
    assert history.last_position() == 1


@settings(max_examples=15, deadline=None)
@given(
    st.lists(
        st.lists(
            st.tuples(st.sampled_from(["a", "b", "c"]), st.booleans()), min_size=1, max_size=4
        ),
        max_size=8,
    )
)
def test_any_appends_leave_dense_positions_and_versions(
    appends: list[list[tuple[str, bool]]],
) -> None:
    """Each append holds some events; a false one has a stale version and undoes its append."""
    with tempfile.TemporaryDirectory() as folder, Store.create(Path(folder)) as store:
        history = store.history("un")
        heads: dict[str, int] = {}
        for number, wanted in enumerate(appends):
            after, events = dict(heads), []
            for name, sound in wanted:
                after[name] = after.get(name, 0) + (1 if sound else 0)
                events.append(recorded(body(name), max(after[name], 1), f"c{number}"))
            try:
                history.append(events, {}, NO_CONTENTS)
            except ChangedMeanwhile:
                continue
            for name, _ in wanted:
                heads[name] = len(history.of(body(name)))

        assert positions(history) == list(range(1, sum(heads.values()) + 1))
        for name, head in heads.items():
            versions = [event.version for event in history.of(body(name))]
            assert versions == list(range(1, head + 1))
        assert store.check().faults == ()


def test_no_question_reads_the_whole_log(history: SqliteHistory) -> None:
    """Each finds its rows by an index, so that appending does not slow down as a log grows."""
    reader = history.recorder._connections.reader
    for sql in (turns._COMMAND, turns._VERSION, recorder._STREAM, recorder._LAST_AT):
        plan = reader.execute(f"EXPLAIN QUERY PLAN {sql}", ("",) * sql.count("?")).fetchall()
        used = [re.findall(r"\w+[=<>]", step) for *_, step in plan]

        assert used, plan
        assert len(used[0]) >= 2, plan
        assert "TEMP B-TREE" not in str(plan)
