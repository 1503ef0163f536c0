"""Connections to the server: how many there may be, and for how long one may say nothing."""

from __future__ import annotations

import asyncio
import socket
import sys
from contextlib import suppress
from typing import Final

from uvicorn.protocols.http.h11_impl import H11Protocol

IDLE_SECONDS: Final = 10.0
"""Seconds for which a connection may be silent before its request is here."""
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

    def on_response_complete(self) -> None:
        """From now on it is idle again."""
        self.since = self.loop.time()
        super().on_response_complete()

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
        return self.silent and now - self.since > IDLE_SECONDS


class _Doors:
    """All connections of a server. When there is no room, the one goes that is missed least.

    Of those the one that has been so for longest; nobody who has sent a form is sent away.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._inside: dict[_Connection, None] = {}
        self._sweeping: asyncio.TimerHandle | None = None

    def enter(self, connection: _Connection) -> None:
        """Take one in, and send another away where there are too many."""
        self._inside[connection] = None
        if len(self._inside) > self._most:
            others = [(other.loss, other.since, n) for n, other in enumerate(self._inside)]
            loss, _, number = min(others[:-1], default=(3, 0.0, 0))
            self._end([*self._inside][number] if loss < 3 else connection)
        if self._sweeping is None:
            self._sweeping = connection.loop.call_later(SWEEP, self._sweep, connection.loop)

    def leave(self, connection: _Connection) -> None:
        """It has ended."""
        self._inside.pop(connection, None)

    def _sweep(self, loop: asyncio.AbstractEventLoop) -> None:
        """End those that are overdue, again and again while there are any connections."""
        now = loop.time()
        for connection in [other for other in self._inside if other.overdue(now)]:
            self._end(connection)
        self._sweeping = loop.call_later(SWEEP, self._sweep, loop) if self._inside else None

    def _end(self, connection: _Connection) -> None:
        self.leave(connection)
        connection.transport.abort()
