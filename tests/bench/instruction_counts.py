"""Processor instructions of a step: they are the same on a busy machine as on a free one.

valgrind's tool callgrind counts them, only while the steps run, on SQLite and with one client.
"""

from __future__ import annotations

import gc
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from adapters.sqlite.store import SqliteStore
from tests.bench import child_process, eventsourcing_peer
from tests.bench.driver_floors import sqlite_floor
from tests.bench.figures import Figure, figure
from tests.bench.workload import STEPS, Taken, Watch, lives, timed
from tests.bench.write_measures import SQLITE, recorded

CONTROL = "control"
"""Steps that do nothing: what counting itself adds."""
GOAL = "<= 700"


def present() -> bool:
    """Whether instructions can be counted on this machine."""
    return bool(shutil.which("valgrind") and shutil.which("callgrind_control"))


def figures(folder: Path, each: int, *, peer: bool) -> Sequence[Figure]:
    """Thousands of instructions; none where there is no valgrind."""
    if not present():
        sys.stderr.write("instructions are not counted: there is no valgrind\n")
        return []
    thousands = {
        what: [per_step(what, folder, each) / 1000]
        for what in ("placet", "floor", *(["peer"] if peer else []))
    }
    name = "SQLite, one client, thousand instructions per step"
    references = (thousands["floor"], thousands.get("peer", ()))
    return [figure(name, thousands["placet"], SQLITE, GOAL, references)]


def per_step(what: str, folder: Path, each: int) -> float:
    """Instructions of a step of Placet, the floor, the peer or the control, of so many lives."""
    place = folder / what
    place.mkdir()
    out = place / "callgrind.out"
    options = ("--tool=callgrind", "--instr-atstart=no", f"--callgrind-out-file={out}", "--quiet")
    child_process.run(
        "instruction_counts",
        *(what, str(place), str(each)),
        around={**os.environ, "PYTHONHASHSEED": "0"},
        before=("valgrind", *options),
    )
    found = re.findall(r"^(?:totals|summary): (\d+)", out.read_text(), re.MULTILINE)
    return max(map(int, found)) / (STEPS * each)


@contextmanager
def _counting() -> Iterator[None]:
    _control("on")
    try:
        yield
    finally:
        _control("off")


def _control(state: str) -> None:
    """Tell callgrind, by few instructions: those of the second call are counted."""
    words = ("callgrind_control", "-i", state, str(os.getpid()))
    silent = [(os.POSIX_SPAWN_OPEN, file, os.devnull, os.O_WRONLY, 0) for file in (1, 2)]
    pid = os.posix_spawnp(words[0], words, {"PATH": os.environ["PATH"]}, file_actions=silent)
    if os.waitpid(pid, 0)[1]:
        raise ChildProcessError("callgrind_control failed")


def _ready(what: str, folder: Path, each: int) -> Callable[[], Taken]:
    """What is to be counted, with all that it needs before."""
    folder.mkdir()
    match what:
        case "placet":
            store = SqliteStore.create(folder / "store")
            return lambda: _placet(store, each)
        case "floor":
            kept = recorded(folder / "kept", each)
            return lambda: sqlite_floor(folder / "floor", kept.before, kept.steps)
        case "peer":
            return lambda: eventsourcing_peer.on_sqlite(folder / "peer", each)
        case _:
            return lambda: timed(STEPS * each, lambda: None)


def _placet(store: SqliteStore, each: int) -> Taken:
    with lives(store, each=each) as made:
        return made.carry_out()


def _main() -> None:
    """Do it twice: first to import everything and to fill memories, then to be counted."""
    what, folder, each = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    _ready(what, folder / "first", 1)()
    work = _ready(what, folder / "counted", each)
    gc.collect()  # else what was imported would say when the next large collection comes
    Watch.around = _counting
    work()


if __name__ == "__main__":
    _main()
