"""Rows of read models in SQLite: kept by key, and counted as they change."""

from __future__ import annotations

import json
import sqlite3
from typing import Final

from adapters.readmodels.encoded_rows import EncodedPage

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
SOME: Final = (
    "SELECT organisation, row.key, row.json FROM json_each(?) AS sought CROSS JOIN row ON view = ?"
    " AND organisation = json_extract(sought.value, '$[0]')"
    " AND row.key = json_extract(sought.value, '$[1]')"
)
WHOLE: Final = (
    "SELECT view, organisation, key, place, rank, part_of, json FROM row"
    " ORDER BY view, organisation, key"
)
_STOOD: Final = (
    "SELECT view, place, count(*) FROM json_each(?) AS sought CROSS JOIN row"
    " ON view = json_extract(sought.value, '$[0]') AND organisation = ?"
    " AND row.key = json_extract(sought.value, '$[1]')"
    " WHERE place <> '' GROUP BY view, place"
)
_KEEP: Final = "INSERT OR REPLACE INTO row VALUES (?, ?, ?, ?, ?, ?, ?)"
_DROP: Final = "DELETE FROM row WHERE view = ? AND organisation = ? AND key = ?"
_COUNT: Final = (
    "INSERT INTO counted VALUES (?, ?, ?, ?) ON CONFLICT (view, place, organisation)"
    " DO UPDATE SET number = number + excluded.number"
)


def put_rows(connection: sqlite3.Connection, organisation: str, page: EncodedPage) -> None:
    """Keep the rows of a page, and the counts of where they stand."""
    stood = connection.execute(_STOOD, (json.dumps(page.names), organisation)).fetchall()
    connection.executemany(
        _KEEP, ((view, organisation, key, *rest) for view, key, *rest in page.stored)
    )
    connection.executemany(_DROP, ((view, organisation, key) for view, key in page.deleted))
    connection.executemany(
        _COUNT, ((view, place, organisation, n) for view, place, n in page.count_changes(stood))
    )
