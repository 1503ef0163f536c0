"""What can be counted exactly: statements and commits of one client's steps."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

from adapters.postgres.session import Connection
from tests.bench.workload import Lives

_COMMIT = re.compile(r"\s*commit\b", re.IGNORECASE)


class Counts:
    """Statements that were executed, and those of them that were a COMMIT."""

    def __init__(self) -> None:
        self.statements = self.commits = 0

    def count(self, statement: str) -> None:
        self.statements += 1
        self.commits += bool(_COMMIT.match(statement))


@contextmanager
def counted_on_sqlite(made: Lives) -> Iterator[Counts]:
    """Count on the writer's connection, and on this thread's reader.

    A trigger is no statement of its own; when one runs, the statement that fired it is told again.
    """
    counts, last = Counts(), ""

    def on_statement(statement: str) -> None:
        nonlocal last
        if statement != last:
            counts.count(statement)
        last = statement

    recorder: Any = made.history.recorder
    connections = recorder._connections
    watched = (connections._ready(), connections.reader)
    for entry in watched:
        entry.set_trace_callback(on_statement)
    try:
        yield counts
    finally:
        for entry in watched:
            entry.set_trace_callback(None)


@contextmanager
def counted_on_postgres() -> Iterator[Counts]:
    """Count in the driver. A statement outside a transaction commits by itself."""
    counts, execute = Counts(), Connection.execute

    def counting(connection: Connection, query: Any, *rest: Any, **fields: Any) -> Any:
        words = query.decode() if isinstance(query, bytes) else str(query)
        counts.count(words)
        idle = psycopg.pq.TransactionStatus.IDLE
        if connection.info.transaction_status is idle and "append_after" in words:
            counts.commits += 1
        return execute(connection, query, *rest, **fields)

    setattr(Connection, "execute", counting)  # noqa: B010  (a method is exchanged)
    try:
        yield counts
    finally:
        del Connection.execute
