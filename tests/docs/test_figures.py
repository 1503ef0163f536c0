"""What is stable of the measures: what a step takes can be counted, on any machine."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.postgres.store import PostgresStore
from adapters.sqlite.store import SqliteStore
from postgres_server import Server
from tests.bench.driver_floors import sqlite_floor
from tests.bench.figures import figure, table
from tests.bench.instruction_counts import has_valgrind, instructions_per_step
from tests.bench.statement_counts import counted_on_postgres, counted_on_sqlite
from tests.bench.workload import ORGANISATION, STEPS, Lives, lives
from tests.bench.write_measures import recorded, size_of

EACH = 30


@pytest.fixture
def on_sqlite(tmp_path: Path) -> Iterator[Lives]:
    with lives(SqliteStore.create(tmp_path / "store"), each=EACH) as made:
        yield made


def test_a_lone_step_is_one_commit_on_sqlite(on_sqlite: Lives) -> None:
    with counted_on_sqlite(on_sqlite) as counts:
        steps = on_sqlite.carry_out_alone()

    on_sqlite.check()
    assert STEPS * EACH == steps == counts.commits
    assert counts.statements <= 4.6 * steps


def test_a_commit_too_many_is_counted(on_sqlite: Lives) -> None:
    """The control: a transaction beside the steps is seen."""
    with counted_on_sqlite(on_sqlite) as counts:
        steps = on_sqlite.carry_out_alone()
        with on_sqlite.history.append_transaction():
            pass
    assert steps + 1 == counts.commits


def test_a_lone_step_is_one_statement_on_postgresql(cluster: Server) -> None:
    """Besides the window for which an opening looks, in its likely spellings."""
    made = PostgresStore.create(cluster.database(), durable=False)
    with lives(made, each=EACH) as some:
        with counted_on_postgres() as counts:
            steps = some.carry_out_alone()
        some.check()
    assert steps == counts.commits
    assert counts.statements <= 1.2 * steps


def test_those_who_wait_share_a_commit(tmp_path: Path) -> None:
    """Sixteen wait while nobody is served; then they are, by one commit."""
    with lives(SqliteStore.create(tmp_path / "store"), clients=16, each=1) as made:
        text_line = made.placet.handling._line(made.history)
        first = [some[:1] for some in made.clients]
        threads = [threading.Thread(target=made._do, args=(some,)) for some in first]
        with counted_on_sqlite(made) as counts:
            with text_line._lock:
                for thread in threads:
                    thread.start()
                while len(text_line._waiting) < len(threads):
                    time.sleep(0.001)
            text_line._wake_next()
            for thread in threads:
                thread.join()
        assert made.before + len(threads) == made.history.last_position()
    assert counts.commits == 1


def test_a_life_takes_so_many_bytes(tmp_path: Path) -> None:
    """Within 5 percent; a person who makes events larger changes these numbers knowingly.

    With the repetitions of the older envelope a life took 9,104 bytes, and as much on disk, where
    six of its events fill a page in either.
    """
    kept = recorded(tmp_path / "kept", EACH)
    with lives(SqliteStore.create(tmp_path / "store"), each=EACH) as made:
        before = size_of(tmp_path / "store")
        made.carry_out()
    size = (size_of(tmp_path / "store") - before) / EACH

    assert kept.payload == pytest.approx(8_268, rel=0.05)
    assert size == pytest.approx(15_292, rel=0.05)


def test_the_floor_stores_what_placet_stored(tmp_path: Path) -> None:
    """It looks for itself, byte by byte; here it is shown that it would find a difference."""
    kept = recorded(tmp_path / "kept", 1)
    assert STEPS == sqlite_floor(tmp_path / "floor", kept.before, kept.steps).steps

    twice = [*kept.before, kept.before[-1]]
    with pytest.raises(Exception, match="UNIQUE constraint failed"):
        sqlite_floor(tmp_path / "other", twice, kept.steps)


def test_steps_that_are_missing_are_noticed(on_sqlite: Lives) -> None:
    """The control of what is looked at after each run."""
    with pytest.raises(AssertionError, match=f"0 events of {EACH} lives"):
        on_sqlite.check()
    assert on_sqlite.placet.store.organisations() == [ORGANISATION]


def test_a_goal_is_reached_at_its_bound() -> None:
    reached = [figure("f", [entry], "p", goal).reached for entry in (0.9, 1, 1.1) for goal in GOALS]

    assert ["no", "yes", "yes", "yes", "yes", "no"] == reached
    assert "| f | 2 (1 - 3) | 3 |  |  | p |" in table([figure("f", [1, 2, 3], "p")])


GOALS = (">= 1", "<= 1")


@pytest.mark.heavy
@pytest.mark.skipif(not has_valgrind(), reason="valgrind counts the instructions")
@pytest.mark.skipif(sys.version_info[:2] != (3, 11), reason="they were counted with Python 3.11")
def test_a_step_takes_so_many_instructions(tmp_path: Path) -> None:
    """Within 5 percent: who makes a step dearer changes this number knowingly.

    The control makes ten small hashes beside each step, and is seen.
    """
    plain, with_more = tmp_path / "plain", tmp_path / "with more"
    plain.mkdir()
    with_more.mkdir()
    expected = pytest.approx(INSTRUCTIONS, rel=0.05)

    assert instructions_per_step(plain) == expected
    assert instructions_per_step(with_more, extra_hashes=10) != expected


INSTRUCTIONS = 700_000
"""Of one client's step on SQLite; other libraries than the pinned ones may take others."""
