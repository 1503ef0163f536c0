"""A closed loop of clients, each with a connection that is kept, and how long answers take."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from statistics import quantiles
from urllib.parse import urlsplit

from web.http.authentication import COOKIE

LARGEST = 2**22


@dataclass(frozen=True)
class Answers:
    """What some clients were answered within some seconds, and how long each answer took."""

    seconds: float
    taken: list[float]
    status: int
    size: int

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.taken) / self.seconds

    @property
    def p50(self) -> float:
        """The median of the seconds that an answer takes."""
        return self._percentile(50)

    @property
    def p99(self) -> float:
        """The seconds within which 99 of 100 answers come."""
        return self._percentile(99)

    @property
    def tail(self) -> float:
        """How much longer the slowest of a hundred takes than the median."""
        return self.p99 / self.p50

    def _percentile(self, number: int) -> float:
        return quantiles(self.taken, n=100, method="inclusive")[number - 1]


def load(
    address: str, clients: int, seconds: float, etag: str = "", sessions: Sequence[str] = ()
) -> Answers:
    """What so many clients are answered who ask again and again; all answers must be alike.

    They use these sessions by turns, if there are any.
    """
    return asyncio.run(_load(address, clients, seconds, etag, sessions))


async def _load(
    address: str, clients: int, seconds: float, etag: str, sessions: Sequence[str]
) -> Answers:
    found: list[float] = []
    kinds: set[tuple[int, int]] = set()
    began = time.perf_counter()
    await asyncio.gather(
        *(
            _client(address, began + seconds, (etag, cookie), found, kinds)
            for cookie in islice(cycle([*map(cookie_line, sessions)] or [""]), clients)
        )
    )
    status, size = max(kinds) if etag else min(kinds)
    assert {kind for kind, _ in kinds} <= ({200, 304} if etag else {200}), kinds
    return Answers(time.perf_counter() - began, found, status, size)


def cookie_line(session: str) -> str:
    """The line of a request that shows a session."""
    return f"Cookie: {COOKIE}={session}\r\n"


async def _client(
    address: str,
    until: float,
    shows: tuple[str, str],
    found: list[float],
    kinds: set[tuple[int, int]],
) -> None:
    """One client; with an `etag` it has a page already, and remembers a newer one.

    `shows` are its etag, and the line of its session.
    """
    etag, cookie = shows
    place = urlsplit(address)
    reader, writer = await asyncio.open_connection(place.hostname, place.port, limit=LARGEST)
    while time.perf_counter() < until:
        known = f"If-None-Match: {etag}\r\n" if etag else ""
        began = time.perf_counter()
        writer.write(
            f"GET {place.path} HTTP/1.1\r\nHost: {place.netloc}\r\n"
            f"Accept-Language: en\r\n{cookie}{known}\r\n".encode()
        )
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        length = re.search(r"(?i)content-length: (\d+)", head)
        body = await reader.readexactly(int(length[1]) if length else 0)
        found.append(time.perf_counter() - began)
        kinds.add((int(head.split(" ")[1]), len(body)))
        if etag and (newer := re.search(r"(?i)etag: (\S+)", head)):
            etag = newer[1]
    writer.close()
