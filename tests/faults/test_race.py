"""The silence clock and two writers, as processes, around the deadlines of many windows."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters.postgres.store import PostgresStore
from domain.folding import fold
from domain.messages import RecordedEvent
from domain.streams import Stream, StreamKind
from domain.times import When
from postgres_server import Server, new_store
from process_racing_deadline import GRACE, ORGANISATION
from story import Story
from workflows.history.as_of import all_events

pytestmark = pytest.mark.heavy

TESTS = Path(__file__).parents[1]
MANY = int(os.environ.get("PLACET_RACE_WINDOWS", "100"))
"""How many windows are raced for: a hundred, or as many as are asked for; four times that where
the heavy tests are asked for."""
SECOND = timedelta(seconds=1)
FIRST_END = When("2026-03-09T12:00:00Z").exact

Windows = Sequence[tuple[str, datetime]]


def opened(story: Story, count: int) -> Windows:
    """So many windows of two seats, each with a deadline an hour after the one before."""
    story.body(parameters={"grace-seconds": str(GRACE.seconds)})
    windows = [(f"w{n}", FIRST_END + n * timedelta(hours=1)) for n in range(count)]
    for name, end in windows:
        story.silence(window=name, closes=When.from_instant(end))
        story.now -= timedelta(minutes=1)
    return windows


def raced(
    place: str | Path, windows: Windows, skew: int, *, fenced: bool = True
) -> Sequence[dict[str, Any]]:
    """Let the clock and two writers race; the responses that were acknowledged."""
    values = {
        "place": str(place),
        "windows": [(name, end.isoformat()) for name, end in windows],
        "unfenced": not fenced,
        "seed": len(windows),
    }
    casts = ({"seat": "", "skew_ms": skew}, *({"seat": s, "skew_ms": n} for s, n in _writers(skew)))
    processes = [
        subprocess.Popen(
            [sys.executable, "process_racing_deadline.py", json.dumps(values | cast)],
            cwd=TESTS / "support",
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for cast in casts
    ]
    for process in processes:
        assert process.stdout
        assert "ready" == process.stdout.readline().strip()
    start = str(time.monotonic() + 0.2)
    for process in processes:
        assert process.stdin
        process.stdin.write(start + "\n")
        process.stdin.flush()
    answers = [process.communicate(timeout=300)[0] for process in processes]
    assert [0] * len(processes) == [process.returncode for process in processes]
    return [noted for answer in answers for noted in json.loads(answer)]


def _writers(skew: int) -> Sequence[tuple[str, int]]:
    return (("east", skew), ("west", -skew))


def contradictions(
    log: Sequence[RecordedEvent], windows: Windows, acknowledged: Sequence[Mapping[str, Any]]
) -> list[str]:
    """What cannot be true of one window at the same time, or was answered and is not there."""
    stored = {event.hash for event in log}
    found = [
        f"{noted['command']} was acknowledged, and it is not there"
        for noted in acknowledged
        if not {*noted["hashes"]} <= stored
    ]
    for name, end in windows:
        events = [event for event in log if event.stream == Stream(StreamKind.WINDOW, name)]
        names = Counter(event.name.split(".")[1] for event in events)
        lapses = [event for event in events if event.name == "window.lapsed.v2"]
        if names["lapsed"] + names["broken"] > 1:
            found.append(f"{name} has two outcomes: {dict(names)}")
        if any(lapse.received_at < end + GRACE - SECOND for lapse in lapses):
            found.append(f"{name} lapsed before its grace was over")
        phase = str(fold(StreamKind.WINDOW, events).phase(end + timedelta(days=1)))
        in_time = [
            noted["command"]
            for noted in acknowledged
            if noted["window"] == name and datetime.fromisoformat(noted["truly"]) < end
        ]
        if in_time and phase in {"approved", "partly approved"}:
            found.append(f"{name} is {phase} in spite of {in_time}")
    return found


def assert_that_no_race_contradicts_itself(
    story: Story, place: str | Path, skew: int, many: int
) -> None:
    """In any order: one outcome each, none in spite of an objection, none before its time."""
    windows = opened(story, many)
    acknowledged = raced(place, windows, skew)
    log = all_events(story.placet.store.history(ORGANISATION))
    names = Counter(event.name for event in log)
    print(
        f"{many} windows, skew {skew} ms (Handling.do, silence_clock.record_due):"
        f" {len(acknowledged)} acknowledged; {dict(names)}"
    )

    assert [] == contradictions(log, windows, acknowledged)
    assert names["window.lapsed.v2"]
    assert names["window.broken.v2"]
    assert names["window.response_found_after_close.v2"]
    assert skew == 0 or names["window.response_at_margin.v2"]


@pytest.mark.parametrize("skew", [0, 3])
@pytest.mark.folder
def test_no_race_around_a_deadline_contradicts_itself(
    story: Story, tmp_path: Path, skew: int
) -> None:
    assert_that_no_race_contradicts_itself(story, tmp_path / "store", skew, MANY)


@pytest.mark.parametrize("skew", [0, 3])
@pytest.mark.folder
def test_nor_does_any_of_four_hundred(story: Story, tmp_path: Path, skew: int) -> None:
    assert_that_no_race_contradicts_itself(story, tmp_path / "store", skew, 4 * MANY)


def test_no_race_on_postgresql_contradicts_itself(cluster: Server) -> None:
    url = new_store(cluster, virtual=True)
    with PostgresStore.open(url) as store:
        assert_that_no_race_contradicts_itself(Story(store), url, 3, MANY // 2)


@pytest.mark.folder
def test_without_the_fence_of_versions_a_race_does(story: Story, tmp_path: Path) -> None:
    """The control: the same race without it ends in outcomes that contradict each other."""
    windows = opened(story, MANY)
    acknowledged = raced(tmp_path / "store", windows, 0, fenced=False)
    log = all_events(story.placet.store.history(ORGANISATION))
    found = contradictions(log, windows, acknowledged)
    print(f"without the fence: {len(found)} contradictions in {MANY} windows")

    assert found
