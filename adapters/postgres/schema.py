"""Making, upgrading and recognising the tables of a store on PostgreSQL."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, Final

from psycopg import Connection, errors, sql

from adapters.eventstore.program_version import program_version
from adapters.postgres.connections import Connections
from adapters.postgres.migrations import MIGRATIONS
from adapters.postgres.session import SCHEMA as PLACE
from adapters.postgres.session import assert_durable
from domain.ports.errors import Unavailable

VERSION: Final = len(MIGRATIONS)
"""Version of the tables that this program works on."""
LEAST_SERVER: Final = 15
VIRTUAL: Final = {False: "marks of a store", True: "marks of a store that is thrown away"}
"""What the comment on the table of marks says, apart from the marks."""

_MIGRATION_LOCK: Final = "SELECT pg_advisory_xact_lock(hashtext('placet migrations'))"
_EXISTS: Final = "SELECT to_regclass(%s) IS NOT NULL"
_MARKS: Final = "SELECT key, value FROM meta"
_MARK: Final = (
    "INSERT INTO meta VALUES (%s, %s) ON CONFLICT (key) DO UPDATE SET value = excluded.value"
)


def create_tables(connections: Connections, *, virtual: bool, durable: bool = True) -> None:
    """Make an empty store, complete or not at all.

    `durable=False` marks a store for tests, which may be kept on a server without fsync. Raises
    Unavailable when the database holds a store already, or anything else under that name.
    """
    with connections.transaction() as connection:
        connection.execute(_MIGRATION_LOCK)
        _require_server(connection, connections.where, durable=durable)
        name = sql.Identifier(PLACE)
        try:
            connection.execute(sql.SQL("CREATE SCHEMA {}").format(name))
        except errors.DuplicateSchema as error:
            raise Unavailable(f"{connections.where} holds a store already.") from error
        for migration in MIGRATIONS:
            connection.execute(migration.encode(), prepare=False)
        marks = {"virtual": _word(virtual), "durable": _word(durable), **_made()}
        for key, value in marks.items():
            connection.execute(_MARK, (key, value))
        connection.execute(sql.SQL("COMMENT ON TABLE meta IS {}").format(VIRTUAL[virtual]))


def store_exists(connections: Connections) -> bool:
    """Whether there is a store of any version. Raises Unavailable."""
    return connections.read(_EXISTS, (f"{PLACE}.meta",)) == [(True,)]


def upgrade_tables(connections: Connections) -> tuple[int, int]:
    """Bring the tables to this program's version; the version before, and the one after.

    All steps are taken in one transaction. Raises Unavailable like `read_store_marks`.
    """
    with connections.transaction() as connection:
        connection.execute(_MIGRATION_LOCK)
        before = _version(_read_marks(connection, connections.where), connections.where)
        for migration in MIGRATIONS[before:]:
            connection.execute(migration.encode(), prepare=False)
        for key, value in _made().items() if before < VERSION else ():
            connection.execute(_MARK, (key, value))
    return before, VERSION


def read_store_marks(connections: Connections) -> Mapping[str, str]:
    """What the store says of itself, once everything is as it must be.

    Raises Unavailable for no store, one that is newer or not yet upgraded, and where a server's
    or the library's setting would let acknowledged events be lost or go unread. Later connections
    to a durable store are looked at one by one, for settings may change.
    """
    with connections.borrow() as connection:
        marks = _read_marks(connection, connections.where)
        durable = marks.get("durable") != "no"
        _require_server(connection, connections.where, durable=durable)
    connections.durable = durable
    if (version := _version(marks, connections.where)) < VERSION:
        raise Unavailable(
            f"The tables of {connections.where} are of version {version}, this program's of"
            f" {VERSION}: run `placet store upgrade` once, with no older program at work."
        )
    return marks


def _made() -> Mapping[str, str]:
    return {"schema": str(VERSION), "program": program_version()}


def _read_marks(connection: Connection[Any], where: str) -> Mapping[str, str]:
    if not _scalar(connection, _EXISTS, f"{PLACE}.meta"):
        raise Unavailable(f"{where} holds no store of Placet: `placet store init` makes one.")
    return dict(connection.execute(_MARKS).fetchall())


def _version(marks: Mapping[str, str], where: str) -> int:
    version = int(marks["schema"])
    if version > VERSION:
        raise Unavailable(
            f"{where} was written by a newer version of Placet, {marks.get('program')}: its format"
            f" is {version}, this program reads up to {VERSION}. Use the newer version."
        )
    return version


def _require_server(connection: Connection[Any], where: str, *, durable: bool) -> None:
    if os.environ.get("POSTGRES_ENABLE_DB_FUNCTIONS", "").lower() in {"y", "yes", "t", "true", "1"}:
        raise Unavailable(
            "POSTGRES_ENABLE_DB_FUNCTIONS is set: in this mode the library eventsourcing lets"
            " followers miss events. Take it out of the environment."
        )
    if connection.info.server_version < LEAST_SERVER * 10_000:
        version = connection.info.parameter_status("server_version")
        raise Unavailable(f"{where} is PostgreSQL {version}; it must be {LEAST_SERVER} or newer.")
    if durable:
        assert_durable(connection, where)


def _scalar(connection: Connection[Any], query: str, value: str) -> Any:
    (found,) = connection.execute(query.encode(), (value,)).fetchone() or (None,)
    return found


def _word(is_so: bool) -> str:
    return "yes" if is_so else "no"
