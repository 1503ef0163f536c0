"""Rows of views on PostgreSQL: kept by key, listed by where they stand, counted as they change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from adapters.postgres.connections import Connection
from adapters.readmodels.page import Page

_OF: Final = "generation = COALESCE(%s::bigint, (SELECT generation FROM live))"
ROW: Final = f"SELECT json FROM row WHERE {_OF} AND view = %s AND organisation = %s AND key = %s"  # noqa: S608 (a constant)
ROWS: Final = (
    f"SELECT json FROM row WHERE {_OF} AND view = %s AND (%s::text IS NULL OR organisation = %s)"  # noqa: S608 (a constant)
    " ORDER BY organisation, key"
)
SOME: Final = (
    "SELECT row.organisation, row.key, json"  # noqa: S608 (a constant)
    " FROM unnest(%s::text[], %s::text[]) AS told (organisation, key)"
    f" JOIN row ON {_OF} AND view = %s"
    " AND row.organisation = told.organisation AND row.key = told.key"
)
_LISTED: Final = (
    f"SELECT rank, organisation, key FROM row WHERE {_OF} AND view = %s AND place = %s"  # noqa: S608 (a constant)
    " AND place <> '' AND (rank, organisation, key) > (%s, %s, %s)"
    " AND (rank, organisation, key) < (%s, %s, %s)"
)
LISTED: Final = _LISTED + " ORDER BY rank, organisation, key LIMIT %s"
LISTED_BACKWARDS: Final = _LISTED + " ORDER BY rank DESC, organisation DESC, key DESC LIMIT %s"
PARTS: Final = (
    f"SELECT json FROM row WHERE {_OF} AND view = %s AND organisation = %s AND part_of = %s"  # noqa: S608 (a constant)
    " AND part_of <> '' ORDER BY key"
)
COUNTS: Final = (
    f"SELECT place, sum(number)::bigint FROM counted WHERE {_OF} AND view = %s"  # noqa: S608 (a constant)
    " AND (%s::text IS NULL OR organisation = %s) GROUP BY place"
)
COUNT_UP_TO: Final = (
    f"SELECT count(*) FROM row WHERE {_OF} AND view = %s AND place = %s AND place <> ''"  # noqa: S608 (a constant)
    " AND rank <= %s"
)
WHOLE: Final = (
    "SELECT view, organisation, key, place, rank, part_of, json FROM row WHERE generation ="
    " COALESCE({generation}, (SELECT generation FROM live)) ORDER BY view, organisation, key"
)
MISCOUNTED: Final = (
    "SELECT view, organisation, place FROM ("  # noqa: S608 (a constant)
    f"SELECT view, organisation, place, number FROM counted WHERE {_OF}"
    " UNION ALL SELECT view, organisation, place, -count(*) FROM row"
    f" WHERE {_OF} AND place <> '' GROUP BY view, organisation, place"
    ") AS kept GROUP BY view, organisation, place HAVING sum(number) <> 0"
    " ORDER BY view, organisation, place"
)
CLEAR: Final = (
    "DELETE FROM row WHERE generation {which} %s",
    "DELETE FROM tracking WHERE generation {which} %s",
    "DELETE FROM counted WHERE generation {which} %s",
)
"""`which` is `=` for one generation, and `<>` for all others."""
_STOOD: Final = (
    b"SELECT row.view, place, count(*) FROM unnest(%s::text[], %s::text[]) AS told (view, key)"
    b" JOIN row ON generation = %s AND organisation = %s"
    b" AND row.view = told.view AND row.key = told.key WHERE place <> '' GROUP BY row.view, place"
)
_KEEP: Final = (
    b"INSERT INTO row (generation, organisation, view, key, place, rank, part_of, json)"
    b" SELECT %s, %s, view, key, place, rank, part_of, json"
    b" FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::bytea[])"
    b" AS made (view, key, place, rank, part_of, json)"
    b" ON CONFLICT (generation, view, organisation, key)"
    b" DO UPDATE SET place = excluded.place, rank = excluded.rank, part_of = excluded.part_of,"
    b" json = excluded.json"
)
_DROP: Final = (
    b"DELETE FROM row USING unnest(%s::text[], %s::text[]) AS gone (view, key)"
    b" WHERE generation = %s AND organisation = %s AND row.view = gone.view AND row.key = gone.key"
)
_COUNT: Final = (
    b"INSERT INTO counted (generation, organisation, view, place, number)"
    b" SELECT %s, %s, view, place, number"
    b" FROM unnest(%s::text[], %s::text[], %s::bigint[]) AS moved (view, place, number)"
    b" ON CONFLICT (generation, view, place, organisation)"
    b" DO UPDATE SET number = counted.number + excluded.number"
)


def put_rows(connection: Connection, generation: int, organisation: str, page: Page) -> None:
    """Keep the rows of a page, and the counts of where they stand."""
    where = (generation, organisation)
    if not page.names:
        return
    stood = connection.execute(_STOOD, (*_columns(page.names), *where)).fetchall()
    if page.made:
        connection.execute(_KEEP, (*where, *_columns(page.made)))
    if page.gone:
        connection.execute(_DROP, (*_columns(page.gone), *where))
    if moves := page.moves(stood):
        connection.execute(_COUNT, (*where, *_columns(moves)))


def _columns(rows: Sequence[tuple[object, ...]]) -> list[list[object]]:
    return [list(one) for one in zip(*rows, strict=True)]
