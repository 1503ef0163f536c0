"""A report that takes long sees the log as it stood at its beginning, and nobody waits for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from adapters.eventstore.integrity import Tables
from adapters.postgres import read_transaction as on_postgresql
from adapters.postgres.store import PostgresStore
from adapters.sqlite import read_transaction as on_sqlite
from adapters.sqlite.schema import LOG
from adapters.sqlite.store import SqliteStore
from event_factory import append, body

BEFORE, CONCURRENT = 5, 300
COUNT = "SELECT count(*) FROM event"
AnyStore = SqliteStore | PostgresStore


@pytest.fixture(params=["SQLite", "PostgreSQL"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[AnyStore]:
    """A store of each kind, with a few events."""
    made: AnyStore
    if request.param == "SQLite":
        made = SqliteStore.create(tmp_path / "store")
    else:
        made = PostgresStore.open(request.getfixturevalue("database"))
    with made:
        for _ in range(BEFORE):
            append(made.history("un"), body("wg7"))
        yield made


def report(store: AnyStore) -> AbstractContextManager[Tables]:
    """The tables as a check or a copy reads them."""
    if isinstance(store, SqliteStore):
        return on_sqlite.read_transaction(store._connections.reader, store.folder / LOG)
    return on_postgresql.read_transaction(store._connections)


def write(store: AnyStore) -> None:
    """So much that SQLite would carry its log over into the database, if nobody read it."""
    for number in range(CONCURRENT):
        append(store.history("un"), body(f"b{number}"))


def test_a_long_report_beside_appends_sees_one_moment(store: AnyStore) -> None:
    with report(store) as tables:
        first = [*tables.rows(COUNT)]
        write(store)
        again = [*tables.rows(COUNT)]

    assert [(BEFORE,)] == first == again
    assert BEFORE + CONCURRENT == store.history("un").last_position()
    assert store.check().sound


def test_a_report_without_a_moment_of_its_own_sees_them_come(store: AnyStore) -> None:
    """The control: the same questions, each asked by itself."""
    first = store._connections.read(COUNT, ())
    write(store)

    assert [(BEFORE,)] == first
    assert [(BEFORE + CONCURRENT,)] == store._connections.read(COUNT, ())
