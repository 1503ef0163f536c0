"""The measures of writing: Placet and its floor by turns, on SQLite and on PostgreSQL."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from adapters.postgres.store import PostgresStore
from adapters.sqlite.schema import LOG
from adapters.sqlite.store import SqliteStore
from postgres_server import Server, ask, running
from tests.bench import eventsourcing_peer as peers
from tests.bench import slow_disk
from tests.bench.driver_floors import Step, postgres_floor, sqlite_floor, steps_of, wal_bytes
from tests.bench.figures import Figure, figure
from tests.bench.run import Run
from tests.bench.sides import MANY, Sides, goals_on, waiting, working
from tests.bench.statement_counts import counted_on_postgres, counted_on_sqlite
from tests.bench.workload import STEPS, Lives, Taken, lives

SQLITE = "CommandHandler.handle -> CommandQueue -> StoredHistory.append_after"
POSTGRES = "CommandHandler.handle -> CommandQueue -> StoredHistory.append_after"
ON_SQLITE = (">= 0.85", ">= 4.5", ">= 10")
ON_POSTGRES = (">= 0.8", ">= 5", ">= 8")


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


def on_sqlite(run: Run) -> list[Figure]:
    """One client, many clients where a disk is waited for, what was counted, and the peer."""
    kept = recorded(run.folder / "kept", run.each)
    sides = Sides()
    for n in range(run.pairs):
        place = run.folder / f"sqlite-{n}"
        place.mkdir()
        sides.floor.append(sqlite_floor(place / "floor", kept.before, kept.steps))
        sides.placet.append(_on_sqlite(place / "placet", 1, kept.each))
        if run.peer:
            sides.peer.append(peers.on_sqlite(place / "peer", kept.each))
        for clients in MANY if run.disk else ():
            taken = _on_sqlite(place / f"placet-{clients}", clients, _each_of(clients))
            sides.many[clients].append(taken)
    if run.disk:
        return waiting("SQLite", SQLITE, sides, goals_on(run.disk, ON_SQLITE))
    found = working("SQLite", SQLITE, sides, "<= 2", ">= 1.7")
    return found + _counted_on_sqlite(run.folder / "counted", kept)


def on_postgres(run: Run) -> list[Figure]:
    """The same, each on a database of its own."""
    kept = recorded(run.folder / "kept", run.each)
    sides = Sides()
    wal, floor_wal = list[float](), list[float]()
    with server() as made:
        if run.disk is not None:
            slow_disk.check_server(made.database())
        for _ in range(run.pairs):
            floor, size = postgres_floor(made.database(), kept.before, kept.steps)
            sides.floor.append(floor)
            floor_wal.append(size)
            taken, size = _on_postgres(made.database(), 1, kept.each)
            sides.placet.append(taken)
            wal.append(size)
            if run.peer:
                sides.peer.append(peers.on_postgres(made.database(), kept.each))
            for clients in MANY if run.disk else ():
                taken, _ = _on_postgres(made.database(), clients, _each_of(clients))
                sides.many[clients].append(taken)
        if run.disk:
            return waiting("PostgreSQL", POSTGRES, sides, goals_on(run.disk, ON_POSTGRES))
        found = working("PostgreSQL", POSTGRES, sides, "<= 3.5", ">= 3.5")
        name = "PostgreSQL, bytes of the server's log per step"
        found.append(figure(name, wal, POSTGRES, references=(floor_wal, ())))
        return found + _counted_on_postgres(made.database(), kept)


@contextmanager
def server() -> Iterator[Server]:
    """A server of its own with durable settings, gone afterwards."""
    with running(
        "fsync = on",
        "wal_sync_method = fdatasync",
        "shared_buffers = 128MB",
        "autovacuum = on",
        "max_wal_size = 1GB",
        "max_connections = 120",
    ) as made:
        yield made


def _each_of(clients: int) -> int:
    """How many lives one of many clients carries out: long enough that they all meet."""
    return max(2, 128 // clients)


def _on_sqlite(folder: Path, clients: int, each: int) -> Taken:
    with lives(SqliteStore.create(folder), clients=clients, each=each) as made:
        return made.carry_out()


def _on_postgres(url: str, clients: int, each: int) -> tuple[Taken, float]:
    """What it took, and bytes of the server's log for each step."""
    made = Lives(PostgresStore.create(url), clients=clients, each=each)
    before = _wal_bytes(url)
    taken = made.carry_out()
    size = _wal_bytes(url) - before
    made.placet.close()
    return taken, size / taken.steps


def _wal_bytes(url: str) -> int:
    with psycopg.connect(url, autocommit=True) as connection:
        return wal_bytes(connection)


def _counted_on_sqlite(folder: Path, kept: Kept) -> list[Figure]:
    """Commits and statements of each step, and bytes on disk and of payload of each life."""
    with lives(SqliteStore.create(folder), each=kept.each) as made:
        before = size_of(folder)
        with counted_on_sqlite(made) as counts:
            steps = made.carry_out_alone()
        made.check()
    size = (size_of(folder) - before) / kept.each
    return [
        figure("SQLite, commits per step, one client", [counts.commits / steps], SQLITE, "= 1"),
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
        figure(name, [counts.commits / steps], POSTGRES, "= 1"),
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
