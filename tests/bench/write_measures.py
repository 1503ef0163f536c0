"""The measures of writing: Placet and its floor by turns, on SQLite and on PostgreSQL."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from adapters.postgres.store import PostgresStore
from adapters.sqlite.store import LOG, SqliteStore
from postgres_server import Server, ask
from tests.bench import eventsourcing_peer as peers
from tests.bench.driver_floors import Step, postgres_floor, sqlite_floor, steps_of
from tests.bench.figures import Figure, figure
from tests.bench.instruction_counts import has_valgrind, instructions_per_step
from tests.bench.statement_counts import counted_on_postgres, counted_on_sqlite, wal_of
from tests.bench.workload import STEPS, Lives, Taken, lives

SQLITE = "Handling.do -> Line -> StoredHistory.append_after"
POSTGRES = "Handling.do -> Line -> StoredHistory.append_after"
PEER = "Repository.get -> Application.save"


@dataclass(frozen=True)
class Kept:
    """What Placet stored for some lives of one client: before their steps, and by them."""

    each: int
    before: Sequence[Step]
    steps: Sequence[Step]

    @property
    def payload(self) -> float:
        """Bytes of events and contents, for one life."""
        rows = sum(len(row[7]) for step in self.steps for row in step.rows)
        contents = sum(len(content[2]) for step in self.steps for content in step.contents)
        return (rows + contents) / self.each


def recorded(folder: Path, each: int) -> Kept:
    """Carry lives out once, so that floors can write the same."""
    with lives(SqliteStore.create(folder), each=each) as made:
        made.carry_out()
        before = made.before
    found = steps_of(folder)
    first = next(n for n, step in enumerate(found) if step.rows[0][1] > before)
    assert STEPS * each == len(found) - first
    return Kept(each, found[:first], found[first:])


def on_sqlite(folder: Path, kept: Kept, pairs: int, *, peer: bool) -> list[Figure]:
    """One client, many clients, what was counted, and the peer."""
    floors, ours, other = list[Taken](), list[Taken](), list[Taken]()
    many: dict[int, list[Taken]] = {16: [], 64: []}
    for n in range(pairs):
        place = folder / f"sqlite-{n}"
        place.mkdir()
        floors.append(sqlite_floor(place / "floor", kept.before, kept.steps))
        ours.append(_on_sqlite(place / "placet", 1, kept.each))
        for clients, found in many.items():
            found.append(_on_sqlite(place / f"placet-{clients}", clients, max(1, 64 // clients)))
        if peer:
            other.append(peers.on_sqlite(place / "peer", kept.each))
    figures = _figures_over_floor("SQLite", floors, ours, SQLITE, (">= 0.8", "<= 1.6"))
    for (clients, found), goal in zip(many.items(), (">= 4", ">= 8"), strict=True):
        name = f"SQLite, {clients} clients, steps/s over the one-client floor"
        figures.append(figure(name, _over(found, floors), SQLITE, goal))
    figures += _counted_on_sqlite(folder / "counted", kept)
    if has_valgrind():
        name = "SQLite, one client, instructions per step"
        figures.append(figure(name, [instructions_per_step(folder)], SQLITE, "<= 700000"))
    if peer:
        name = "SQLite, one client, steps/s over eventsourcing + cache"
        figures.append(figure(name, _over(ours, other), f"{SQLITE} / {PEER}", ">= 1.7"))
    return figures


def on_postgres(server: Server, kept: Kept, pairs: int, *, peer: bool) -> list[Figure]:
    """One connection, many clients, what was counted, and the peer."""
    floors, ours, other = list[Taken](), list[Taken](), list[Taken]()
    many: dict[int, list[float]] = {8: [], 32: []}
    floor_wal, wal = list[float](), list[float]()
    for _ in range(pairs):
        url = server.database()
        floor, size = postgres_floor(url, kept.before, kept.steps)
        floors.append(floor)
        floor_wal.append(size)
        ours.append(_on_postgres(server.database(), 1, kept.each)[0])
        for clients, found in many.items():
            syncs, size = _on_postgres(server.database(), clients, max(1, 64 // clients))[1:]
            found.append(syncs)
            wal.append(size)
        if peer:
            other.append(peers.on_postgres(server.database(), kept.each))
    figures = _figures_over_floor("PostgreSQL", floors, ours, POSTGRES, (">= 0.7", "<= 2"))
    for (clients, found), goal in zip(many.items(), ("<= 0.4", "<= 0.2"), strict=True):
        name = f"PostgreSQL, {clients} clients, WAL fsyncs per step"
        figures.append(figure(name, found, POSTGRES, goal))
    figures.append(figure("PostgreSQL, WAL bytes per step, 8 and 32 clients", wal, POSTGRES))
    figures.append(figure("PostgreSQL, WAL bytes per step, floor", floor_wal, "bare psycopg"))
    figures += _counted_on_postgres(server.database(), kept)
    if peer:
        name = "PostgreSQL, one client, steps/s over eventsourcing + cache"
        figures.append(figure(name, _over(ours, other), f"{POSTGRES} / {PEER}", ">= 3.5"))
    return figures


def _on_sqlite(folder: Path, clients: int, each: int) -> Taken:
    with lives(SqliteStore.create(folder), clients=clients, each=each) as made:
        return made.carry_out()


def _on_postgres(url: str, clients: int, each: int) -> tuple[Taken, float, float]:
    """What it took, and fsyncs and bytes of the server's log for each step."""
    made = Lives(PostgresStore.create(url), clients=clients, each=each)
    made.placet.close()
    before = wal_of(url)
    taken = made.carry_out()
    made.placet.close()
    after = wal_of(url)
    syncs, size = (now - then for now, then in zip(after, before, strict=True))
    return taken, syncs / taken.steps, size / taken.steps


def _figures_over_floor(
    store: str, floors: Sequence[Taken], ours: Sequence[Taken], path: str, goals: tuple[str, str]
) -> list[Figure]:
    name = f"{store}, one client"
    cpu = [own.cpu_per_step / floor.cpu_per_step for own, floor in zip(ours, floors, strict=True)]
    micro = [our.cpu_per_step * 1e6 for our in ours]
    bare = [floor.cpu_per_step * 1e6 for floor in floors]
    return [
        figure(f"{name}, steps/s over the floor", _over(ours, floors), path, goals[0]),
        figure(f"{name}, client CPU per step over the floor's", cpu, path, goals[1]),
        figure(f"{name}, steps/s", [our.rate for our in ours], path),
        figure(f"{name}, steps/s of the floor", [floor.rate for floor in floors], "bare driver"),
        figure(f"{name}, client CPU per step, microseconds", micro, path),
        figure(f"{name}, client CPU per step of the floor, microseconds", bare, "bare driver"),
    ]


def _over(ours: Sequence[Taken], others: Sequence[Taken]) -> list[float]:
    return [own.rate / other.rate for own, other in zip(ours, others, strict=True)]


def _counted_on_sqlite(folder: Path, kept: Kept) -> list[Figure]:
    """Commits and statements of each step, and bytes on disk and of payload of each life."""
    with lives(SqliteStore.create(folder), each=kept.each) as made:
        before = size_of(folder)
        with counted_on_sqlite(made) as counts:
            steps = made.carry_out_alone()
        made.check()
    size = (size_of(folder) - before) / kept.each
    return [
        figure("SQLite, commits per step, one client", [counts.commits / steps], SQLITE, "<= 1"),
        figure("SQLite, statements per step", [counts.statements / steps], SQLITE),
        figure("SQLite, bytes per life", [size], SQLITE),
        figure("bytes of events and contents per life", [kept.payload], "the stored bytes alone"),
    ]


def _counted_on_postgres(url: str, kept: Kept) -> list[Figure]:
    with lives(PostgresStore.create(url), each=kept.each) as made:
        before = _tables(url)
        with counted_on_postgres() as counts:
            steps = made.carry_out_alone()
        made.check()
        size = (_tables(url) - before) / kept.each
    name = "PostgreSQL, commits per step, one client"
    return [
        figure(name, [counts.commits / steps], POSTGRES, "<= 1"),
        figure("PostgreSQL, statements per step", [counts.statements / steps], POSTGRES),
        figure("PostgreSQL, bytes per life", [size], POSTGRES),
    ]


def size_of(folder: Path) -> int:
    """Bytes of a log with everything in it, once what waits beside it has been taken in."""
    connection = sqlite3.connect(folder / LOG)
    try:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        pages, size = (connection.execute(f"PRAGMA {entry}").fetchone()[0] for entry in _SIZE)
    finally:
        connection.close()
    return int(pages) * int(size)


_SIZE = ("page_count", "page_size")


def _tables(url: str) -> int:
    query = "SELECT pg_total_relation_size('event') + pg_total_relation_size('content')"
    ((size,),) = ask(url, query)
    return int(str(size))
