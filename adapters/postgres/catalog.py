"""How the tables, functions and triggers of a store stand in PostgreSQL's own catalogs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache
from importlib.resources import files
from typing import Any, Final

import msgspec

from adapters.eventstore.schema_differences import Shape
from domain.canonical import digest

_TABLES: Final = """
SELECT concat(
        CASE relkind WHEN 'S' THEN 'sequence' WHEN 'v' THEN 'view' WHEN 'm' THEN 'view'
        ELSE 'table' END, ' ', relname
    ),
    concat_ws(' ', relkind, relpersistence, CASE WHEN relrowsecurity THEN 'row security' END,
        CASE WHEN EXISTS (SELECT FROM pg_inherits WHERE pg_class.oid IN (inhrelid, inhparent))
        THEN 'inherits' END)
FROM pg_class
WHERE relnamespace = 'placet'::regnamespace AND relkind IN ('r', 'p', 'f', 'v', 'm', 'S')
"""
_COLUMNS: Final = """
SELECT concat('column ', relname, '.', attname),
    concat_ws(' ', format_type(atttypid, atttypmod), collname,
        CASE WHEN attnotnull THEN 'not null' END, 'default ' || pg_get_expr(adbin, adrelid),
        nullif(concat(attidentity, attgenerated), ''))
FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
LEFT JOIN pg_collation ON pg_collation.oid = attcollation
LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
WHERE relnamespace = 'placet'::regnamespace AND relkind IN ('r', 'p', 'f')
    AND attnum > 0 AND NOT attisdropped
"""
_CONSTRAINTS: Final = """
SELECT concat('constraint ', relname, '.', conname),
    concat_ws(' ', contype, pg_get_expr(conbin, conrelid), (
            SELECT string_agg(attname, ' ' ORDER BY place)
            FROM unnest(conkey) WITH ORDINALITY AS told (number, place)
            JOIN pg_attribute ON attrelid = conrelid AND attnum = number
        ),
        CASE WHEN NOT convalidated THEN 'not valid' END,
        CASE WHEN condeferrable THEN 'deferrable' END)
FROM pg_constraint JOIN pg_class ON pg_class.oid = conrelid
WHERE relnamespace = 'placet'::regnamespace AND contype IN ('p', 'u', 'c', 'f', 'x')
"""
_INDEXES: Final = """
SELECT concat('index ', one.relname),
    concat_ws(' ', its.relname, (
            SELECT string_agg(attname, ' ' ORDER BY place)
            FROM unnest(indkey::int2[]) WITH ORDINALITY AS told (number, place)
            JOIN pg_attribute ON attrelid = indrelid AND attnum = number
        ),
        CASE WHEN indisunique THEN 'unique' END,
        CASE WHEN NOT (indisvalid AND indisready) THEN 'not valid' END,
        'where ' || pg_get_expr(indpred, indrelid))
FROM pg_index JOIN pg_class AS one ON one.oid = indexrelid
JOIN pg_class AS its ON its.oid = indrelid
WHERE its.relnamespace = 'placet'::regnamespace AND its.relkind IN ('r', 'p')
"""
_TRIGGERS: Final = """
SELECT concat('trigger ', relname, '.', tgname),
    concat_ws(' ', tgtype, tgenabled, concat(nspname, '.', proname),
        tgnewtable, tgoldtable, CASE WHEN tgqual IS NOT NULL THEN 'when' END,
        CASE WHEN tgdeferrable THEN 'deferrable' END, nullif(tgattr::text, ''))
FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
JOIN pg_proc ON pg_proc.oid = tgfoid JOIN pg_namespace ON pg_namespace.oid = pronamespace
WHERE relnamespace = 'placet'::regnamespace AND NOT tgisinternal
"""
_FUNCTIONS: Final = """
SELECT concat('function ', proname, '(', pg_get_function_identity_arguments(pg_proc.oid), ')'),
    concat_ws(' ', lanname, 'returns', format_type(prorettype, NULL),
        CASE WHEN prosecdef THEN 'definer' END, proconfig::text),
    prosrc
FROM pg_proc JOIN pg_language ON pg_language.oid = prolang
WHERE pronamespace = 'placet'::regnamespace
"""
_REWRITTEN: Final = """
SELECT concat('rule ', relname, '.', rulename), ev_type::text
FROM pg_rewrite JOIN pg_class ON pg_class.oid = ev_class
WHERE relnamespace = 'placet'::regnamespace AND relkind NOT IN ('v', 'm')
UNION ALL
SELECT concat('policy ', relname, '.', polname), polcmd::text
FROM pg_policy JOIN pg_class ON pg_class.oid = polrelid
WHERE relnamespace = 'placet'::regnamespace
"""
_CATALOGS: Final = (_TABLES, _COLUMNS, _CONSTRAINTS, _INDEXES, _TRIGGERS, _FUNCTIONS, _REWRITTEN)
_SPELT: Final = re.compile(r'["()]|::\w+')
"""What servers of other versions may write otherwise in the same expression."""

Rows = Callable[[str], Iterable[tuple[Any, ...]]]


def actual_shape(rows: Rows) -> Shape:
    """How the objects of a store are made, from what `rows` finds in the catalogs."""
    shape: dict[str, str] = {}
    for query in _CATALOGS:
        for name, how, *body in rows(query):
            definition = _SPELT.sub("", how)
            shape[name] = f"{definition} {digest(body[0].encode())}" if body else definition
    return dict(sorted(shape.items()))


@cache
def expected_shape() -> Shape:
    """How this program makes them, as they were found once in a new store."""
    kept = (files("adapters.postgres") / "catalog.json").read_bytes()
    return msgspec.json.decode(kept, type=dict[str, str])
