"""Statements that are written once for both kinds of stores, as psycopg wants them."""

from __future__ import annotations

from functools import lru_cache


@lru_cache(maxsize=512)
def native(sql: str) -> str:
    """The statement with psycopg's sign for a value in the place of each `?`."""
    return sql.replace("%", "%%").replace("?", "%s")
