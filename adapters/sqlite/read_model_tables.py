"""Rows of views in SQLite: kept by key, listed by where they stand, and counted as they change."""

from __future__ import annotations

import json
import sqlite3
from typing import Final

from adapters.readmodels.page import Page

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


def put_rows(connection: sqlite3.Connection, organisation: str, page: Page) -> None:
    """Keep the rows of a page, and the counts of where they stand."""
    stood = connection.execute(_STOOD, (json.dumps(page.names), organisation)).fetchall()
    connection.executemany(
        _KEEP, ((view, organisation, key, *rest) for view, key, *rest in page.made)
    )
    connection.executemany(_DROP, ((view, organisation, key) for view, key in page.gone))
    connection.executemany(
        _COUNT, ((view, place, organisation, n) for view, place, n in page.moves(stood))
    )
