"""Two processes that do the same at once, meeting before each step, and what each was answered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from postgres_server import new_store
from process_issuing_commands import PROCESSES
from process_silence_clock import append_late
from story import Story

START_TIMEOUT = 60
"""Seconds after which who waits at the start learns that the other will not come."""


@dataclass(frozen=True)
class Meeting:
    """Where one of the two waits for the other."""

    name: str
    start: Any

    def wait(self) -> None:
        """Until the other is here too."""
        self.start.wait(START_TIMEOUT)


def run_two(work: Callable[..., list[Any]], *words: object, unsafe: bool = False) -> list[Any]:
    """All that the two, called `one` and `other`, got from `work(*words, meeting=meeting)`.

    Where `unsafe`, their programs append wherever the log stands.
    """
    start, answers = PROCESSES.Barrier(2), PROCESSES.SimpleQueue()
    processes = [
        PROCESSES.Process(
            target=_work,
            args=(Meeting(name, start), answers, partial(work, *words)),
            kwargs={"unsafe": unsafe},
        )
        for name in ("one", "other")
    ]
    for process in processes:
        process.start()
    for process in processes:  # what they tell fits into the pipe
        process.join()
        assert 0 == process.exitcode
    return [entry for _ in processes for entry in answers.get()]


def _work(meeting: Meeting, answers: Any, work: Callable[..., list[Any]], *, unsafe: bool) -> None:
    if unsafe:
        append_late()
    answers.put(work(meeting=meeting))


def empty_store(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where an empty store of the kind in the fixture's parameter is."""
    if request.param == "PostgreSQL":
        return new_store(request.getfixturevalue("cluster"), virtual=True)
    Story(tmp_path).placet.close()
    return str(tmp_path / "store")
