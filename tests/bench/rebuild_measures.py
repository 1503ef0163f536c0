"""The measures of followers: rebuilding all rows, beside a bare fold, and the memory it takes."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import msgspec

from adapters.sqlite.store import LOG, SqliteStore
from tests.bench.bulk_load import loaded
from tests.bench.figures import Figure, figure
from tests.bench.workload import ORGANISATION, timed
from wiring import Placet, Quiet

REBUILD = "Placet.rebuild -> catch_up -> Views.keep"
SMALL = 1_000
MOST = 90_909
"""How many agendas make two million events."""
_SINCE = "SELECT position, stream, name, state FROM event WHERE organisation = ? ORDER BY position"


def figures(folder: Path, agendas: int, pairs: int) -> list[Figure]:
    """All of them, from whole lives that are loaded in bulk."""
    few, many = folder / "few-lives", folder / "many-lives"
    loaded(few, SMALL)
    count = min(agendas, MOST)
    events = loaded(many, count)
    rebuilt = [_bare_fold(few, folder / f"rows-{n}.db") / _rebuild(few) for n in range(pairs)]
    return [
        figure(f"rebuild over a bare fold, {SMALL:,} agendas", rebuilt, REBUILD, ">= 0.4"),
        *_alone(few, f"{SMALL:,} agendas"),
        *_alone(many, f"{count:,} agendas, {events:,} events"),
    ]


def _bare_fold(folder: Path, target: Path) -> float:
    """Seconds to read all in order, decode it, and keep the last of each stream as a row."""
    source, rows = sqlite3.connect(folder / LOG), sqlite3.connect(target)

    def work() -> None:
        states: dict[str, object] = {}
        for position, stream, name, state in source.execute(_SINCE, (ORGANISATION,)):
            states[stream] = (position, name, msgspec.json.decode(state))
        rows.execute("CREATE TABLE row (key TEXT PRIMARY KEY, json BLOB)")
        found = ((key, msgspec.json.encode(state)) for key, state in states.items())
        rows.executemany("INSERT INTO row VALUES (?, ?)", found)
        rows.commit()

    try:
        return timed(1, work).seconds
    finally:
        source.close()
        rows.close()


def _rebuild(folder: Path) -> float:
    """Seconds to rebuild the rows, with the position of the last event beside them."""
    placet = Placet(SqliteStore.open(folder), Quiet())
    try:
        taken = timed(1, placet.projections.rebuild)
        last = placet.store.history(ORGANISATION).last_position()
        assert last == placet.views.position("status", ORGANISATION)
    finally:
        placet.close()
    return taken.seconds


def _alone(folder: Path, what: str) -> list[Figure]:
    """A rebuild in a process of its own: the most memory that it took, in MB, and its rate."""
    env = {"PYTHONPATH": os.pathsep.join(sys.path[:2])}
    program = [sys.executable, "-m", "tests.bench.rebuild_measures", str(folder)]
    result = subprocess.run(program, check=True, capture_output=True, text=True, env=env)
    memory, seconds = map(float, result.stdout.split())
    with SqliteStore.open(folder, read_only=True) as store:
        rate = store.history(ORGANISATION).last_position() / seconds
    return [
        figure(f"memory of a rebuild, {what}, MB", [memory], REBUILD, "<= 200"),
        figure(f"rebuild, {what}, events/s", [rate], REBUILD),
    ]


def _main() -> None:
    seconds = _rebuild(Path(sys.argv[1]))
    sys.stdout.write(f"{_most_memory():.1f} {seconds:.3f}\n")


def _most_memory() -> float:
    """The most that this process held at once, in MB.

    What getrusage tells is no less than what the process held that started it.
    """
    lines = Path("/proc/self/status").read_text().splitlines()
    (found,) = (text_line for text_line in lines if text_line.startswith("VmHWM:"))
    return int(found.split()[1]) / 1024


if __name__ == "__main__":
    _main()
