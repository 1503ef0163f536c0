"""The measures of reading: one history in a large log, and rebuilding the rows of followers."""

from __future__ import annotations

import os
import resource
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import msgspec

from adapters.store import LOG, Store
from bench.bulk import loaded, name_of
from bench.figures import Figure, figure
from bench.runs import ORGANISATION, timed
from domain.facts import Kind, Stream
from web.main import Placet, Quiet

HISTORY = "SqliteHistory.of"
REBUILD = "Placet.rebuild -> catch_up -> Views.keep"
SMALL = 1_000
ASKED = 200
"""How often a history is asked for, each time another one."""
_STREAM = "SELECT * FROM event WHERE organisation = ? AND stream = ? ORDER BY version"
_SINCE = "SELECT position, stream, name, state FROM event WHERE organisation = ? ORDER BY position"


def figures(folder: Path, agendas: int, pairs: int) -> list[Figure]:
    """All of them, with so many agendas loaded in bulk."""
    loaded(folder / "small", SMALL)
    events = loaded(folder / "large", agendas)
    small, large = list[float](), list[float]()
    bare, rebuilt = list[float](), list[float]()
    for n in range(pairs):
        small.append(_history(folder / "small", SMALL))
        large.append(_history(folder / "large", agendas))
        bare.append(_bare_history(folder / "large", agendas))
        fold = _bare_fold(folder / "small", folder / f"rows-{n}.db")
        rebuilt.append(fold / _rebuild(folder / "small"))
    over = [mine / floor for mine, floor in zip(large, bare, strict=True)]
    growth = [mine / other for mine, other in zip(large, small, strict=True)]
    in_bulk = f"{agendas:,} agendas loaded in bulk"
    return [
        figure(f"one history over a bare query, {in_bulk}", over, HISTORY, "<= 3"),
        figure(f"one history, p50 at {agendas:,} over p50 at {SMALL:,}", growth, HISTORY, "<= 3"),
        figure(f"rebuild over a bare fold, {SMALL:,} agendas", rebuilt, REBUILD, ">= 0.4"),
        _memory(folder / "small", f"{SMALL:,} agendas"),
        _memory(folder / "large", f"{agendas:,} agendas, {events:,} events"),
    ]


def _history(folder: Path, agendas: int) -> float:
    with Store.open(folder, read_only=True) as store:
        history = store.history(ORGANISATION)
        return _p50(lambda name: history.of(Stream(Kind.AGENDA, name)), agendas)


def _bare_history(folder: Path, agendas: int) -> float:
    connection = sqlite3.connect(folder / LOG)
    try:
        return _p50(
            lambda name: connection.execute(_STREAM, (ORGANISATION, f"agenda/{name}")).fetchall(),
            agendas,
        )
    finally:
        connection.close()


def _p50(ask: Callable[[str], object], agendas: int) -> float:
    """The median of the seconds that an answer takes."""
    taken = []
    for n in range(ASKED):
        name = name_of(n * (agendas - 1) // ASKED)
        began = time.perf_counter()
        found = ask(name)
        taken.append(time.perf_counter() - began)
        assert found, f"agenda {name} has no history"
    return median(taken)


def _bare_fold(folder: Path, target: Path) -> float:
    """Seconds to read all in order, decode it, and keep the last of each stream as a row."""
    source, rows = sqlite3.connect(folder / LOG), sqlite3.connect(target)

    def work() -> None:
        states: dict[str, object] = {}
        for position, stream, name, state in source.execute(_SINCE, (ORGANISATION,)):
            states[stream] = (position, name, msgspec.json.decode(state))
        rows.execute("CREATE TABLE row (key TEXT PRIMARY KEY, json BLOB)")
        told = ((key, msgspec.json.encode(state)) for key, state in states.items())
        rows.executemany("INSERT INTO row VALUES (?, ?)", told)
        rows.commit()

    try:
        return timed(1, work).seconds
    finally:
        source.close()
        rows.close()


def _rebuild(folder: Path) -> float:
    """Seconds to make the rows anew, with the position of the last event beside them."""
    placet = Placet(Store.open(folder), Quiet())
    try:
        taken = timed(1, placet.rebuild)
        last = placet.store.history(ORGANISATION).last_position()
        assert last == placet.views.position("status", ORGANISATION)
    finally:
        placet.close()
    return taken.seconds


def _memory(folder: Path, what: str) -> Figure:
    """The most memory that a process of its own took to rebuild, in MB."""
    env = {"PYTHONPATH": os.pathsep.join(sys.path[:2])}
    program = [sys.executable, "-m", "bench.reading", str(folder)]
    told = subprocess.run(program, check=True, capture_output=True, text=True, env=env)
    return figure(f"memory of a rebuild, {what}, MB", [float(told.stdout)], REBUILD, "<= 200")


def _main() -> None:
    _rebuild(Path(sys.argv[1]))
    kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    sys.stdout.write(f"{kilobytes / 1024:.1f}\n")


if __name__ == "__main__":
    _main()
