"""A program of this project in a process of its own: told what to do, and ended with its block."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Collection, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Final

import msgspec
from msgspec import structs

from domain.ports.slice_workers import LogSlice, SliceWorkers

_ROOT: Final = Path(__file__).parents[1]


class WorkerProcess:
    """A program that was told what to do on its standard input, and answers once, at its end."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process

    @property
    def pid(self) -> int:
        return self._process.pid

    def result(self) -> Collection[str] | None:
        """Wait for its end: the words that it answers; None when it did not get to its end."""
        answer, _ = self._process.communicate()
        return None if self._process.returncode else msgspec.json.decode(answer, type=list[str])


@contextmanager
def start_worker(module: str, orders: Mapping[str, object]) -> Iterator[WorkerProcess]:
    """Start a module as a program; whatever becomes of the block, it does not outlive it.

    Orders go through a pipe, for an address of a database may hold a password. It says nothing on
    standard error: what goes wrong shows again to the process that does the work in its place.

    It finds its modules where this process does, and never in the folder in which it is started
    (`-P`), which may hold anything.
    """
    path = os.pathsep.join([str(_ROOT), *filter(None, sys.path)])
    process = subprocess.Popen(  # noqa: S603 (a module of this project)
        [sys.executable, "-P", "-m", module],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": path},
    )
    try:
        assert process.stdin is not None  # noqa: S101 (for the type checker)
        process.stdin.write(msgspec.json.encode(orders) + b"\n")
        process.stdin.flush()
        yield WorkerProcess(process)
    finally:
        process.kill()
        process.communicate()


def slice_workers(module: str, place: str) -> SliceWorkers:
    """What starts a module as a worker on the store at a place, where there are processors."""

    def start(part: str, of: LogSlice) -> AbstractContextManager[WorkerProcess] | None:
        orders = {"place": place, "part": part, "slice": structs.asdict(of)}
        return start_worker(module, orders) if processors() > 1 else None

    return start


def processors() -> int:
    """How many processors this process may use; not every system tells it of a process."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1
