"""Whether the database is a standby, and up to when what its primary committed is here."""

from __future__ import annotations

import time
from threading import Lock
from typing import Final

from adapters.postgres.connections import Connections
from domain.ports.store import Standby

AGAIN: Final = 1.0
"""Seconds after which the server is asked again: pages and loops ask more often than that."""

_STATE: Final = "SELECT pg_is_in_recovery(), pg_last_xact_replay_timestamp()"


class StandbyReader:
    """Tells of one database whether it can only be read; a promoted standby is found out.

    A server that serves the primary commits something each second, when it notes that it does.
    So the last replayed commit tells how far this copy is behind, also while nobody acts.
    """

    def __init__(self, connections: Connections) -> None:
        self._connections, self._lock = connections, Lock()
        self._read_at = float("-inf")
        self._found: Standby | None = None

    def read(self) -> Standby | None:
        """The state of a standby; None for a server that can be written to. Raises Unavailable."""
        with self._lock:
            if time.monotonic() - self._read_at >= AGAIN:
                ((in_recovery, replayed),) = self._connections.read(_STATE)
                self._found = Standby(replayed_at=replayed) if in_recovery else None
                self._read_at = time.monotonic()
            return self._found
