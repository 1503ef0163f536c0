"""What a database goes through: nothing that was acknowledged is lost, doubled or out of order."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from postgres import Server, ask, new_store
from recordings import NO_CONTENTS, append, body, keep, recorded
from story import ORGANISATION, Story

from adapters.postgres.connections import Connection, Limits
from adapters.postgres.history import PostgresHistory
from adapters.postgres.snapshot import snapshot
from adapters.postgres.store import PostgresStore
from domain.ports import ChangedMeanwhile, Head, Unavailable
from domain.times import When
from web.main import Placet, Quiet
from workflows import silence_clock

WRITERS = 8
EACH = 60


@pytest.fixture
def store(database: str) -> Iterator[PostgresStore]:
    with PostgresStore.open(database, limits=Limits(most=WRITERS + 4, patience=20)) as opened:
        yield opened


def write(history: PostgresHistory, name: str, most: int) -> int:
    """Append to a stream of one's own in the fast way; how often somebody else was faster."""
    lost = 0
    for version in range(1, most + 1):
        while True:
            with history.turn() as turn:
                head = turn.head()
            event = recorded(body(name), version, f"{name} {version}")
            try:
                history.append_after(head.position, [history.prepared([event], NO_CONTENTS, head)])
            except ChangedMeanwhile:
                lost += 1
            else:
                break
    return lost


def read_along(history: PostgresHistory, last: int) -> list[int]:
    """The positions that a follower sees until it has seen the last, in the order it sees them."""
    seen: list[int] = []
    until = time.monotonic() + 60
    while (not seen or seen[-1] < last) and time.monotonic() < until:
        seen += [one.position for one in history.since(seen[-1] if seen else 0, 50)]
    return seen


def test_a_follower_beside_eight_writers_misses_nothing(store: PostgresStore) -> None:
    history, last = store.history("un"), WRITERS * EACH
    with ThreadPoolExecutor(WRITERS + 2) as pool:
        following = [pool.submit(read_along, history, last) for _ in range(2)]
        writing = [pool.submit(write, history, f"w{n}", EACH) for n in range(WRITERS)]
        lost = sum(one.result() for one in writing)
    print(f"{last} events, {lost} times somebody else was faster")

    assert [[*range(1, last + 1)]] * 2 == [one.result() for one in following]
    assert () == store.check().faults


def test_positions_from_a_sequence_would_let_a_follower_miss_events(database: str) -> None:
    """The control: without the counter's lock the second position is seen before the first."""
    ask(database, "CREATE TABLE loose (position bigserial PRIMARY KEY, name text)")
    settings = "-c search_path=placet"
    with (
        psycopg.connect(database, options=settings) as slow,
        psycopg.connect(database, options=settings) as fast,
    ):
        slow.execute("INSERT INTO loose (name) VALUES ('first')")
        fast.execute("INSERT INTO loose (name) VALUES ('second')")
        fast.commit()
        seen = ask(database, "SELECT position FROM loose WHERE position > 0")
        slow.commit()
        seen += ask(database, "SELECT position FROM loose WHERE position > %s", seen[-1][0])

    assert [(2,)] == seen


def test_eight_writers_who_lock_one_log_are_served_in_turn(store: PostgresStore) -> None:
    """Nobody is sent away: each turn waits for the one before it."""
    history = store.history("un")
    with ThreadPoolExecutor(WRITERS) as pool:
        for name in range(WRITERS):
            pool.submit(lambda name: [append(history, body(f"w{name}")) for _ in range(20)], name)

    assert [*range(1, 161)] == [one.position for one in history.since(0, 1000)]


def test_one_append_is_one_statement_and_one_transaction(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Transactions are counted by the server, which numbers those that write."""
    ids = "SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint"
    said: list[object] = []
    execute = Connection.execute

    def heard(self: Connection, query: Any, *told: Any, **named: Any) -> Any:
        said.append(query)
        return execute(self, query, *told, **named)

    with PostgresStore.open(database) as store:
        history, head = store.history("un"), Head()
        monkeypatch.setattr(Connection, "execute", heard)
        ((before,),) = store._connections.read(ids)
        said.clear()
        for number in range(1, 51):
            ready = history.prepared([recorded(body("wg7"), number)], NO_CONTENTS, head)
            history.append_after(head.position, [ready])
            head = Head(number, ready.events[0].recorded_at)
        assert 50 == len(said)
        ((after,),) = store._connections.read(ids)

    assert 50 == after - before


@pytest.mark.heavy
def test_a_server_that_is_stopped_hard_loses_nothing_acknowledged(cluster: Server) -> None:
    """Twelve times under four writers; who is told nothing, or a failure, may say it again."""
    url, stops = new_store(cluster), 12
    acknowledged: list[str] = []
    unsaid: list[str] = []
    done = threading.Event()
    limits = Limits(most=10)

    def insist(store: PostgresStore, name: str) -> None:
        history, version = store.history("un"), 1
        while not done.is_set():
            command = f"{name} {version}"
            try:
                if not history.by_command(command):
                    keep(history, [recorded(body(name), version, command)])
            except Unavailable as error:
                unsaid.append(str(error))
                time.sleep(0.02)
            else:
                acknowledged.append(command)
                version += 1

    with PostgresStore.open(url, limits=limits) as store:
        with ThreadPoolExecutor(4) as pool:
            writers = [pool.submit(insist, store, f"w{n}") for n in range(4)]
            try:
                for _ in range(stops):
                    before = len(acknowledged)
                    until = time.monotonic() + 30
                    while len(acknowledged) < before + 50 and time.monotonic() < until:
                        time.sleep(0.01)
                    cluster.stop()
                    cluster.start()
            finally:
                done.set()
            for one in writers:
                one.result()
        stored = [one.command_id for one in store.history("un").since(0, 100_000)]
        print(f"{len(acknowledged)} acknowledged, {len(unsaid)} failures, {len(stored)} stored")

        assert len(stored) == len({*stored})
        assert set() == {*acknowledged} - {*stored}
        assert () == store.check().faults
        assert len(acknowledged) >= stops * 50
        assert all("cannot be used now" in one for one in unsaid)


def test_a_follower_goes_on_after_a_restart(cluster: Server) -> None:
    """Its connections are gone; what it had kept is not, and nothing is read twice."""
    with PostgresStore.open(new_store(cluster, virtual=True)) as store:
        story = Story(store)
        story.body()
        assert story.placet.follow() > 0
        cluster.stop("fast")
        with pytest.raises(Unavailable, match="cannot be used now"):
            story.placet.follow()
        cluster.start()
        story.silence()

        assert story.placet.follow() > 0
        assert 0 == story.placet.follow()
        kept = [dict(row) for row in story.placet.views.rows("window")]
        story.placet.rebuild()
        assert kept == [dict(row) for row in story.placet.views.rows("window")]


def test_of_two_processes_on_one_window_each_decides_on_what_is_there(database: str) -> None:
    """One seat objects through one process while the clock of the other closes the window."""
    url = database
    ask(url, "UPDATE meta SET value = 'yes' WHERE key = 'virtual'")
    with PostgresStore.open(url) as one, PostgresStore.open(url) as other:
        story, elsewhere = Story(one), Placet(other, Quiet())
        story.body()
        story.silence()
        ends = When(story.state("window/w").closes).exact
        story.now = ends - timedelta(minutes=2)
        story.respond("objection", text="No.")
        silence_clock.record_due(
            elsewhere.handling, other.history(ORGANISATION), ["w"], ends + timedelta(hours=1)
        )

        assert "broken" == story.phase()
        assert () == one.check().faults


def test_the_lock_of_one_organisation_keeps_no_other_waiting(store: PostgresStore) -> None:
    with store.history("un").turn():
        append(store.history("oas"), body("wg7"))

    assert ["oas"] == store.organisations()


def test_a_long_report_beside_appends_sees_one_moment(store: PostgresStore) -> None:
    """A check reads everything as it stood at its beginning, and keeps no writer waiting."""
    history = store.history("un")
    for _ in range(5):
        append(history, body("wg7"))
    with snapshot(store._connections) as tables:
        first = list(tables.rows("SELECT count(*) FROM event"))
        append(history, body("wg7"))

        assert first == list(tables.rows("SELECT count(*) FROM event")) == [(5,)]
    assert 6 == history.last_position()


@pytest.mark.parametrize(
    ("reads_on", "told"), [(False, "gave the turn up"), (True, "cannot be used now")]
)
def test_who_goes_on_after_an_error_in_a_turn_is_told_that_it_was_given_up(
    store: PostgresStore, reads_on: bool, told: str
) -> None:
    """The database answers such a COMMIT without an error, and keeps nothing."""
    history, first = store.history("un"), [recorded(body("wg7"), 1)]

    def go_on() -> None:
        with history.turn() as turn:
            turn.add(history.prepared(first, NO_CONTENTS, turn.head()))
            again = history.prepared(first, NO_CONTENTS, turn.head())
            with pytest.raises(ChangedMeanwhile):
                turn.add(again)
            if reads_on:
                turn.of(body("wg7"))

    with pytest.raises(Unavailable, match=told):
        go_on()
    assert 0 == history.last_position()


def test_four_clocks_record_each_lapse_once(cluster: Server) -> None:
    """Twelve windows have fallen due; each clock has a store, a memory and views of its own."""
    url = new_store(cluster, virtual=True)
    with ExitStack() as stores:
        story, *others = [Story(stores.enter_context(PostgresStore.open(url))) for _ in range(5)]
        story.body()
        names = [f"w{number}" for number in range(12)]
        for name in names:
            story.silence(window=name)
        ends = max(When(story.state(f"window/{name}").closes).exact for name in names)

        def tick(clock: Story) -> int:
            history = clock.placet.store.history(ORGANISATION)
            clock.placet.follow()
            due = ends + timedelta(hours=1)
            return len(silence_clock.record_due(clock.placet.handling, history, names, due))

        with ThreadPoolExecutor(4) as pool:
            told = list(pool.map(tick, others))
        print(f"answers of the four clocks: {told}")

        assert 12 == story.names().count("window.lapsed")
        assert () == story.placet.store.check().faults
