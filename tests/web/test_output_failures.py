"""What was recorded is said, whatever fails afterwards: an output closed or full, rows damaged."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters.sqlite.store import SqliteStore
from server_process import until
from story import ORGANISATION, Story
from wiring import now

FULL = Path("/dev/full")
STEP = """
live: respond
who: seat west
window: w
kind: objection
seats: [west]
id: mine
"""


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store with an open window, and one that is due."""
    with SqliteStore.create(tmp_path / "store") as made:
        story = Story(made)
        story.body(parameters={"longest-outage-minutes": "0"})
        story.silence(window="due")
        story.now = now() - timedelta(minutes=30)
        story.silence()
        story.placet.close()
    (tmp_path / "step.yaml").write_text(STEP)
    return tmp_path / "store"


def into_nothing(words: list[str], **fields: Any) -> subprocess.CompletedProcess[str]:
    """Its output goes where nothing can be written."""
    with FULL.open("w") as full:
        return subprocess.run(
            words, stdout=full, stderr=subprocess.PIPE, text=True, check=False, timeout=60, **fields
        )


def to_closed_pipe(words: list[str]) -> subprocess.CompletedProcess[str]:
    """The reader of its output has gone."""
    with subprocess.Popen(
        words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        said = process.stderr.read()
        code = process.wait(60)
    return subprocess.CompletedProcess(words, code, "", said)


def commands(store: Path) -> dict[str, list[str]]:
    """Each way to record something."""
    where = ["--store", str(store)]
    return {
        "act": ["window", "respond", "w", "--as", "west", "--kind", "objection", "--yes", *where],
        "step": ["agenda", "do", str(store.parent / "step.yaml"), *where],
        "clock": ["clock", "--once", *where],
    }


def last(store: Path) -> int:
    with SqliteStore.open(store, read_only=True) as opened:
        return opened.history(ORGANISATION).last_position()


@pytest.mark.skipif(not FULL.exists(), reason="there is no device that is always full")
@pytest.mark.parametrize("run", [into_nothing, to_closed_pipe])
@pytest.mark.parametrize("which", ["act", "step", "clock"])
def test_an_output_that_takes_nothing_hides_nothing_recorded(
    store: Path, which: str, run: Callable[[list[str]], subprocess.CompletedProcess[str]]
) -> None:
    """It says where, and under which id, and ends in a way of its own."""
    before = last(store)
    ended = run([sys.executable, "-m", "web", *commands(store)[which]])
    said = " ".join(ended.stderr.split())

    assert 4 == ended.returncode, said
    assert f"It is recorded: event {before + 1} of {ORGANISATION}" in said
    assert "Traceback" not in said
    assert before < last(store)


@pytest.mark.parametrize("which", ["act", "step"])
def test_rows_that_cannot_be_written_hide_nothing_recorded(store: Path, which: str) -> None:
    """The rows are a folder, so that nobody can make them."""
    (store / "views.db").unlink(missing_ok=True)
    (store / "views.db").mkdir()
    before = last(store)
    words = [sys.executable, "-m", "web", *commands(store)[which]]
    ended = subprocess.run(words, capture_output=True, text=True, check=False, timeout=60)

    assert 4 == ended.returncode, ended.stderr
    assert f"It is recorded: event {before + 1}" in " ".join(ended.stderr.split())


@pytest.mark.skipif(not FULL.exists(), reason="there is no device that is always full")
def test_what_recorded_nothing_says_only_that_its_output_is_lost(store: Path) -> None:
    """The control: a list ends with 1, and a refusal as ever."""
    listed = into_nothing([sys.executable, "-m", "web", "agenda", "list", "--store", str(store)])
    wrong = [*commands(store)["act"], "--id", "clock:x"]
    refused = into_nothing([sys.executable, "-m", "web", *wrong])

    assert (1, 1) == (listed.returncode, refused.returncode), listed.stderr
    assert "The output cannot be written" in listed.stderr
    assert "Traceback" not in listed.stderr
    assert "Refused" in refused.stderr


@pytest.mark.skipif(not FULL.exists(), reason="there is no device that is always full")
def test_a_clock_whose_output_is_full_says_what_it_records_and_goes_on(
    store: Path, tmp_path: Path
) -> None:
    """It is ended by the process that started it, and by nothing else."""
    before = last(store)
    words = [sys.executable, "-m", "web", "clock", "--trust-clock", "--store", str(store)]
    said = tmp_path / "said"
    with (
        FULL.open("w") as full,
        said.open("w") as errors,
        subprocess.Popen(words, stdout=full, stderr=errors) as process,
    ):
        until(
            lambda: f"It is recorded: event {before + 1} of" in " ".join(said.read_text().split())
        )
        process.send_signal(signal.SIGINT)
        code = process.wait(60)

    assert 0 == code, said.read_text()
    assert "The silence clock was ended." in said.read_text()
    assert "The silence clock waits" not in said.read_text()


def test_an_output_that_was_never_there_is_told_as_well(store: Path) -> None:
    before = last(store)
    program = f"exec {sys.executable} -m web {' '.join(commands(store)['act'])} >&-"
    ended = subprocess.run(
        ["/bin/sh", "-c", program], stderr=subprocess.PIPE, text=True, check=False, timeout=60
    )

    assert 4 == ended.returncode, ended.stderr
    assert f"It is recorded: event {before + 1}" in " ".join(ended.stderr.split())


@pytest.mark.skipif(not FULL.exists(), reason="there is no device that is always full")
def test_a_bounce_is_said_to_be_recorded_though_the_output_is_full(
    store: Path, tmp_path: Path
) -> None:
    listed = tmp_path / "directory.yaml"
    listed.write_text(
        "fictional: {b: {east: {addresses: [e@x.org]}, west: {addresses: [w@x.org]}}}"
    )
    where = ["--store", str(store)]
    here = ["--external-address", "https://placet.example.org"]
    program = [sys.executable, "-m", "web"]
    done: dict[str, Any] = {"capture_output": True, "text": True, "timeout": 60}
    subprocess.run([*program, "directory", "load", str(listed), *where], check=True, **done)
    subprocess.run(
        [*program, "post", "send", "--mail-dir", str(tmp_path / "out"), *here, *where],
        check=True,
        **done,
    )
    letter = next(path.stem for path in (tmp_path / "out").glob("*.eml"))
    before = last(store)
    ended = into_nothing([*program, "post", "bounced", letter, "--reason", "closed", *where])

    assert 4 == ended.returncode, ended.stderr
    assert f"It is recorded: event {before + 1}" in " ".join(ended.stderr.split())
