"""Agendas loaded in bulk: one life that Placet wrote, stored again under many names."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from adapters.sqlite.schema import LOG, TABLES
from adapters.sqlite.store import SqliteStore
from domain.event_proofs import event_hash
from domain.symbols import symbol_key
from tests.bench.agenda_life import symbol_of
from tests.bench.driver_floors import ROWS, Columns
from tests.bench.workload import ORGANISATION, lives

MODEL = "c0-0"
"""The name of the life that is multiplied."""
_TRIGGER = "CREATE TRIGGER event_follows" + (
    TABLES.partition("CREATE TRIGGER event_follows")[2].partition("END;")[0] + "END;"
)
_INSERT = (
    "INSERT INTO event (organisation, position, stream, version, name, command_id, recorded_at,"
    " state, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


def loaded(folder: Path, agendas: int, *, of: str = "") -> int:
    """Make a store with so many finished agendas; the number of its events.

    Every event has its position and its hash; what checks them row by row is laid aside meanwhile.
    `of` is the one kind of stream that is multiplied, where not all are.
    """
    with lives(SqliteStore.create(folder), each=1) as made:
        made.carry_out()
    with carelessly(folder / LOG) as connection:
        rows = connection.execute(ROWS).fetchall()
        model = [row for row in rows if MODEL in row[5] and row[2].startswith(of)]
        connection.execute("BEGIN")
        connection.execute("DROP TRIGGER event_follows")
        connection.executemany(_INSERT, _copies(model, len(rows), agendas - 1))
        count = len(rows) + len(model) * (agendas - 1)
        connection.execute("UPDATE counter SET position = ?", (count,))
        connection.execute(_TRIGGER)
        connection.execute("COMMIT")
        ((found,),) = connection.execute("SELECT count(*) FROM event").fetchall()
        assert count == found
    return count


@contextmanager
def carelessly(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection that keeps no journal and waits for no disk; a file in WAL mode afterwards."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=OFF")
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute("PRAGMA cache_size=-200000")
        yield connection
        connection.execute("PRAGMA journal_mode=WAL")


def name_of(number: int) -> str:
    """What the agenda with this number is called, beside the model; names sort by number."""
    return f"n{number:07}"


def _copies(model: Sequence[Columns], position: int, copies: int) -> Iterator[Columns]:
    at, key = model[-1][6], symbol_key(symbol_of(MODEL))
    for number in range(copies):
        name = name_of(number)
        key_of_copy = symbol_key(symbol_of(name))
        for _, _, stream, version, kind, command, _, state, _ in model:
            position += 1
            text = state.replace(MODEL.encode(), name.encode())
            place = stream.replace(MODEL, name).replace(key, key_of_copy)
            hash_ = event_hash(ORGANISATION, place, version, kind, text)
            command_id = command.replace(MODEL, name)
            yield ORGANISATION, position, place, version, kind, command_id, at, text, hash_
