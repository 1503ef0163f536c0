"""The silence clock on the command line: it records once, holds in doubt, and raises alarms."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import zoneinfo
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from importlib.resources import files
from pathlib import Path
from typing import IO

import pytest

from adapters import time_zone_data
from adapters.sqlite.heartbeat import Heartbeat
from adapters.sqlite.store import SqliteStore
from adapters.system_clock import Anchor
from command_line import Placet
from story import ORGANISATION, Story
from wiring import now


def names(folder: Path) -> list[str]:
    """The names of all events, without their versions."""
    with SqliteStore.open(folder) as store:
        found = store.history(ORGANISATION).since(0, 1000)
    return [entry.name.rpartition(".")[0] for entry in found]


def words(text: str) -> str:
    """The text in one line."""
    return " ".join(text.split())


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Where the story keeps its store."""
    return tmp_path / "store"


def test_a_lapse_is_recorded_once(placet: Placet, story: Story, store: Path) -> None:
    """Looked at a second time, nothing is due; what is still running is named with its end."""
    story.body(parameters={"longest-outage-minutes": "0"})
    story.silence()
    story.now = now() - timedelta(hours=1)
    story.silence(window="v")
    first = placet("clock", "--once", "--store", store)
    again = placet("clock", "--once", "--store", store)

    assert (0, 0) == (first[0], again[0])
    assert "No breaking objection was received in time" in words(first[1])
    assert "v open" in words(first[1])
    assert "an answer, or silence until the deadline (seat)" in words(again[1])
    assert "Nothing was due." in again[2]
    assert ["window.lapsed"] == [name for name in names(store) if name == "window.lapsed"]


def test_in_doubt_it_holds_and_says_for_what_it_waits(
    placet: Placet, story: Story, store: Path
) -> None:
    """Nobody served the store before the deadline; an officer looks at that, then it closes."""
    story.body()
    story.silence()
    held = json.loads(placet("clock", "--once", "--json", "--store", store)[1])
    placet("window", "release", "w", "--reason", "asked", "--yes", "--store", store)
    closed = json.loads(placet("clock", "--once", "--json", "--store", store)[1])

    assert ["window.held.v2"] == [entry["name"] for entry in held["recorded"]]
    assert "nobody could answer here" in held["waiting"][0]["waits for"]
    assert "held for review" == held["waiting"][0]["stands"]
    assert ["window.lapsed.v2"] == [entry["name"] for entry in closed["recorded"]]
    assert [] == closed["waiting"]


def test_without_once_it_runs_until_it_is_ended(story: Story, store: Path) -> None:
    """It records while it runs, and ends in order."""
    story.body(parameters={"longest-outage-minutes": "0"})
    story.silence()
    story.placet.close()
    text_line = [sys.executable, "-u", "-m", "web", "clock", "--store", str(store)]
    pipe = subprocess.PIPE
    with subprocess.Popen(text_line, stdout=pipe, stderr=pipe, text=True) as process:
        assert process.stdout
        found = until(process.stdout, "approved.")
        process.send_signal(signal.SIGINT)
        try:
            said = process.communicate(timeout=30)[1]
        finally:
            process.kill()

    assert "the text is approved." in found
    assert (0, True) == (process.returncode, "The silence clock was ended." in said)
    assert 1 == names(store).count("window.lapsed")


def until(stream: IO[str], end: str) -> str:
    """What is said up to and with this."""
    text = ""
    for text_line in stream:
        text += text_line
        if end in text_line:
            return text
    raise AssertionError(text)


def test_a_clock_that_is_off_records_nothing_but_responses(
    placet: Placet, story: Story, store: Path
) -> None:
    """The server's anchor tells it: this clock was moved by five seconds since."""
    story.body(parameters={"longest-outage-minutes": "0"})
    story.silence()
    story.now = now() - timedelta(hours=1)
    story.silence(window="v")
    here = Anchor.now()
    Heartbeat(store).beat(replace(here, at=here.at - timedelta(seconds=5)), now())
    code, _, err = placet("clock", "--once", "--store", store)
    held = placet("window", "hold", "v", "--reason", "a rumour", "--store", store, "--yes")
    text_line = ("window", "respond", "v", "--as", "east", "--kind", "objection")
    received = placet(*text_line, "--store", store, "--yes")

    assert 0 == code
    assert "ms off: nothing is recorded until it is set" in words(err)
    assert "window.lapsed" not in names(store)
    assert 1 == held[0]
    assert "one-clock" in held[2]
    assert 0 == received[0]
    assert "was stamped by a clock that was" in placet("window", "show", "v", "--store", store)[1]


def test_json_is_for_one_look(placet: Placet, story: Story, store: Path) -> None:
    """A loop has no end that a document could have; exit code 2."""
    story.body()

    assert 2 == placet("clock", "--json", "--store", store)[0]


# --- a release of the time zone database that would move a deadline ------------------------------


@pytest.fixture
def moved(tmp_path: Path) -> Iterator[Path]:
    """From now on Vienna has the clocks of New York: a folder with a package that says so."""
    package = tmp_path / "later" / "tzdata"
    shutil.copytree(str(files("tzdata")), package)
    zones = package / "zoneinfo"
    shutil.copy(zones / "America" / "New_York", zones / "Europe" / "Vienna")
    yield package.parent
    time_zone_data.use_shipped()


def release(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let this process read its time zones from that package."""
    zoneinfo.reset_tzpath(to=[str(folder / "tzdata" / "zoneinfo")])
    zoneinfo.ZoneInfo.clear_cache()
    monkeypatch.setattr(time_zone_data, "release", lambda: "a later one")


def two_ends(story: Story) -> None:
    """Window `w` has an hour that New York has too, `v` one that it skipped, `h` counts hours."""
    story.body(parameters={"longest-outage-minutes": "0"})
    story.silence(closes="2026-03-08T17:00[Europe/Vienna]")
    story.silence(window="v", closes="2026-03-08T02:30[Europe/Vienna]")
    story.silence(window="h")
    story.placet.close()


def test_a_moved_deadline_raises_an_alarm_and_the_published_one_binds(
    placet: Placet,
    story: Story,
    store: Path,
    moved: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The clock says so, the window's show says so, and the lapse counts from the old instant."""
    two_ends(story)
    steady = placet("window", "show", "w", "--store", store)
    release(moved, monkeypatch)
    shown = placet("window", "show", "w", "--store", store)[1]
    skipped = placet("window", "show", "v", "--store", store)
    _, out, err = placet("clock", "--once", "--store", store)
    alarms = [text_line for text_line in err.splitlines() if text_line.startswith("Window ")]

    assert "binds" not in steady[1]
    assert "it would close at 2026-03-08T21:00:00Z" in words(shown)
    assert "the published instant binds: 2026-03-08T16:00:00Z" in words(shown)
    assert 0 == skipped[0]
    assert "cannot be computed anew" in words(skipped[1])
    assert 2 == len(alarms)
    assert "Window v of fictional: its deadline cannot be computed anew" in alarms[0]
    assert "Window w of fictional: computed anew with" in alarms[1]
    assert "2026-03-08T16:00:00Z" in out
    assert 3 == names(store).count("window.lapsed")


def test_the_server_raises_the_alarm_when_it_starts(story: Story, store: Path, moved: Path) -> None:
    """Before it tells its address."""
    two_ends(story)
    text_line = [sys.executable, "-m", "web", "serve", "--store", str(store), "--port", "0"]
    around = {**os.environ, "PYTHONPATH": str(moved)}
    with subprocess.Popen(text_line, stderr=subprocess.PIPE, text=True, env=around) as process:
        assert process.stderr
        said = until(process.stderr, "http://")
        process.terminate()
        process.wait(timeout=30)

    assert 2 == said.count("the published instant binds")
