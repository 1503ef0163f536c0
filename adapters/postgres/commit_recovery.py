"""When the answer to an append was lost: finding out what became of it, before saying anything."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from typing import Final

import psycopg

from adapters.eventstore.columns import Columns
from adapters.postgres.connections import Connections
from adapters.postgres.errors import ConnectionLost
from adapters.postgres.session import Connection
from domain.ports.errors import Unavailable, UnknownCommitOutcome

RECOVERY_SECONDS: Final = 10.0
"""For how many seconds it is tried to reach the server again."""

_END: Final = (
    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = %s"
)
_LIVES: Final = "SELECT 1 FROM pg_stat_activity WHERE application_name = %s"
_HASHES: Final = "SELECT position, hash FROM event WHERE organisation = %s AND position = ANY (%s)"


def resolve_unknown_commit(
    connections: Connections, name: str, rows: Sequence[Columns], error: ConnectionLost
) -> None:
    """Return when exactly these rows are stored. Raises Unavailable when they never will be.

    The connection `name`, on which they were sent, is ended first: what was under way there has
    then been committed, or cannot be any more. So nothing is ever sent twice. Raises Uncertain
    when the server cannot be asked.
    """
    try:
        with closing(connections.separate(RECOVERY_SECONDS)) as connection:
            _end(connection, name)
            kept = _are_stored(connection, rows)
    except (psycopg.Error, Unavailable) as again:
        raise UnknownCommitOutcome(
            f"{error} It could not be found out whether this was recorded:"
            " say the same again, under the same id, and it is recorded once."
        ) from again
    if not kept:
        raise Unavailable(f"{error} Nothing was recorded; try again.") from error


def _end(connection: Connection, name: str) -> None:
    connection.execute(_END, (name,))
    if connection.execute(_LIVES, (name,)).fetchone():
        raise Unavailable("The connection on which it was sent does not end.")


def _are_stored(connection: Connection, rows: Sequence[Columns]) -> bool:
    wanted = {(row[1], row[8]) for row in rows}
    positions = [row[1] for row in rows]
    found = connection.execute(_HASHES, (rows[0][0], positions)).fetchall()
    return set(found) == wanted
