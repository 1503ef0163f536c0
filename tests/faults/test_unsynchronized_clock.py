"""A clock that is wrong, and no server: it approves nothing early, and sends nobody away."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters import clock_synchronization
from adapters.sqlite.heartbeat import Heartbeat
from adapters.sqlite.store import SqliteStore
from command_line import Placet
from story import ORGANISATION, Story
from wiring import Placet as Program
from wiring import now

TESTS = Path(__file__).parents[1]
HOUR = timedelta(hours=1)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store, not of simulated acts, with a window that closes in half an hour."""
    with SqliteStore.create(tmp_path / "store") as made:
        story = Story(made)
        story.now = now() - timedelta(hours=72) + timedelta(minutes=30)
        story.body(parameters={"longest-outage-minutes": "0"})
        story.silence()
        story.placet.close()
    return tmp_path / "store"


def at_another_time(ahead: timedelta, *words: str | Path, trusted: bool) -> Any:
    """What the command line says on a machine whose clock is wrong by as much."""
    around = {**os.environ, "PLACET_TRUST_CLOCK": "1" if trusted else ""}
    text_line = [
        sys.executable,
        "process_with_faked_time.py",
        str(ahead.total_seconds()),
        *map(str, words),
    ]
    return subprocess.run(
        text_line, cwd=TESTS / "support", env=around, capture_output=True, text=True, check=False
    )


def names(store: Path) -> Sequence[str]:
    with SqliteStore.open(store, read_only=True) as opened:
        found = opened.history(ORGANISATION).since(0, 100)
    return [entry.name.split(".")[1] for entry in found if entry.name.startswith("window.")]


def test_a_machine_that_is_an_hour_ahead_approves_nothing_early(store: Path) -> None:
    found = at_another_time(HOUR, "clock", "--once", "--store", store, trusted=False)

    assert 1 == found.returncode, found.stderr
    assert "Nothing vouches for the clock here" in " ".join(found.stderr.split())
    assert ["opened"] == names(store)


def test_what_a_trusted_clock_did_wrong_is_told_afterwards(store: Path, placet: Placet) -> None:
    """The control, too: told to trust it, Placet does; by a right clock it is then found out."""
    found = at_another_time(HOUR, "clock", "--once", "--store", store, trusted=True)
    code, out, _ = placet("status", "--store", store)
    said = " ".join(out.split())

    assert 0 == found.returncode, found.stderr
    assert ["opened", "lapsed"] == names(store)
    assert 3 == code
    assert "events were recorded in the future" in said
    assert "window w was recorded as approved, though its deadline" in said


def test_a_machine_that_is_an_hour_behind_sends_no_objection_away(
    store: Path, tmp_path: Path
) -> None:
    """Its clock is behind the newest event of the log; by so much it may be off."""
    words = (
        "window",
        "respond",
        "w",
        "--kind",
        "objection",
        "--as",
        "east",
        "--yes",
        "--store",
        store,
    )
    found = at_another_time(-timedelta(hours=73), *words, trusted=False)
    with SqliteStore.open(store) as opened:
        window = Story(opened).state("window/w")

    assert "ms off: please have it set" in " ".join(found.stderr.split())
    assert ["counted"] == [response.standing for response in window.responses], found.stderr
    assert -2 * 3_600_000 < (window.responses[0].offset_ms or 0) < -3_600_000


def test_a_clock_that_is_behind_the_log_records_nothing_else(store: Path) -> None:
    words = ("window", "hold", "w", "--reason", "So.", "--yes", "--store", store)
    found = at_another_time(-timedelta(hours=73), *words, trusted=True)

    assert 1 == found.returncode
    assert "one-clock" in found.stderr
    assert ["opened"] == names(store)


def test_a_server_at_work_vouches_for_the_clock_that_it_shares(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: none is at work before."""
    monkeypatch.setattr(clock_synchronization, "_read_kernel_clock", lambda: None)
    with SqliteStore.open(store) as opened:
        alone = opened.clock_doubt()
        Heartbeat(store).beat(Program(opened).clock.own, now())

        assert ("this system does not tell", "") == (alone[:25], opened.clock_doubt())


@pytest.mark.parametrize(
    ("answer", "status", "off", "doubted"),
    [
        (0, 0x2001, 0.0, ""),
        (0, 0x0001, 0.9, ""),
        (5, 0x0001, 0.0, "not synchronised"),
        (0, 0x0040, 0.0, "not synchronised"),
        (0, 0x0001, 1.5, "another time than the system"),
    ],
)
def test_the_system_vouches_when_it_is_synchronised_and_tells_the_same_time(
    monkeypatch: pytest.MonkeyPatch, answer: int, status: int, off: float, doubted: str
) -> None:
    def read_kernel_clock() -> tuple[int, int, datetime]:
        return answer, status, datetime.now(UTC) + timedelta(seconds=off)

    monkeypatch.setattr(clock_synchronization, "_read_kernel_clock", read_kernel_clock)
    found = clock_synchronization.clock_doubt()

    assert doubted in found
    assert bool(doubted) == bool(found)


@pytest.mark.skipif(sys.platform != "linux", reason="adjtimex(2) is of Linux")
def test_the_system_tells_the_time_of_this_process() -> None:
    """What is read of it is laid out rightly."""
    found = clock_synchronization._read_kernel_clock()

    assert found is None or abs(found[2] - datetime.now(UTC)) < timedelta(minutes=1)
