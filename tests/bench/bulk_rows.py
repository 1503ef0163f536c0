"""Rows of views loaded in bulk: those that Placet made of one life, kept again under many names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import psycopg

from adapters.codec import to_plain
from adapters.sqlite.read_model_rows import TABLES
from adapters.sqlite.store import SqliteStore
from domain.silence.objection_tally import Voices
from domain.times import UNKNOWN, When
from tests.bench.bulk_load import MODEL, carelessly, name_of
from tests.bench.workload import ORGANISATION, lives
from workflows.history.as_of import HistoryAsOf, all_events
from workflows.projections import stream_rows
from workflows.projections.board_order import sortable_rank

APART = timedelta(seconds=1)
"""How far the ends of running clocks are apart."""
AHEAD = timedelta(hours=1)
"""How far the nearest end is ahead of the moment at which the board is looked at."""

Columns = tuple[str, str, str, str, str, str, bytes]
"""View, organisation, key, place, rank, part of, JSON."""
_INSERT = "INSERT INTO row VALUES (?, ?, ?, ?, ?, ?, ?)"
_COUNT = (
    "INSERT INTO counted SELECT view, place, organisation, count(*) FROM row WHERE place <> ''"
    " GROUP BY view, place, organisation"
)
_INDEXES = [entry + ";" for entry in TABLES.split(";") if "CREATE INDEX" in entry]


@dataclass(frozen=True)
class Model:
    """The rows of one life by view: while it waited, while its clock ran, and when it was over."""

    waiting: Mapping[str, Columns]
    running: Mapping[str, Columns]
    finished: Mapping[str, Columns]
    closes: When
    grace: timedelta

    @classmethod
    def of(cls, folder: Path) -> Model:
        """The rows that Placet makes of a life in a store of its own."""
        with lives(SqliteStore.create(folder), each=1) as made:
            made.carry_out()
            at = {event.name: event.position for event in all_events(made.history)}
            world_of = made.placet.handling.decision_context

            def rows(position: int) -> Mapping[str, Columns]:
                history = HistoryAsOf(made.history, position)
                world = world_of(history)
                kept = stream_rows.status_rows(
                    stream_rows.changed_streams(all_events(history)),
                    world.state,
                    lambda body: world.pack_of(body, UNKNOWN),
                    lambda _: (),
                    objecting=lambda window: len(
                        Voices.of_window(window, world).objecting_members()
                    ),
                )
                return _columns(kept)

            window = world_of(made.history).window(MODEL)
            return cls(
                waiting=rows(at["agenda.items_submitted.v1"]),
                running=rows(max(at["window.opened.v2"], at["agenda.items_put_under_silence.v1"])),
                finished=rows(made.history.last_position()),
                closes=window.closes,
                grace=window.due_from - window.closes.latest,
            )

    @property
    def now(self) -> datetime:
        """A moment at which all the running clocks run."""
        return self.closes.latest - AHEAD

    def rows(self, agendas: int) -> Iterator[Columns]:
        """The rows of so many agendas, in order of view and key.

        Of twenty one waits, and of one the clock runs, each a second longer than the one before.
        """
        for view in sorted(self.finished):
            if view == "body":
                yield self.finished[view]
                continue
            for number in range(agendas):
                row = self._row(view, number)
                if row:
                    yield row

    def _row(self, view: str, number: int) -> Columns | None:
        stage = {0: self.running, 1: self.waiting}.get(number % 20, self.finished)
        if view not in stage:
            return None
        _, organisation, key, place, rank, part_of, json = stage[view]
        name = name_of(number)
        key, part_of = key.replace(MODEL, name), part_of.replace(MODEL, name)
        json = json.replace(MODEL.encode(), name.encode())
        if stage is self.running:
            ends = self.closes.latest + number * APART
            json = json.replace(self.closes.encode(), When.from_instant(ends).encode())
            rank = rank and sortable_rank(ends if view == "board" else ends + self.grace)
        return view, organisation, key, place, rank, part_of, json


def on_sqlite(path: Path, model: Model, agendas: int, position: int) -> None:
    """Put the rows into a file of views, which has read the log up to `position`."""
    with carelessly(path) as connection:
        connection.execute("BEGIN")
        connection.execute("DROP INDEX row_by_place")
        connection.execute("DROP INDEX row_by_whole")
        connection.executemany(_INSERT, model.rows(agendas))
        for index in _INDEXES:
            connection.execute(index)
        connection.execute(_COUNT)
        connection.execute("INSERT INTO tracking VALUES ('status', ?, ?)", (ORGANISATION, position))
        connection.execute("COMMIT")


def on_postgres(connection: psycopg.Connection[Any], model: Model, agendas: int) -> None:
    """Put the rows into the live generation."""
    ((generation,),) = connection.execute("SELECT generation FROM live").fetchall()
    columns = b"generation, view, organisation, key, place, rank, part_of, json"
    with (
        connection.cursor() as cursor,
        cursor.copy(b"COPY row (" + columns + b") FROM STDIN") as copy,
    ):
        for row in model.rows(agendas):
            copy.write_row((generation, *row))
    connection.execute(
        "INSERT INTO counted SELECT generation, view, place, organisation, count(*) FROM row"
        " WHERE place <> '' GROUP BY generation, view, place, organisation"
    )
    connection.execute("ANALYZE row")


def _columns(kept: stream_rows.StatusRows) -> Mapping[str, Columns]:
    return {
        view: (
            view,
            ORGANISATION,
            key,
            *kept.places.get((view, key), ("", "", "")),
            msgspec.json.encode(row, enc_hook=to_plain),
        )
        for (view, key), row in kept.rows.items()
        if row is not None
    }
