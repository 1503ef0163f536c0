"""The last minute of a window: many seats answer at once, from several processes."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.sqlite.store import SqliteStore
from adapters.store_factory import open_store
from domain.times import When
from event_factory import append
from event_factory import body as stream
from story import ORGANISATION, Story

TESTS = Path(__file__).parents[1]
SEATS = tuple(f"seat-{n:03}" for n in range(300))
ANSWERING = SEATS[:190]
PROCESSES = 4


@pytest.fixture
def window(place: str) -> Iterator[Story]:
    """Window `w`, with 300 seats on its roster."""
    with open_store(place) as store:
        story = Story(store)
        story.body(seats=SEATS)
        story.silence()
        yield story


def answered(story: Story, place: str, manner: str) -> list[tuple[str, int, float]]:
    """What each seat was answered, and after how many seconds; four processes start together."""
    ends = story.state("window/w").closes.exact
    at = (ends - timedelta(seconds=5)).isoformat()
    words = [sys.executable, "process_responding.py", place]
    processes = [
        subprocess.Popen(
            [*words, json.dumps(ANSWERING[n::PROCESSES]), at, manner],
            cwd=TESTS / "support",
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for n in range(PROCESSES)
    ]
    for process in processes:
        assert process.stdin
        assert process.stdout
        assert "ready" == process.stdout.readline().strip()
    for process in processes:
        assert process.stdin
        process.stdin.write("go\n")
        process.stdin.flush()
    found = [json.loads(process.communicate(timeout=60)[0]) for process in processes]
    assert [0] * PROCESSES == [process.returncode for process in processes]
    return [(seat, number, seconds) for entry in found for seat, number, seconds in entry]


def bare(folder: Path) -> float:
    """The slowest of 190 bare appends to a store of their own, in seconds."""
    slowest = 0.0
    with SqliteStore.create(folder / "bare") as store:
        history = store.history("un")
        for _ in ANSWERING:
            began = time.perf_counter()
            append(history, stream("b"))
            slowest = max(slowest, time.perf_counter() - began)
    return slowest


def test_all_who_answer_in_the_last_seconds_are_heard(
    window: Story, place: str, tmp_path: Path
) -> None:
    """190 of 300 seats, four processes: each is answered, stored once and numbered in order."""
    answers = answered(window, place, "in turn")
    responses = window.state("window/w").responses
    events = [event for event in window.events() if event.name == "window.response_received.v2"]
    slowest = max(seconds for _, _, seconds in answers)
    print(
        f"190 answers by {PROCESSES} processes (Handling.do): slowest {slowest:.3f} s,"
        f" slowest bare append to SQLite {bare(tmp_path):.3f} s"
    )

    assert {*range(1, 191)} == {number for _, number, _ in answers}
    assert [*range(1, 191)] == [response.number for response in responses]
    assert [*ANSWERING] == sorted(
        seat for response in responses for seat in response.response.seats
    )
    assert {"counted"} == {response.standing for response in responses}
    assert {seat: number for seat, number, _ in answers} == {
        response.response.seats[0]: response.number for response in responses
    }
    assert [event.position for event in events] == [
        *range(events[0].position, 190 + events[0].position)
    ]
    assert "open" == window.phase(When(window.state("window/w").closes).exact - timedelta(0, 1))
    assert ORGANISATION == events[0].organisation


def test_without_a_turn_of_their_own_some_are_not_heard(window: Story, place: str) -> None:
    """The control: who only decides once more is sometimes told that others were faster again."""
    answers = answered(window, place, "once more")

    assert [] != [seat for seat, number, _ in answers if not number]
    assert len(window.state("window/w").responses) == len([1 for _, n, _ in answers if n])
