"""Connections to the server: how many there may be, and for how long one may say nothing."""

from __future__ import annotations

import asyncio
import socket
import sys
from contextlib import suppress
from typing import Final

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

KEEP_ALIVE_SECONDS: Final = 310
"""Seconds for which a connection may say nothing before its next request begins.

The other side should end it first, since a form is lost that is sent at the moment in which
we do: Caddy keeps idle connections for 120 seconds, nginx for 60, Chromium for 300, Firefox for
115, each unless it is told otherwise.
"""
HEAD_SECONDS: Final = 10.0
"""Seconds for which the head of a request may take to arrive, once it has begun."""
LISTENING: Final = 30.0
"""Seconds for which somebody may take nothing of an answer that waits."""
MOST: Final = 4096
"""How many connections there may be at most."""
RESERVE: Final = 128
"""File descriptors that are kept for the store, and for whatever else the program opens."""
LEAST: Final = 16
SWEEP: Final = 1.0


def room() -> int:
    """How many connections the operating system lets this process have; asks for all it may give.

    The soft limit of file descriptors is raised to the hard one, up to what is of use here.
    """
    if sys.platform == "win32":
        return MOST
    import resource  # noqa: PLC0415 (there is none on Windows)

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST + RESERVE
    if hard != resource.RLIM_INFINITY:
        wanted = min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
            soft = wanted
    files = MOST + RESERVE if soft == resource.RLIM_INFINITY else soft
    return max(LEAST, min(MOST, files - RESERVE))


def protocol(most: int) -> type[asyncio.Protocol]:
    """What uvicorn makes for each connection, of which there may be so many."""
    doors = _Doors(most)

    class Connection(_Connection):
        """One connection among these."""

        _doors = doors

    return Connection


class _Connection(H11Protocol):
    """A connection that answers at once, and is ended when it is silent for too long."""

    _doors: _Doors

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take it in. Each answer leaves at once: nobody waits for a packet to fill."""
        self.since = self.loop.time()
        self.idle = True
        self.unsent = 0
        super().connection_made(transport)
        connection = transport.get_extra_info("socket")
        with suppress(OSError):
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._doors.enter(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """Let it go."""
        self._doors.leave(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take in what was said; with the first byte of a request it idles no more."""
        idled = self.idle
        super().data_received(data)
        if idled or self._idles():
            self._restart()
        elif not self.silent:
            self._doors.sort(self)

    def on_response_complete(self) -> None:
        """From now on it is idle again, unless it has said more already."""
        super().on_response_complete()
        self._restart()

    def _restart(self) -> None:
        self.since, self.idle = self.loop.time(), self._idles()
        self._doors.sort(self)

    def _idles(self) -> bool:
        """Whether all that was said is answered."""
        return self.silent and self.conn.their_state is h11.IDLE and not self.conn.trailing_data[0]

    @property
    def silent(self) -> bool:
        """Whether no request is here, or not even its head."""
        return bool(getattr(self.cycle, "response_complete", True))

    @property
    def loss(self) -> int:
        """How much is lost when it is ended: nothing where no request is here (0), half a request
        or the rest of an answer (1), the answer to a reader (2), what somebody sent (3)."""
        if self.silent:
            return 0
        if self.cycle.response_started or self.cycle.more_body:
            return 1
        return 3 if self.scope["method"] == "POST" else 2

    def overdue(self, now: float) -> bool:
        """Whether it has been waited for long enough: for a request, or for somebody to listen."""
        waiting = self.transport.get_write_buffer_size()
        if waiting:
            if waiting != self.unsent:
                self.unsent, self.since = waiting, now
            return now - self.since > LISTENING
        self.unsent = 0
        if not self.silent:
            return False
        return now - self.since > (KEEP_ALIVE_SECONDS if self.idle else HEAD_SECONDS)


class _Doors:
    """All connections of a server. When there is no room, the one goes that is missed least.

    Of those the one that has been so for longest; nobody who has sent a form is sent away.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._inside: dict[_Connection, None] = {}
        self._silent: dict[_Connection, None] = {}
        """Those of which no request is here, in the order in which they became so."""
        self._sweeping: asyncio.TimerHandle | None = None

    def enter(self, connection: _Connection) -> None:
        """Take one in, and send another away where there are too many."""
        if len(self._inside) >= self._most:
            self._end(next(iter(self._silent), None) or self._least_missed() or connection)
        if not connection.transport.is_closing():
            self._inside[connection] = self._silent[connection] = None
        if self._sweeping is None:
            self._sweeping = connection.loop.call_later(SWEEP, self._sweep, connection.loop)

    def _least_missed(self) -> _Connection | None:
        """Among those of which a request is here; None where all have sent a form."""
        found = min(self._inside, key=lambda other: (other.loss, other.since), default=None)
        return found if found and found.loss < 3 else None

    def sort(self, connection: _Connection) -> None:
        """It has begun to be silent, or to speak."""
        self._silent.pop(connection, None)
        if connection.silent and connection in self._inside:
            self._silent[connection] = None

    def leave(self, connection: _Connection) -> None:
        """It has ended."""
        self._inside.pop(connection, None)
        self._silent.pop(connection, None)

    def _sweep(self, loop: asyncio.AbstractEventLoop) -> None:
        """End those that are overdue, again and again while there are any connections."""
        now = loop.time()
        for connection in [other for other in self._inside if other.overdue(now)]:
            self._end(connection)
        self._sweeping = loop.call_later(SWEEP, self._sweep, loop) if self._inside else None

    def _end(self, connection: _Connection) -> None:
        self.leave(connection)
        connection.transport.abort()
