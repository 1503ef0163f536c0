"""The measures of followers: rebuilding all rows, compared with folds, and the memory it takes.

The bare fold decodes JSON into maps, and keeps the last of them. The fair one does what nobody can
leave out who shows a record: it checks the hash of each event, decodes it by its types, and carries
on a state of each stream.
"""

from __future__ import annotations

import os
import resource
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from statistics import median

import msgspec

from adapters.codec import _decoder
from adapters.eventstore.envelope import _Envelope
from adapters.sqlite.schema import LOG
from adapters.sqlite.store import SqliteStore
from domain.event_proofs import event_hash
from domain.type_registry import EVENTS
from tests.bench.bulk_load import loaded
from tests.bench.figures import Figure, figure
from tests.bench.workload import ORGANISATION, timed
from wiring import Placet, Quiet

REBUILD = "Placet.rebuild -> catch_up -> Views.keep"
SMALL = 1_000
MOST = 90_909
"""How many agendas make two million events."""
_ALL = (
    "SELECT position, stream, version, name, state, hash FROM event WHERE organisation = ?"
    " ORDER BY position"
)
Found = Iterable[tuple[int, str, int, str, bytes, str]]
"""Of each event: position, stream, version, name, state, hash."""
Fold = Callable[[Found], dict[str, bytes]]
"""Makes of events a row for each stream."""


def figures(folder: Path, agendas: int, pairs: int) -> list[Figure]:
    """All of them, from whole lives that are loaded in bulk."""
    few, many = folder / "few-lives", folder / "many-lives"
    loaded(few, SMALL)
    count = min(agendas, MOST)
    events = loaded(many, count)
    rounds = [_round(few, folder / f"rows-{n}") for n in range(pairs)]
    in_few = f"{SMALL:,} agendas"
    in_many = f"{count:,} agendas, {events:,} events"
    bare = [bare / rebuilt for bare, _, rebuilt in rounds]
    fair = [fair / rebuilt for _, fair, rebuilt in rounds]
    (memory, rate), (most_memory, most_rate) = _alone(few), _alone(many)
    fair_rate = _events(few) / median(fair for _, fair, _ in rounds)
    return [
        figure(f"rebuild over a bare fold, {in_few}", bare, REBUILD),
        figure(f"rebuild over a fair fold, {in_few}", fair, REBUILD, ">= 0.5"),
        figure(f"memory of a rebuild, {in_few}, MB", [memory], REBUILD, "<= 200"),
        figure(f"rebuild, {in_few}, events/s", [rate], REBUILD),
        figure(
            f"rebuild, {in_many}, events/s over a fair fold of {in_few}",
            [most_rate / fair_rate],
            REBUILD,
            ">= 0.5",
        ),
        figure(f"memory of a rebuild, {in_many}, MB", [most_memory], REBUILD, "<= 200"),
        figure(f"rebuild, {in_many}, events/s", [most_rate], REBUILD),
    ]


def _round(folder: Path, target: Path) -> tuple[float, float, float]:
    """Seconds of a bare fold, of a fair one, and of a rebuild."""
    return (
        _fold(folder, target.with_suffix(".bare"), _bare),
        _fold(folder, target.with_suffix(".fair"), _fair),
        _rebuild(folder),
    )


def _bare(found: Found) -> dict[str, bytes]:
    states: dict[str, object] = {}
    for position, stream, _, name, state, _ in found:
        states[stream] = (position, name, msgspec.json.decode(state))
    return {stream: msgspec.json.encode(state) for stream, state in states.items()}


def _fair(found: Found) -> dict[str, bytes]:
    decode = _decoder(_Envelope).decode
    facts = {name: _decoder(kind).decode for name, kind in EVENTS.items()}
    states: dict[str, dict[str, object]] = {}
    places: dict[str, dict[str, int]] = {}
    for position, stream, version, name, state, hash_ in found:
        assert hash_ == event_hash(ORGANISATION, stream, version, name, state)
        envelope = decode(state)
        states.setdefault(stream, {})[name] = (facts[name](envelope.fact), envelope.effective)
        places.setdefault(stream, {})[name] = position
    return {stream: msgspec.json.encode(steps) for stream, steps in places.items()}


def _fold(folder: Path, target: Path, fold: Fold) -> float:
    """Seconds to read all in order, to fold it, and to keep the rows."""
    source, rows = sqlite3.connect(folder / LOG), sqlite3.connect(target)

    def work() -> None:
        made = fold(source.execute(_ALL, (ORGANISATION,)))
        rows.execute("CREATE TABLE row (key TEXT PRIMARY KEY, json BLOB)")
        rows.executemany("INSERT INTO row VALUES (?, ?)", made.items())
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


def _alone(folder: Path) -> tuple[float, float]:
    """A rebuild by a new process: the most memory that it took, in MB, and its events a second."""
    env = {"PYTHONPATH": os.pathsep.join(sys.path[:2])}
    program = [sys.executable, "-m", "tests.bench.rebuild_measures", str(folder)]
    result = subprocess.run(program, check=True, capture_output=True, text=True, env=env)
    memory, seconds = map(float, result.stdout.split())
    return memory, _events(folder) / seconds


def _events(folder: Path) -> int:
    with SqliteStore.open(folder, read_only=True) as store:
        return store.history(ORGANISATION).last_position()


def _main() -> None:
    seconds = _rebuild(Path(sys.argv[1]))
    sys.stdout.write(f"{_most_memory():.1f} {seconds:.3f}\n")


def _most_memory() -> float:
    """The most that this process held at once, in MB, and its worker, where it had one.

    What getrusage tells is no less than what the process held that started it; of the worker
    nothing else is known, so that its part is the most that it can have been.
    """
    worker = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    lines = Path("/proc/self/status").read_text().splitlines()
    (found,) = (text_line for text_line in lines if text_line.startswith("VmHWM:"))
    return (int(found.split()[1]) + worker) / 1024


if __name__ == "__main__":
    _main()
