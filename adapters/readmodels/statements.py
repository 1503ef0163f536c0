"""Statements on the tables of rows that SQLite and PostgreSQL understand alike."""

from __future__ import annotations

from typing import Final


class Statements:
    """The statements where `scope` limits them to some rows of the tables.

    Each `?` of the scope comes before the other values of a statement.
    """

    def __init__(self, scope: str = "") -> None:
        among = f"WHERE {scope} AND" if scope else "WHERE"
        self.row: Final = f"SELECT json FROM row {among} view = ? AND organisation = ? AND key = ?"
        self.rows: Final = (
            f"SELECT json FROM row {among} view = ?"
            " AND (CAST(? AS text) IS NULL OR organisation = ?) ORDER BY organisation, key"
        )
        listed = (
            f"SELECT rank, organisation, key FROM row {among} view = ? AND place = ?"
            " AND place <> '' AND (rank, organisation, key) > (?, ?, ?)"
            " AND (rank, organisation, key) < (?, ?, ?)"
        )
        self.listed: Final = f"{listed} ORDER BY rank, organisation, key LIMIT ?"
        self.listed_backwards: Final = (
            f"{listed} ORDER BY rank DESC, organisation DESC, key DESC LIMIT ?"
        )
        self.parts: Final = (
            f"SELECT json FROM row {among} view = ? AND organisation = ? AND part_of = ?"
            " AND part_of <> '' ORDER BY key"
        )
        self.counts: Final = (
            f"SELECT place, CAST(sum(number) AS bigint) FROM counted {among} view = ?"
            " AND (CAST(? AS text) IS NULL OR organisation = ?) GROUP BY place"
        )
        self.count_up_to: Final = (
            f"SELECT count(*) FROM row {among} view = ? AND place = ? AND place <> '' AND rank <= ?"
        )
        self.miscounted: Final = (
            "SELECT view, organisation, place FROM ("
            f"SELECT view, organisation, place, number FROM counted {among} true"
            " UNION ALL SELECT view, organisation, place, -count(*) FROM row"
            f" {among} place <> '' GROUP BY view, organisation, place"
            ") AS kept GROUP BY view, organisation, place HAVING sum(number) <> 0"
            " ORDER BY view, organisation, place"
        )
        self.position: Final = (
            f"SELECT position FROM tracking {among} follower = ? AND organisation = ?"
        )
