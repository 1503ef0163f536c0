"""Events changed past the program, as a bad disk or a careless hand does it, and put right."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Final

from postgres import ask

from adapters.postgres.store import PostgresStore
from web.main import AnyStore

_STATE: Final = "UPDATE event SET state = {} WHERE stream = {} AND version = {}"


def damage(store: AnyStore, stream: str, version: int) -> Callable[[], None]:
    """Change a stored event so that it does not fit its hash; what is returned restores it."""
    ((before,),) = _ask(
        store, "SELECT state FROM event WHERE stream = {} AND version = {}", stream, version
    )
    kept = bytes(before)  # type: ignore[call-overload]  # the bytes of a column
    _change(store, kept.replace(b'"', b"'", 1), stream, version)
    return lambda: _change(store, kept, stream, version)


def take_out(store: AnyStore, stream: str, version: int) -> None:
    """Delete a stored event."""
    _past_triggers(store, "DELETE FROM event WHERE stream = {} AND version = {}", stream, version)


def _change(store: AnyStore, *values: object) -> None:
    _past_triggers(store, _STATE, *values)


def _past_triggers(store: AnyStore, statement: str, *values: object) -> None:
    if isinstance(store, PostgresStore):
        ask(store._url, "ALTER TABLE event DISABLE TRIGGER USER")
        _ask(store, statement, *values)
        ask(store._url, "ALTER TABLE event ENABLE TRIGGER USER")
        return
    triggers = _ask(store, "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")
    for name, _ in triggers:
        _ask(store, f"DROP TRIGGER {name}")
    _ask(store, statement, *values)
    for _, sql in triggers:
        _ask(store, str(sql))


def _ask(store: AnyStore, query: str, *values: object) -> list[tuple[object, ...]]:
    if isinstance(store, PostgresStore):
        return ask(store._url, query.format(*["%s"] * query.count("{}")), *values)
    with _file(store.folder) as connection:
        found = connection.execute(query.format(*["?"] * query.count("{}")), values).fetchall()
    connection.close()
    return found


def _file(folder: Path) -> sqlite3.Connection:
    return sqlite3.connect(folder / "log.db")
