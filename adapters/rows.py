"""Rows of views in SQLite: kept by key, listed by where they stand, and counted as they change."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import msgspec

from adapters.codec import plain

TABLES: Final = """
CREATE TABLE row (
    view TEXT NOT NULL, organisation TEXT NOT NULL, key TEXT NOT NULL,
    place TEXT NOT NULL, rank TEXT NOT NULL, part_of TEXT NOT NULL, json BLOB NOT NULL,
    PRIMARY KEY (view, organisation, key)
);
CREATE INDEX row_by_place ON row (view, place, rank, organisation, key) WHERE place <> '';
CREATE INDEX row_by_whole ON row (view, organisation, part_of, key) WHERE part_of <> '';

-- How many rows stand at a place; changed in the transaction that moves them.
CREATE TABLE counted (
    view TEXT NOT NULL, place TEXT NOT NULL, organisation TEXT NOT NULL, number INTEGER NOT NULL,
    PRIMARY KEY (view, place, organisation)
) WITHOUT ROWID;
"""
ROW: Final = "SELECT json FROM row WHERE view = ? AND organisation = ? AND key = ?"
ROWS: Final = (
    "SELECT json FROM row WHERE view = ? AND (? IS NULL OR organisation = ?)"
    " ORDER BY organisation, key"
)
SOME: Final = (
    "SELECT organisation, row.key, row.json FROM json_each(?) AS told CROSS JOIN row ON view = ?"
    " AND organisation = json_extract(told.value, '$[0]')"
    " AND row.key = json_extract(told.value, '$[1]')"
)
_LISTED: Final = (
    "SELECT rank, organisation, key FROM row WHERE view = ? AND place = ? AND place <> ''"
    " AND (rank, organisation, key) > (?, ?, ?) AND (rank, organisation, key) < (?, ?, ?)"
)
LISTED: Final = _LISTED + " ORDER BY rank, organisation, key LIMIT ?"
LISTED_BACKWARDS: Final = _LISTED + " ORDER BY rank DESC, organisation DESC, key DESC LIMIT ?"
PARTS: Final = (
    "SELECT json FROM row WHERE view = ? AND organisation = ? AND part_of = ? AND part_of <> ''"
    " ORDER BY key"
)
COUNTS: Final = (
    "SELECT place, sum(number) FROM counted WHERE view = ? AND (? IS NULL OR organisation = ?)"
    " GROUP BY place"
)
COUNT_UP_TO: Final = (
    "SELECT count(*) FROM row WHERE view = ? AND place = ? AND place <> '' AND rank <= ?"
)
WHOLE: Final = (
    "SELECT view, organisation, key, place, rank, part_of, json FROM row"
    " ORDER BY view, organisation, key"
)
MISCOUNTED: Final = (
    "SELECT view, organisation, place FROM ("
    "SELECT view, organisation, place, number FROM counted"
    " UNION ALL SELECT view, organisation, place, -count(*) FROM row WHERE place <> ''"
    " GROUP BY view, organisation, place"
    ") AS both GROUP BY view, organisation, place HAVING sum(number) <> 0"
    " ORDER BY view, organisation, place"
)
_STOOD: Final = (
    "SELECT view, place, count(*) FROM json_each(?) AS told CROSS JOIN row"
    " ON view = json_extract(told.value, '$[0]') AND organisation = ?"
    " AND row.key = json_extract(told.value, '$[1]')"
    " WHERE place <> '' GROUP BY view, place"
)
_KEEP: Final = "INSERT OR REPLACE INTO row VALUES (?, ?, ?, ?, ?, ?, ?)"
_DROP: Final = "DELETE FROM row WHERE view = ? AND organisation = ? AND key = ?"
_COUNT: Final = (
    "INSERT INTO counted VALUES (?, ?, ?, ?) ON CONFLICT (view, place, organisation)"
    " DO UPDATE SET number = number + excluded.number"
)

_ENCODER: Final = msgspec.json.Encoder(enc_hook=plain)

Rows = Mapping[tuple[str, str], Mapping[str, object] | None]
"""By view and key: the row as it now is, or None where it is gone."""
Places = Mapping[tuple[str, str], tuple[str, str, str]]
"""By view and key: the place of its view at which a row stands, its rank there, and of what it is
a part; each may be empty. Places are counted, and sorted by rank as text."""
Mark = tuple[str, str, str]
"""Where in a place a row stands: rank, organisation, key."""

NOWHERE: Final = ("", "", "")
NO_PLACES: Final[Places] = {}
FIRST: Final[Mark] = ("", "", "")
HIGHEST: Final = "\U0010ffff"
"""Text that sorts behind every other one."""
LAST: Final[Mark] = (HIGHEST, HIGHEST, HIGHEST)


@dataclass(frozen=True)
class Page:
    """Rows made ready to be kept: `(view, key, place, rank, part of, json)`, and what is gone."""

    made: list[tuple[str, str, str, str, str, bytes]]
    gone: list[tuple[str, str]]

    @classmethod
    def of(cls, rows: Rows, places: Places) -> Page:
        """Raises ValueError for a row that has no plain form."""
        return cls(
            made=[
                (*name, *places.get(name, NOWHERE), _ENCODER.encode(row))
                for name, row in rows.items()
                if row is not None
            ],
            gone=[name for name, row in rows.items() if row is None],
        )

    @property
    def names(self) -> list[tuple[str, str]]:
        """View and key of each row that is touched."""
        return [*((view, key) for view, key, *_ in self.made), *self.gone]

    def moves(self, stood: Iterable[tuple[str, str, int]]) -> list[tuple[str, str, int]]:
        """By how much the number at each view and place changes, from how many `stood` there."""
        change = Counter((view, place) for view, _, place, *_ in self.made if place)
        change.subtract({(view, place): number for view, place, number in stood})
        return [(*where, number) for where, number in change.items() if number]


def put(connection: sqlite3.Connection, organisation: str, page: Page) -> None:
    """Keep the rows of a page, and the counts of where they stand."""
    stood = connection.execute(_STOOD, (json.dumps(page.names), organisation)).fetchall()
    connection.executemany(
        _KEEP, ((view, organisation, key, *rest) for view, key, *rest in page.made)
    )
    connection.executemany(_DROP, ((view, organisation, key) for view, key in page.gone))
    connection.executemany(
        _COUNT, ((view, place, organisation, n) for view, place, n in page.moves(stood))
    )


def of_json(content: bytes) -> Mapping[str, object]:
    """A row as it was kept."""
    row: Mapping[str, object] = msgspec.json.decode(content)
    return row
