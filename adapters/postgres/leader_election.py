"""One process leads: it alone follows the log, until it ends; then another one does.

The lead is an advisory lock of a session, so it ends with the process, however that ends. Nothing
that is kept depends on it, as rows are kept only by a process that knows where they end.
"""

from __future__ import annotations

from contextlib import suppress
from threading import Lock
from typing import Final

import psycopg

from adapters.postgres.connections import Connections
from adapters.postgres.session import Connection
from domain.ports.errors import Unavailable

_TAKE: Final = "SELECT pg_try_advisory_lock(hashtext('placet follower'))"
_STILL: Final = "SELECT true"
_KEEP_ALIVE: Final = (
    "SET tcp_keepalives_idle = 10",
    "SET tcp_keepalives_interval = 5",
    "SET tcp_keepalives_count = 3",
)
"""So the server finds out within half a minute that a whole machine is gone."""


class PostgresLeaderElection:
    """The lead among all processes on one database, on a connection of its own."""

    def __init__(self, connections: Connections) -> None:
        self._connections, self._lock = connections, Lock()
        self._connection: Connection | None = None
        self.is_leader = False
        """Whether this process had the lead when it looked last."""

    def try_lead(self) -> bool:
        """Whether this process leads; it takes the lead when nobody has it. Raises Unavailable."""
        with self._lock:
            try:
                with self._connections.translate_errors(self._connection):
                    connection = self._ready()
                    query = _STILL if self.is_leader else _TAKE
                    self.is_leader = connection.execute(query).fetchone() == (True,)
            except Unavailable:
                self._end()
                raise
            return self.is_leader

    def close(self) -> None:
        """Leave the lead to another process."""
        with self._lock:
            self._end()

    def _ready(self) -> Connection:
        if self._connection is None:
            self._connection = self._connections.separate(0.0)
            for setting in _KEEP_ALIVE:
                self._connection.execute(setting)
        return self._connection

    def _end(self) -> None:
        self.is_leader = False
        if self._connection is not None:
            with suppress(psycopg.Error):
                self._connection.close()
        self._connection = None
