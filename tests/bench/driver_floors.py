"""The floors: the rows that Placet wrote, written by the bare driver, one transaction a step.

The tables and indexes are those of Placet; its triggers and functions are not there.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

import psycopg

from adapters.postgres.store import PostgresStore
from adapters.sqlite.schema import LOG
from adapters.sqlite.store import SqliteStore
from tests.bench.workload import Taken, timed

COLUMNS = "organisation, position, stream, version, name, command_id, recorded_at, state, hash"
ROWS = f"SELECT {COLUMNS} FROM event ORDER BY position"  # noqa: S608  (a constant)
_COUNT = (
    "INSERT INTO counter VALUES (?, ?, ?) ON CONFLICT (organisation)"
    " DO UPDATE SET position = excluded.position, recorded_at = excluded.recorded_at"
)
_INSERT = f"INSERT INTO event ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608  (the same)
Columns = tuple[Any, ...]


@dataclass
class Step:
    """What one command stored."""

    rows: list[Columns]
    contents: list[Columns] = field(default_factory=list)

    @property
    def head(self) -> tuple[str, int, str]:
        """Organisation, last position, time of recording."""
        last = self.rows[-1]
        return last[0], last[1], last[6]


def steps_of(folder: Path) -> list[Step]:
    """What a store on SQLite holds, by command; a content belongs to who cites it first."""
    with sqlite3.connect(folder / LOG) as connection:
        rows = connection.execute(ROWS).fetchall()
        contents = {
            entry[1].encode(): entry
            for entry in connection.execute("SELECT * FROM content").fetchall()
        }
    connection.close()
    steps = [Step(list(some)) for _, some in groupby(rows, lambda row: row[5])]
    for step in steps:
        text = b"".join(row[7] for row in step.rows)
        while found := [contents.pop(name) for name in [*contents] if name in text]:
            step.contents += found
            text = b"".join(content for _, _, content in found)  # contents cite contents
    assert not contents, "a content is cited by no event"
    return steps


def sqlite_floor(folder: Path, before: Sequence[Step], steps: Sequence[Step]) -> Taken:
    """Bare sqlite3, with WAL and synchronous=FULL as Placet has them."""
    SqliteStore.create(folder).close()
    connection = sqlite3.connect(folder / LOG, isolation_level=None)
    connection.execute("PRAGMA synchronous = FULL")
    triggers = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
    for (name,) in triggers.fetchall():
        connection.execute(f"DROP TRIGGER {name}")

    def write(some: Sequence[Step]) -> None:
        for step in some:
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany(_INSERT, step.rows)
            connection.execute(_COUNT, step.head)
            if step.contents:
                connection.executemany("INSERT INTO content VALUES (?, ?, ?)", step.contents)
            connection.execute("COMMIT")

    try:
        write(before)
        taken = timed(len(steps), lambda: write(steps))
        found = connection.execute(ROWS).fetchall()
        assert [row for step in [*before, *steps] for row in step.rows] == found
    finally:
        connection.close()
    return taken


def postgres_floor(url: str, before: Sequence[Step], steps: Sequence[Step]) -> tuple[Taken, float]:
    """Bare psycopg in autocommit mode: one prepared statement, and so one round trip, a step.

    What it took, and the bytes of the server's log for each step.
    """
    PostgresStore.create(url).close()
    options = "-c search_path=placet"
    with psycopg.connect(url, autocommit=True, prepare_threshold=0, options=options) as connection:
        connection.execute("DROP TRIGGER event_stays ON event")
        connection.execute("DROP TRIGGER event_follows ON event")
        connection.execute("DROP TRIGGER content_stays ON content")
        connection.execute("INSERT INTO counter VALUES (%s, 0, '')", (steps[0].head[0],))

        def write(some: Sequence[Step]) -> None:
            for step in some:
                query = _statement(len(step.rows), len(step.contents))
                organisation, position, at = step.head
                found = sum(step.rows, ()) + sum(step.contents, ())
                connection.execute(query, (position, at, organisation, *found))

        write(before)
        begun = wal_bytes(connection)
        taken = timed(len(steps), lambda: write(steps))
        size = (wal_bytes(connection) - begun) / len(steps)
        found = connection.execute(ROWS.encode()).fetchall()
        assert [row for step in [*before, *steps] for row in step.rows] == found
    return taken, size


def wal_bytes(connection: psycopg.Connection[Columns]) -> int:
    """How far the server's log has come, in bytes."""
    query = "SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint"
    ((size,),) = connection.execute(query).fetchall()
    return int(size)


def _statement(rows: int, contents: int) -> bytes:
    """One statement that moves the counter and stores rows and contents."""
    moved = "UPDATE counter SET position = %s, recorded_at = %s WHERE organisation = %s"
    event = ", ".join(["(%s, %s, %s, %s, %s, %s, %s, %s, %s)"] * rows)
    content = ", ".join(["(%s, %s, %s)"] * contents)
    parts = [f"moved AS ({moved})", f"stored AS (INSERT INTO event ({COLUMNS}) VALUES {event})"]  # noqa: S608
    if contents:
        parts.append(f"kept AS (INSERT INTO content VALUES {content})")  # noqa: S608
    return f"WITH {', '.join(parts)} SELECT".encode()
