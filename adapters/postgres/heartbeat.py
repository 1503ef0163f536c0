"""When a store on PostgreSQL was served, by whichever processes; told by the server's clock."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import uuid4

from adapters.heartbeat_history import FRESH_SECONDS, KEPT_TIMES, longest_gap
from adapters.postgres.connections import Connections
from adapters.system_clock import Anchor

_GO_ON: Final = (
    "UPDATE served SET ended = clock_timestamp() WHERE process = %s"
    " AND ended > clock_timestamp() - %s AND ended <= clock_timestamp()"
)
_BEGIN: Final = "INSERT INTO served VALUES (%s, clock_timestamp(), clock_timestamp())"
_FORGET: Final = "DELETE FROM served WHERE ended < clock_timestamp() - %s"
_LAST: Final = "SELECT max(ended) FROM served"
_TIMES: Final = "SELECT begun, ended FROM served WHERE ended >= %s"


class PostgresHeartbeat:
    """The rows that each serving process writes again and again. They are no part of the record."""

    def __init__(self, connections: Connections) -> None:
        self._connections, self._process = connections, uuid4().hex

    def beat(self, anchor: Anchor, now: datetime) -> None:  # noqa: ARG002 (the server tells it)
        """Note that this process serves the store now."""
        with self._connections.borrow() as connection:
            served = connection.execute(_GO_ON, (self._process, timedelta(seconds=FRESH_SECONDS)))
            if not served.rowcount:
                connection.execute(_FORGET, (KEPT_TIMES,))
                connection.execute(_BEGIN, (self._process,))

    def served_at(self) -> datetime | None:
        """When the store was served last (UTC), as far as that is remembered."""
        ((found,),) = self._connections.read(_LAST, ())
        last: datetime | None = found
        return last

    def longest_gap(self, since: datetime, until: datetime) -> timedelta:
        """The longest time between two moments (UTC) in which nobody served the store."""
        found = self._connections.read(_TIMES, (since,))
        return longest_gap([(begun, ended) for begun, ended in found], since, until)
