"""Server processes of the tests, with all that they say."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from adapters.files.high_water_marks import HighWaterMarkFile

PLACET = [sys.executable, "-u", "-m", "web"]


class Process:
    """A process of the command line, with what it says in a file."""

    def __init__(self, said: Path, home: Path, *words: str, program: Sequence[str]) -> None:
        self._said = said
        around = {**os.environ, "PLACET_HOME": str(home)}
        with said.open("w") as out:
            self.process = subprocess.Popen([*program, *words], stdout=out, stderr=out, env=around)

    def said(self) -> str:
        return self._said.read_text()

    def address(self) -> str:
        """The address that a server tells."""
        pattern = r"http://127\.0\.0\.1:\d+"
        until(lambda: self.over or re.search(pattern, self.said()))
        found = re.search(pattern, self.said())
        assert found, self.said()
        return found[0]

    def get(self, path: str) -> tuple[int, str]:
        """The status and the body of a page."""
        try:
            with urllib.request.urlopen(self.address() + path, timeout=30) as answer:  # noqa: S310 (loopback)
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()

    def measure(self, text_line: str) -> float | None:
        """One of the measures that a server tells, such as `placet_follower_leads`."""
        found = re.search(rf"^{re.escape(text_line)} (\S+)$", self.get("/metrics")[1], re.MULTILINE)
        return float(found[1]) if found else None

    @property
    def over(self) -> bool:
        return self.process.poll() is not None

    def send(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(timeout=30)


def confirmed(home: Path) -> None:
    """Let the host with this home have kept marks since its store was empty."""
    marks = HighWaterMarkFile(home)
    if not marks.begun():
        marks.put({})


@contextmanager
def running(
    folder: Path, *every: tuple[str, ...], program: Sequence[str] = PLACET, apart: bool = False
) -> Iterator[list[Process]]:
    """Processes that share a home, or each with one of its own; ended afterwards.

    Their hosts have seen every store.
    """
    started = list[Process]()
    try:
        for words in every:
            name = f"said-{len(list(folder.glob('said-*')))}"
            home = folder / (f"home-of-{name}" if apart else "home")
            home.mkdir(exist_ok=True)
            confirmed(home)
            started.append(Process(folder / name, home, *words, program=program))
        yield started
    finally:
        for entry in started:
            entry.process.send_signal(signal.SIGCONT)
            entry.process.terminate()
        for entry in started:
            try:
                entry.process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                entry.kill()


def until(holds: Callable[[], object], seconds: float = 60) -> None:
    """Wait for something that happens in its own time."""
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            pytest.fail(f"it did not happen in {seconds:g} seconds")
        time.sleep(0.05)
