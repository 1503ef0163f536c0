"""The measures of reading: the board and one history, where many agendas are loaded in bulk."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree
from statistics import median
from typing import Any

import psycopg

from adapters.postgres.read_models import PostgresViews
from adapters.postgres.store import PostgresStore
from adapters.sqlite.read_models import SqliteViews
from adapters.sqlite.schema import LOG
from adapters.sqlite.store import VIEWS, SqliteStore
from domain.ports.read_models import HIGHEST
from domain.streams import Stream, StreamKind
from postgres_server import Server
from tests.bench import bulk_rows
from tests.bench.bulk_load import loaded, name_of
from tests.bench.bulk_rows import Model
from tests.bench.figures import Figure, figure
from tests.bench.workload import ORGANISATION
from tests.bench.write_measures import server
from workflows.projections.board_order import CLOCK, sortable_rank
from workflows.queries.board import Board

SMALL = 1_000
ON_POSTGRES = 200_000
"""How many agendas PostgreSQL is given at most."""
REPETITIONS = 200
"""How often something is asked for; a history each time of another agenda."""
NEXT = 50
PATHS = {
    "counts": "counts and count_up_to of the views",
    "next 50 deadlines": "list_rows of the views",
    "one history": "StoredHistory.events_of",
    "the board's first page": "Board.groups",
}
_HISTORY = "SELECT * FROM event WHERE organisation = ? AND stream = ? ORDER BY version"
_COUNTS = "SELECT place, number FROM counted WHERE view = 'board' AND organisation = ?"
_PAST = (
    "SELECT count(*) FROM row WHERE view = 'board' AND place = 'clock' AND place <> ''"
    " AND rank <= ?"
)
_NEXT = (
    "SELECT key, rank FROM row WHERE view = 'board' AND place = 'clock' AND place <> ''"
    " AND rank > ? ORDER BY rank, organisation, key LIMIT ?"
)
_LIVE = "generation = (SELECT generation FROM live) AND view = 'board'"
_COUNTS_PG = f"SELECT place, number FROM counted WHERE {_LIVE} AND organisation = %s"  # noqa: S608 (a constant)
_PAST_PG = (
    f"SELECT count(*) FROM row WHERE {_LIVE} AND place = 'clock' AND place <> '' AND rank <= %s"  # noqa: S608 (a constant)
)
_NEXT_PG = (
    f"SELECT key, rank FROM row WHERE {_LIVE} AND place = 'clock' AND place <> ''"  # noqa: S608 (a constant)
    " AND rank > %s ORDER BY rank, organisation, key LIMIT %s"
)

Asks = Mapping[str, Callable[[int], Any]]
"""What is asked for, by its name; the number says for the how manieth time."""


@dataclass(frozen=True)
class Sides:
    """The same questions, asked through Placet and through the bare driver."""

    placet: Asks
    bare: Asks

    def p50(self, name: str, *, bare: bool = False) -> float:
        """The median of the seconds that an answer takes."""
        ask, taken = (self.bare if bare else self.placet)[name], []
        for number in range(REPETITIONS):
            began = time.perf_counter()
            found = ask(number)
            taken.append(time.perf_counter() - began)
            assert found, f"nothing was found: {name}"
        return median(taken)


def figures(folder: Path, agendas: int, pairs: int) -> list[Figure]:
    """All of them, on both kinds of stores."""
    found = on_sqlite(folder, agendas, pairs)
    with server() as made:
        return found + on_postgres(made, folder, agendas, pairs)


def on_sqlite(folder: Path, agendas: int, pairs: int) -> list[Figure]:
    """All of them, in stores that are gone afterwards."""
    model = Model.of(folder / "model")
    with ExitStack() as held:
        sides = [_sqlite(folder / str(n), n, model, held) for n in (SMALL, agendas)]
        found = _compared("SQLite", agendas, sides, pairs)
    for number in (SMALL, agendas):
        rmtree(folder / str(number))
    return found


def on_postgres(server: Server, folder: Path, agendas: int, pairs: int) -> list[Figure]:
    """The board."""
    model, most = Model.of(folder / "model-of-postgres"), min(agendas, ON_POSTGRES)
    with ExitStack() as held:
        sides = [_postgres(server.database(), n, model, held) for n in (SMALL, most)]
        return _compared("PostgreSQL", most, sides, pairs)


def _compared(store: str, agendas: int, sides: list[Sides], pairs: int) -> list[Figure]:
    small, large = sides
    found = []
    for name, path in PATHS.items():
        if name not in large.placet:
            continue
        over, growth, taken = list[float](), list[float](), list[float]()
        for _ in range(pairs):
            few, many = small.p50(name), large.p50(name)
            growth.append(many / few)
            taken.append(many * 1e6)
            if name in large.bare:
                over.append(many / large.p50(name, bare=True))
        text = f"{store}, {name}, {agendas:,} agendas"
        if over:
            found.append(figure(f"{text}, over a bare indexed query", over, path, "<= 3"))
        found.append(figure(f"{text}, p50 over p50 at {SMALL:,}", growth, path, "<= 3"))
        found.append(figure(f"{text}, p50 in microseconds", taken, path))
    return found


def _sqlite(folder: Path, agendas: int, model: Model, held: ExitStack) -> Sides:
    """A store with the agendas' own streams and the rows of all views, and how it is asked."""
    events = loaded(folder, agendas, of="agenda/")
    SqliteViews(folder / VIEWS).close()
    bulk_rows.on_sqlite(folder / VIEWS, model, agendas, events)
    store = held.enter_context(SqliteStore.open(folder, read_only=True))
    log = held.enter_context(closing(sqlite3.connect(folder / LOG)))
    rows = held.enter_context(closing(sqlite3.connect(folder / VIEWS)))
    views = store.views()
    held.callback(views.close)
    history, now = store.history(ORGANISATION), sortable_rank(model.now)

    def stream(number: int) -> Stream:
        return Stream(StreamKind.AGENDA, name_of(number * (agendas - 1) // REPETITIONS))

    return Sides(
        placet={
            **_board(views, model),
            "one history": lambda number: history.events_of(stream(number)),
        },
        bare={
            "counts": lambda _: (
                rows.execute(_COUNTS, (ORGANISATION,)).fetchall(),
                rows.execute(_PAST, (now,)).fetchall(),
            ),
            "next 50 deadlines": lambda _: rows.execute(_NEXT, (now, NEXT)).fetchall(),
            "one history": lambda number: log.execute(
                _HISTORY, (ORGANISATION, str(stream(number)))
            ).fetchall(),
        },
    )


def _postgres(url: str, agendas: int, model: Model, held: ExitStack) -> Sides:
    """A store with the rows of all views, and how it is asked."""
    PostgresStore.create(url).close()
    store = held.enter_context(PostgresStore.open(url))
    views, now = store.views(), sortable_rank(model.now)
    with psycopg.connect(url, options="-c search_path=placet") as loading:
        bulk_rows.on_postgres(loading, model, agendas)
    bare = held.enter_context(
        psycopg.connect(
            url,
            autocommit=True,
            prepare_threshold=0,
            options="-c search_path=placet -c enable_seqscan=off -c jit=off",
        )
    )

    def fetch(query: str, *values: object) -> list[Any]:
        return bare.execute(query.encode(), values, binary=True).fetchall()

    return Sides(
        placet=_board(views, model),
        bare={
            "counts": lambda _: (fetch(_COUNTS_PG, ORGANISATION), fetch(_PAST_PG, now)),
            "next 50 deadlines": lambda _: fetch(_NEXT_PG, now, NEXT),
        },
    )


def _board(views: SqliteViews | PostgresViews, model: Model) -> Asks:
    """What the board asks its rows for, and its first page with all that is shown of each row."""
    now = sortable_rank(model.now)
    return {
        "counts": lambda _: (views.counts("board"), views.count_up_to("board", CLOCK, now)),
        "next 50 deadlines": lambda _: views.list_rows(
            "board", CLOCK, NEXT, after=(now, HIGHEST, HIGHEST)
        ),
        "the board's first page": lambda _: Board(views, model.now, lambda _: model.now).groups(),
    }
