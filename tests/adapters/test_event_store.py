"""A history keeps what is appended to it, in one order, once, and unchanged."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.eventstore.encoding import CONTENT_CAP, EVENT_CAP
from adapters.postgres.store import PostgresStore
from adapters.sqlite.store import SqliteStore
from domain.body.events import BodyEstablished
from domain.canonical import digest
from domain.ports.errors import TooLarge, Unavailable, VersionConflict
from domain.ports.event_store import EventLog, EventStore, Head
from domain.session.events import SessionOpened
from event_factory import NO_CONTENTS, NOW, append, body, keep, recorded
from in_memory_store import InMemoryLog
from postgres_server import new_store

TESTS = Path(__file__).parents[1]
AnyStore = InMemoryLog | SqliteStore | PostgresStore
KINDS = ("memory", "SQLite", "PostgreSQL")


def empty(kind: str, folder: Path, request: pytest.FixtureRequest) -> AnyStore:
    """An empty store of a kind: all keep the same promises."""
    if kind == "memory":
        return InMemoryLog()
    if kind == "SQLite":
        return SqliteStore.create(folder)
    return PostgresStore.open(new_store(request.getfixturevalue("cluster")))


@pytest.fixture(params=KINDS)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[AnyStore]:
    with empty(request.param, tmp_path / "store", request) as made:
        yield made


@pytest.fixture
def history(store: AnyStore) -> EventStore:
    return store.history("un")


def is_sound(store: AnyStore) -> bool:
    """What is in memory has no bytes that could be damaged."""
    return isinstance(store, InMemoryLog) or store.check().sound


def head_of(history: EventStore) -> Head:
    with history.append_transaction() as transaction:
        return transaction.head()


def positions(history: EventStore) -> list[int]:
    return [event.position for event in history.since(0, 10_000)]


def test_store_and_history_are_what_the_domain_asks_for(store: AnyStore) -> None:
    log: EventLog = store
    history: EventStore = store.history("un")

    assert log.organisations() == []
    assert history.last_position() == 0


def test_what_is_appended_is_read_back_in_every_way(history: EventStore) -> None:
    first = recorded(body("wg7"), 1, "c1")
    second = recorded(body("wg8"), 1, "c1", fact=SessionOpened())

    stored = keep(history, [first, second])

    assert [event.position for event in stored] == [1, 2]
    assert [event.fact for event in stored] == [first.fact, second.fact]
    assert history.since(0, 10) == stored
    assert history.since(1, 10) == stored[1:]
    assert history.events_of_command("c1") == stored
    assert history.events_of(body("wg8")) == stored[1:]
    assert history.events_of(body("wg9")) == ()


def test_a_store_keeps_its_events_when_it_is_opened_again(tmp_path: Path) -> None:
    with SqliteStore.create(tmp_path, virtual=True) as store:
        event = append(store.history("un"), body("wg7"))
    with SqliteStore.open(tmp_path, read_only=True) as store:
        assert store.history("un").since(0, 10) == (event,)
        assert store.virtual
        assert store.read_only
        with pytest.raises(Unavailable, match="read only"):
            append(store.history("un"), body("wg7"))


def test_names_are_kept_whatever_is_written_in_them(store: AnyStore) -> None:
    """Also what means something to a database."""
    odd = (r"a\b", 'a"b', "a','b", "{a,b}", "NULL", "$1 %s %% ?", "\N{SNOWMAN}", "'; --", "a b")
    for name in odd:
        event = recorded(body(name), 1, f"c {name}", organisation=name)
        stored = keep(store.history(name), [event])

        assert store.history(name).since(0, 9) == stored
        assert store.history(name).events_of_command(f"c {name}") == stored
        assert store.history(name).events_of(body(name)) == stored
    assert sorted(odd) == list(store.organisations())
    assert is_sound(store)


def test_each_organisation_counts_for_itself(store: AnyStore) -> None:
    for organisation in ("un", "oas", "un"):
        append(store.history(organisation), body("wg7"))

    assert store.organisations() == ["oas", "un"]
    assert positions(store.history("un")) == [1, 2]
    assert positions(store.history("oas")) == [1]


def test_nothing_is_appended_to_a_log_that_has_moved_on(history: EventStore) -> None:
    append(history, body("read"))
    head = head_of(history)
    ready = history.encode([recorded(body("written"), 1)], NO_CONTENTS, head)
    append(history, body("read"))

    with pytest.raises(VersionConflict, match="the log ends at 2, no longer at 1"):
        history.append_after(head.position, [ready])
    with pytest.raises(VersionConflict, match="the log ends at 2, no longer at 1"):
        history.append_after(head.position, [])

    assert history.last_position() == 2
    ready = history.encode([recorded(body("written"), 1)], NO_CONTENTS, head_of(history))
    history.append_after(2, [ready])
    assert history.since(2, 9) == ready.events
    history.append_after(3, [])


def test_several_commands_are_appended_at_once(history: EventStore) -> None:
    """Each was prepared to follow upon the one before it; all are read as they were foretold."""
    head, made = Head(), []
    for number, name in enumerate(("wg7", "wg8", "wg7"), 1):
        event = recorded(body(name), 2 if number == 3 else 1, f"c{number}")
        made.append(history.encode([event], {digest(name.encode()): name.encode()}, head))
        head = Head(number, made[-1].events[-1].recorded_at)
    history.append_after(0, made)

    assert history.since(0, 9) == tuple(event for entry in made for event in entry.events)
    assert history.content(digest(b"wg8")) == b"wg8"


def test_a_version_comes_next_or_not_at_all(history: EventStore) -> None:
    append(history, body("wg7"))
    for version in (1, 3):
        event = recorded(body("wg7"), version, "other")
        with pytest.raises(VersionConflict, match=f"version {version} already, or lacks"):
            keep(history, [event])
        with pytest.raises(VersionConflict, match="without a gap"):
            history.append_after(1, [history.encode([event], NO_CONTENTS, head_of(history))])

    assert history.last_position() == 1


def test_a_command_is_recorded_once(history: EventStore) -> None:
    """Also where the second time would fit into its stream, and beside another command."""
    append(history, body("wg7"), "c1")
    head = head_of(history)
    other = history.encode([recorded(body("wg8"), 1, "c2")], NO_CONTENTS, head)
    last = Head(2, head.recorded_at)
    again = history.encode([recorded(body("wg7"), 2, "c1")], NO_CONTENTS, last)

    with pytest.raises(VersionConflict, match="has happened before"):
        history.append_after(1, [other, again])
    assert history.last_position() == 1


def test_what_is_added_in_a_turn_is_read_in_it(history: EventStore) -> None:
    first = append(history, body("wg7"), "c1")
    with history.append_transaction() as transaction:
        assert transaction.head() == Head(1, first.recorded_at)
        ready = history.encode(
            [recorded(body("wg7"), 2, "c2")], {digest(b"x"): b"x"}, transaction.head()
        )
        transaction.add(ready)

        assert transaction.head() == Head(2, first.recorded_at)
        assert transaction.events_of(body("wg7")) == (first, *ready.events)
        assert transaction.since(1, 9) == transaction.events_of_command("c2") == ready.events
        assert transaction.content(digest(b"x")) == b"x"
        assert history.last_position() == 1
        with pytest.raises(KeyError):
            transaction.content(digest(b"y"))
    assert history.since(0, 9) == (first, *ready.events)


def test_a_store_takes_only_what_it_prepared(history: EventStore) -> None:
    strange: Any = object()
    with pytest.raises(TypeError, match="was not prepared by a store"):
        history.append_after(0, [strange])


def test_a_refused_append_leaves_nothing_behind(history: EventStore) -> None:
    content = b"text"
    events = [recorded(body("wg7"), 1, "c1"), recorded(body("wg7"), 1, "c1")]

    with pytest.raises(VersionConflict):
        keep(history, events, {digest(content): content})

    assert history.last_position() == 0
    with pytest.raises(KeyError):
        history.content(digest(content))


def test_recorded_at_never_runs_back(history: EventStore) -> None:
    times = [NOW, NOW - timedelta(hours=1), NOW + timedelta(microseconds=1)]
    for version, at in enumerate(times):
        event = recorded(body("wg7"), version + 1, at=at)
        keep(history, [event])

    assert [event.recorded_at for event in history.since(0, 9)] == [NOW, NOW, times[2]]
    assert [event.received_at for event in history.since(0, 9)] == times
    assert history.position_at(NOW - timedelta(microseconds=1)) == 0
    assert history.position_at(NOW) == 2
    assert history.position_at(datetime.max.replace(tzinfo=UTC)) == 3


def test_contents_are_kept_apart_for_each_organisation(store: AnyStore) -> None:
    content = b"Tagesordnung"
    name = digest(content)
    un = store.history("un")
    keep(un, [recorded(body("wg7"), 1)], {name: content})
    keep(un, [recorded(body("wg7"), 2)], {name: content})

    assert un.content(name) == content
    with pytest.raises(KeyError):
        store.history("oas").content(name)
    with pytest.raises(ValueError, match="is not the SHA-256"):
        keep(un, [], {name: b"another text"})


def test_too_large_an_event_is_refused_with_its_size(history: EventStore) -> None:
    fact = BodyEstablished(names={"en": "x" * EVENT_CAP})
    big = recorded(body("wg7"), 1, fact=fact)

    with pytest.raises(TooLarge, match=r"body.established.v1 takes 65\d{3} bytes"):
        keep(history, [big])
    with pytest.raises(TooLarge, match="a content takes 16777217 bytes"):
        keep(history, [], {"": bytes(CONTENT_CAP + 1)})

    assert history.last_position() == 0


def test_what_no_command_could_mean_is_refused(history: EventStore) -> None:
    foreign = recorded(body("wg7"), 1, organisation="oas")
    two_commands = [recorded(body("wg7"), 1, "c1"), recorded(body("wg7"), 2, "c2")]
    two_lines = recorded(body("wg7\nbody"), 1)

    for events in ([foreign], two_commands, [two_lines]):
        with pytest.raises(ValueError, match=r"not an event of this append|one line"):
            keep(history, events)


def test_threads_and_processes_leave_no_gap_and_lose_nothing(tmp_path: Path) -> None:
    """Four threads here and two more processes write at once."""
    code = "import sys; from event_factory import write; write(sys.argv[1], sys.argv[2], 40)"
    with SqliteStore.create(tmp_path / "store") as store, ThreadPoolExecutor(4) as pool:
        others = [
            subprocess.Popen(
                [sys.executable, "-c", code, str(store.folder), name],
                cwd=TESTS / "support",
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


def test_one_of_two_writers_at_the_same_end_of_the_log_loses(history: EventStore) -> None:
    def attempt(number: int) -> bool:
        event = recorded(body(f"wg{number}"), 1)
        try:
            history.append_after(0, [history.encode([event], NO_CONTENTS, Head())])
        except VersionConflict:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        won = sum(pool.map(attempt, range(8)))

    assert won == 1
    assert history.last_position() == 1


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=15, deadline=None)
@given(
    appends=st.lists(
        st.lists(
            st.tuples(st.sampled_from(["a", "b", "c"]), st.booleans()), min_size=1, max_size=4
        ),
        max_size=8,
    )
)
def test_any_appends_leave_dense_positions_and_versions(
    kind: str, request: pytest.FixtureRequest, appends: list[list[tuple[str, bool]]]
) -> None:
    """Each append holds some events; a false one has a stale version and undoes its append."""
    with tempfile.TemporaryDirectory() as folder, empty(kind, Path(folder), request) as store:
        history = store.history("un")
        heads: dict[str, int] = {}
        for number, wanted in enumerate(appends):
            after, events = dict(heads), []
            for name, sound in wanted:
                after[name] = after.get(name, 0) + (1 if sound else 0)
                events.append(recorded(body(name), max(after[name], 1), f"c{number}"))
            try:
                keep(history, events)
            except VersionConflict:
                continue
            for name, _ in wanted:
                heads[name] = len(history.events_of(body(name)))

        assert positions(history) == list(range(1, sum(heads.values()) + 1))
        for name, head in heads.items():
            versions = [event.version for event in history.events_of(body(name))]
            assert versions == list(range(1, head + 1))
        assert is_sound(store)
