"""Events changed past the program, as a bad disk or a careless hand does it, and put right."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Final

from adapters.postgres.store import PostgresStore
from adapters.store_factory import AnyStore
from domain.event_proofs import event_hash
from postgres_server import ask

_STATE: Final = "UPDATE event SET state = {} WHERE stream = {} AND version = {}"


def damage(store: AnyStore, stream: str, version: int) -> Callable[[], None]:
    """Change a stored event so that it does not fit its hash; what is returned restores it."""
    ((before,),) = query_directly(
        store, "SELECT state FROM event WHERE stream = {} AND version = {}", stream, version
    )
    kept = bytes(before)  # type: ignore[call-overload]  # the bytes of a column
    _change(store, kept.replace(b'"', b"'", 1), stream, version)
    return lambda: _change(store, kept, stream, version)


def take_out(store: AnyStore, stream: str, version: int) -> None:
    """Delete a stored event."""
    without_triggers(store, "DELETE FROM event WHERE stream = {} AND version = {}", stream, version)


def _change(store: AnyStore, *values: object) -> None:
    without_triggers(store, _STATE, *values)


def without_triggers(store: AnyStore, statement: str, *values: object) -> None:
    """Change events or contents as only somebody who takes the triggers away can."""
    if isinstance(store, PostgresStore):
        _guard(store, "DISABLE")
        query_directly(store, statement, *values)
        _guard(store, "ENABLE")
        return
    triggers = query_directly(store, "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")
    for name, _ in triggers:
        query_directly(store, f"DROP TRIGGER {name}")
    query_directly(store, statement, *values)
    for _, sql in triggers:
        query_directly(store, str(sql))


def forge(store: AnyStore, position: int, *, name: str = "", **fields: object) -> None:
    """Let a stored event tell something else, with a hash that fits."""
    change(store, position, lambda state: state | fields, name)


def change(
    store: AnyStore, position: int, how: Callable[[dict[str, object]], object], name: str = ""
) -> None:
    """Change what a stored event tells, and its name, with a hash and columns that fit."""
    ((organisation, stream, version, had, state),) = query_directly(
        store,
        "SELECT organisation, stream, version, name, state FROM event WHERE position = {}",
        position,
    )
    named = name or str(had)
    found = how(json.loads(bytes(state)))  # type: ignore[call-overload]  # the bytes of a column
    forged = json.dumps(found).encode()
    hash_ = event_hash(str(organisation), str(stream), int(str(version)), named, forged)
    set_ = "UPDATE event SET name = {}, state = {}, hash = {} WHERE position = {}"
    without_triggers(store, set_, named, forged, hash_, position)


def _guard(store: PostgresStore, how: str) -> None:
    for table in ("event", "content"):
        ask(store._url, f"ALTER TABLE {table} {how} TRIGGER USER")


def query_directly(store: AnyStore, query: str, *values: object) -> list[tuple[object, ...]]:
    """Ask or change the database past the program; `{}` stands for a value."""
    if isinstance(store, PostgresStore):
        return ask(store._url, query.format(*["%s"] * query.count("{}")), *values)
    with _file(store.folder) as connection:
        found = connection.execute(query.format(*["?"] * query.count("{}")), values).fetchall()
    connection.close()
    return found


def _file(folder: Path) -> sqlite3.Connection:
    return sqlite3.connect(folder / "log.db")
