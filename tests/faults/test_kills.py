"""Processes are killed while they write, again and again: nothing is lost, doubled or torn."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from adapters.store_factory import AnyStore, open_store
from postgres_server import new_store
from process_issuing_commands import EVENTS, CommandingProcess, Pace, moments
from story import ORGANISATION, Story

pytestmark = pytest.mark.heavy

Place = Callable[[str], str]


@pytest.fixture
def place(tmp_path: Path, request: pytest.FixtureRequest) -> Place:
    """Where a store of a kind is, which holds body `b`."""

    def made(kind: str) -> str:
        if kind == "PostgreSQL":
            where = new_store(request.getfixturevalue("cluster"), virtual=True)
            with open_store(where) as store:
                Story(store).body()
            return where
        story = Story(tmp_path)
        story.body()
        story.placet.close()
        return str(tmp_path / "store")

    return made


@dataclass
class Kills:
    """What was told by processes that were killed, and what the log held after each kill."""

    place: str
    acknowledged: list[str] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)
    resolved: int = 0

    def kill(self, rounds: int, *, early: bool = False) -> None:
        """Kill a process in each round; the next one asks again what was left unanswered."""
        steady = CommandingProcess(self.place, "calm", Pace(rest=0.01))
        with open_store(self.place) as store:
            for number, (answers, seconds) in enumerate(moments(rounds, rounds)):
                again = [] if early else self.unanswered
                manner = Pace(again=tuple(again), early=early)
                victim = CommandingProcess(self.place, f"r{number}", manner)
                victim.read_answers(answers + len(again))
                time.sleep(seconds)
                victim.kill()
                self.resolved += len({*again} & {*victim.acknowledged})
                self.acknowledged += victim.acknowledged
                self.unanswered = [*({*again} - {*victim.acknowledged}), *victim.unanswered()]
                self.look(store)
            steady.kill()
            self.acknowledged += steady.acknowledged
            self.unanswered += steady.unanswered()
            self.look(store)

    def look(self, store: AnyStore) -> None:
        """Note what has come to the end of the log since the last look."""
        found = store.history(ORGANISATION).since(len(self.seen), 100_000)
        assert [*range(len(self.seen) + 1, len(self.seen) + len(found) + 1)] == [
            entry.position for entry in found
        ]
        self.seen += [entry.hash for entry in found]


def faults(kills: Kills) -> list[str]:
    """What of all that was told, and stored, cannot be.

    What a process had written to SQLite's log when it was killed, but not yet shown to others, is
    found when the store is next opened: nobody was told of it, and so it may be there or not.
    """
    with open_store(kills.place) as store:
        log = store.history(ORGANISATION).since(0, 1_000_000)
        found = [*store.check().faults]
    stored = Counter(event.command_id for event in log if not event.command_id.startswith("act-"))
    found += [f"{name} was told, and is not there" for name in {*kills.acknowledged} - {*stored}]
    found += [f"{name} is there {n} times" for name, n in stored.items() if n != EVENTS]
    if [event.hash for event in log[: len(kills.seen)]] != kills.seen:
        found.append("what was there at an earlier look has changed")
    sudden = {event.command_id for event in log[len(kills.seen) :]} - {*kills.unanswered}
    found += [f"{name} has appeared since the last look" for name in sudden]
    return found


def assert_that_kills_lose_nothing(place: str, rounds: int, least: int) -> None:
    kills = Kills(place)
    kills.kill(rounds)
    found = len({*kills.acknowledged})
    print(
        f"{rounds} kills, {found} commands acknowledged, {len(kills.seen)} events;"
        f" {kills.resolved} commands without an answer were answered in the next round"
    )

    assert [] == faults(kills)
    assert found >= least
    assert kills.resolved >= rounds


def test_kill_9_loses_no_acknowledged_event_and_doubles_none(place: Place) -> None:
    assert_that_kills_lose_nothing(place("SQLite"), 10, 200)


def test_kill_9_of_who_writes_to_a_database_loses_and_doubles_nothing(place: Place) -> None:
    assert_that_kills_lose_nothing(place("PostgreSQL"), 10, 200)


def test_two_hundred_kills_under_load_lose_and_double_nothing(place: Place) -> None:
    assert_that_kills_lose_nothing(place("SQLite"), 200, 10_000)


def test_who_answers_before_the_commit_loses_what_was_acknowledged(place: Place) -> None:
    """The control: the same kills of a program that says too early that it is done."""
    kills = Kills(place("SQLite"))
    kills.kill(5, early=True)
    found = faults(kills)
    print(f"{len(found)} of {len(kills.acknowledged)}: {found[:3]}")

    assert [entry for entry in found if "was told, and is not there" in entry]
