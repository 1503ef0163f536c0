"""This machine's clock, compared again and again with that of the database server."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Final

from adapters.eventstore.statements import NEWEST
from adapters.postgres.connections import Connections
from adapters.postgres.session import Connection
from adapters.system_clock import Anchor, lag_behind, uptime
from domain.ports.clock import ClockReading

AGAIN: Final = 10.0
"""Seconds after which the clocks are compared again."""
TIMES: Final = 3
"""How often the server is asked at once."""
_NOW: Final = "SELECT clock_timestamp()"


class PostgresClock:
    """Tells the time of this machine, and how far it is from the database server's.

    All processes on one database are compared with one clock, on whatever machine they run.
    """

    def __init__(self, connections: Connections, *, virtual: bool = False) -> None:
        self.own = Anchor.now()
        self._connections, self._lock, self._virtual = connections, Lock(), virtual
        self._compared: Anchor | None = None
        self._offset = timedelta(0)

    def read(self) -> ClockReading:
        """The time now, with the offset of the clock. Raises Unavailable.

        Where somebody has set this clock since it was compared, that counts at once.
        """
        with self._lock:
            compared, offset = self._compared_lately(), self._offset
        newest, at = self._newest(), datetime.now(UTC)
        off = max(offset + compared.adjustment_until(at), lag_behind(newest, at), key=abs)
        return ClockReading(at, off // timedelta(milliseconds=1))

    def _newest(self) -> datetime | None:
        """When the newest event was recorded; None for none, and where time is simulated."""
        if self._virtual:
            return None
        ((newest,),) = self._connections.read(NEWEST)
        return datetime.fromisoformat(newest) if newest else None

    def _compared_lately(self) -> Anchor:
        """When the clocks were compared: just now, or not long ago."""
        if self._compared is None or uptime() - self._compared.running >= AGAIN:
            self._compared = self._compare()
        return self._compared

    def _compare(self) -> Anchor:
        """Of a few answers the fastest counts; it was given half-way between two moments here."""
        with self._connections.borrow() as connection:
            compared = Anchor.now()
            _, self._offset = min(_measure_offset(connection) for _ in range(TIMES))
        return compared


def _measure_offset(connection: Connection) -> tuple[timedelta, timedelta]:
    """How long an answer took, and how far this clock is from the server's."""
    before = datetime.now(UTC)
    ((there,),) = connection.execute(_NOW).fetchall()
    took = datetime.now(UTC) - before
    return took, before + took / 2 - there
