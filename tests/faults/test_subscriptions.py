"""Who follows a log while others write to it sees every event, once, and in order."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest

from adapters.store_factory import open_store
from postgres_server import Server, ask, new_store
from process_issuing_commands import EVENTS, CommandingProcess
from story import ORGANISATION, Story

WRITERS = 8
READERS = 2


@pytest.fixture(params=["SQLite", "PostgreSQL"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a store of each kind is, which holds body `b`."""
    if request.param == "PostgreSQL":
        cluster: Server = request.getfixturevalue("cluster")
        where = new_store(cluster, virtual=True)
        with open_store(where) as store:
            Story(store).body()
        return where
    story = Story(tmp_path)
    story.body()
    story.placet.close()
    return str(tmp_path / "store")


def read_along(place: str, last: Callable[[], int]) -> list[int]:
    """The positions that a follower sees, in the order in which it sees them, until the last."""
    seen = [0]
    with open_store(place) as store:
        history = store.history(ORGANISATION)
        while seen[-1] < last():
            found = history.since(seen[-1], 50)
            seen += [entry.position for entry in found]
            time.sleep(0 if found else 0.005)
    return seen[1:]


def assert_that_nothing_is_missed(place: str, commands: int) -> None:
    """Eight processes of four threads each write, until each has had its share answered."""
    over = threading.Event()
    end = [1]

    def last() -> int:
        return end[0] if over.is_set() else end[0] + 10**9

    with ExitStack() as stack:
        pool = stack.enter_context(ThreadPoolExecutor(READERS))
        stack.callback(over.set)
        reading = [pool.submit(read_along, place, last) for _ in range(READERS)]
        writers = [CommandingProcess(place, f"w{number}") for number in range(WRITERS)]
        for writer in writers:
            writer.read_answers(commands // WRITERS)
        for writer in writers:
            writer.kill()
        with open_store(place) as store:
            end[0] = store.history(ORGANISATION).last_position()
            assert () == store.check().faults
        over.set()
        seen = [entry.result(60) for entry in reading]
    found = sum(len(writer.told) for writer in writers)
    print(
        f"{end[0]} events, {found} commands acknowledged by {WRITERS} processes (Handling.do);"
        f" {READERS} readers (since)"
    )

    for positions in seen:  # what was under way to a database when its writer was killed may follow
        assert [*range(1, max(end[0], len(positions)) + 1)] == positions
    assert EVENTS * commands <= end[0]


def test_readers_beside_eight_writers_miss_nothing(place: str) -> None:
    assert_that_nothing_is_missed(place, 240)


@pytest.mark.heavy
def test_readers_beside_eight_writers_miss_none_of_ten_thousand_events(place: str) -> None:
    assert_that_nothing_is_missed(place, 5000)


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
