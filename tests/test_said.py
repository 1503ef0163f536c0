"""What was recorded is said, whatever fails afterwards: an output closed or full, rows damaged."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from story import ORGANISATION, Story

from web.main import Store, now

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
    with Store.create(tmp_path / "store") as made:
        story = Story(made)
        story.body(parameters={"longest-outage-minutes": "0"})
        story.silence(window="due")
        story.now = now() - timedelta(minutes=30)
        story.silence()
        story.placet.close()
    (tmp_path / "step.yaml").write_text(STEP)
    return tmp_path / "store"


def into_nothing(words: list[str], **told: Any) -> subprocess.CompletedProcess[str]:
    """Its output goes where nothing can be written."""
    with FULL.open("w") as full:
        return subprocess.run(
            words, stdout=full, stderr=subprocess.PIPE, text=True, check=False, timeout=60, **told
        )


def to_nobody(words: list[str]) -> subprocess.CompletedProcess[str]:
    """Whoever read its output has gone."""
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
    with Store.open(store, read_only=True) as opened:
        return opened.history(ORGANISATION).last_position()


@pytest.mark.skipif(not FULL.exists(), reason="there is no device that is always full")
@pytest.mark.parametrize("way", [into_nothing, to_nobody])
@pytest.mark.parametrize("which", ["act", "step", "clock"])
def test_an_output_that_takes_nothing_hides_nothing_recorded(
    store: Path, which: str, way: Callable[[list[str]], subprocess.CompletedProcess[str]]
) -> None:
    """It says where, and under which id, and ends in a way of its own."""
    before = last(store)
    ended = way([sys.executable, "-m", "web", *commands(store)[which]])
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
