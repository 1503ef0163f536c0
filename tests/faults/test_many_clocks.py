"""Four silence clocks on one store: each deadline is recorded once, whichever of them is killed."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

import pytest

from adapters.store_factory import open_store
from domain.messages import RecordedEvent
from domain.times import When
from process_silence_clock import started
from story import ORGANISATION, Story

pytestmark = pytest.mark.heavy

CLOCKS = 4
Place = Callable[[], str]


def opened(place: str, windows: int) -> datetime:
    """Open so many windows; a moment at which all of them are due."""
    with open_store(place) as store:
        story = Story(store)
        story.body(parameters={"longest-outage-minutes": "0"})
        for number in range(windows):
            story.silence(window=f"w{number:04}")
        last = When(story.state(f"window/w{windows - 1:04}").closes).exact
        story.placet.projections.follow()
    return last + timedelta(hours=1)


def recorded(place: str, *, unsafe: bool = False) -> list[RecordedEvent]:
    """What has been recorded of deadlines; a check finds where unsafe clocks came too late."""
    with open_store(place) as store:
        log = store.history(ORGANISATION).since(0, 100_000)
        assert unsafe == bool(store.check().faults)
    return [event for event in log if event.name in {"window.lapsed.v2", "window.held.v2"}]


def run(place: str, due: datetime, windows: int, kills: int, *, unsafe: bool = False) -> int:
    """Let four clocks run until nothing is due; one after another is killed, and another begins.

    How many were killed before everything was recorded.
    """
    chance = Random(windows)  # noqa: S311 (whom to kill, and when)
    clocks = [started(place, due, unsafe=unsafe) for _ in range(CLOCKS)]
    with open_store(place) as store:
        history, at_work = store.history(ORGANISATION), 0
        begun = history.last_position()
        for after in sorted(chance.sample(range(windows), kills)):
            until = time.monotonic() + 120
            while history.last_position() < begun + after and time.monotonic() < until:
                time.sleep(0.002)
            number = chance.randrange(CLOCKS)
            clocks[number].kill()
            clocks[number].join()
            at_work += history.last_position() < begun + windows
            clocks[number] = started(place, due, unsafe=unsafe)
    for clock in clocks:
        clock.join(120)
        assert 0 == clock.exitcode
    return at_work


def assert_each_is_recorded_once(place: str, windows: int, kills: int) -> None:
    due = opened(place, windows)
    at_work = run(place, due, windows, kills)
    found = recorded(place)
    times = Counter(entry.stream.id for entry in found)
    print(f"{windows} deadlines, {CLOCKS} clocks, {at_work} kills meanwhile (Placet.tick)")

    assert at_work
    assert {f"w{number:04}": 1 for number in range(windows)} == times
    assert {"window.lapsed.v2"} == {entry.name for entry in found}


def test_four_clocks_record_each_deadline_once_though_some_are_killed(place: str) -> None:
    assert_each_is_recorded_once(place, 40, 6)


def test_four_clocks_record_each_of_a_thousand_deadlines_once(place: str) -> None:
    assert_each_is_recorded_once(place, 1000, 40)


def test_clocks_without_fence_and_recognition_record_some_deadlines_twice(place: str) -> None:
    """The control: the same clocks, which take nothing for done, and append wherever they are."""
    due = opened(place, 200)  # enough that no clock is done before the next one begins
    run(place, due, 200, 0, unsafe=True)
    times = Counter(entry.stream.id for entry in recorded(place, unsafe=True))
    print(f"{len([n for n in times.values() if n > 1])} of 200 deadlines recorded more than once")

    assert [name for name, often in times.items() if often > 1]
