"""Rows of read models in PostgreSQL: kept by key, and counted as they change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from adapters.postgres.dialect import native
from adapters.postgres.session import Connection
from adapters.readmodels.encoded_rows import EncodedPage

LIVE: Final = "generation = COALESCE(CAST(? AS bigint), (SELECT generation FROM live))"
"""The rows of a generation, or of the live one where none is named."""
SOME: Final = (
    "SELECT row.organisation, row.key, json"  # noqa: S608 (constants)
    " FROM unnest(%s::text[], %s::text[]) AS sought (organisation, key)"
    f" JOIN row ON {native(LIVE)} AND view = %s"
    " AND row.organisation = sought.organisation AND row.key = sought.key"
)
WHOLE: Final = (
    "SELECT view, organisation, key, place, rank, part_of, json FROM row WHERE generation ="
    " COALESCE({generation}, (SELECT generation FROM live)) ORDER BY view, organisation, key"
)
CLEAR: Final = (
    "DELETE FROM row WHERE generation {which} %s",
    "DELETE FROM tracking WHERE generation {which} %s",
    "DELETE FROM counted WHERE generation {which} %s",
)
"""`which` is `=` for one generation, and `<>` for all others."""
_STOOD: Final = (
    b"SELECT row.view, place, count(*) FROM unnest(%s::text[], %s::text[]) AS sought (view, key)"
    b" JOIN row ON generation = %s AND organisation = %s"
    b" AND row.view = sought.view AND row.key = sought.key WHERE place <> ''"
    b" GROUP BY row.view, place"
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


def put_rows(connection: Connection, generation: int, organisation: str, page: EncodedPage) -> None:
    """Keep the rows of a page, and the counts of where they stand."""
    where = (generation, organisation)
    if not page.names:
        return
    stood = connection.execute(_STOOD, (*_columns(page.names), *where)).fetchall()
    if page.stored:
        connection.execute(_KEEP, (*where, *_columns(page.stored)))
    if page.deleted:
        connection.execute(_DROP, (*_columns(page.deleted), *where))
    if moves := page.count_changes(stood):
        connection.execute(_COUNT, (*where, *_columns(moves)))


def _columns(rows: Sequence[tuple[object, ...]]) -> list[list[object]]:
    return [list(column) for column in zip(*rows, strict=True)]
