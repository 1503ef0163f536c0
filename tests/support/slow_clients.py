"""Clients of a web server that are slow in several ways, as many at once as are wanted."""

from __future__ import annotations

import socket
import threading
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

PACE = 0.02
"""Seconds between two bytes of a client that is slow to speak."""
WAYS = ("speaks slowly", "sends a form slowly", "never listens")


@dataclass
class Slow:
    """One of them: what it says byte by byte, and what it has been answered."""

    connection: socket.socket
    words: bytes
    said: int = 0

    def say(self) -> None:
        """One byte more, if there is one left and somebody listens."""
        with suppress(OSError):
            self.said += self.connection.send(self.words[self.said : self.said + 1])


@contextmanager
def slow_clients(address: str, each: int, paths: Sequence[str]) -> Iterator[list[Slow]]:
    """So many of each way; they speak on until the end of the block, and are then hung up."""
    over = threading.Event()
    with ExitStack() as stack:
        clients = [
            _slow(stack, address, manner, paths[n % len(paths)])
            for manner in WAYS
            for n in range(each)
        ]

        def speak() -> None:
            while not over.wait(PACE):
                for client in clients:
                    client.say()

        speaking = threading.Thread(target=speak)
        speaking.start()
        try:
            yield clients
        finally:
            over.set()
            speaking.join()


def _slow(stack: ExitStack, address: str, manner: str, path: str) -> Slow:
    """One of them, connected; it has said at once what it is quick to say."""
    place = urlsplit(address)
    connection = stack.enter_context(socket.socket())
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
    connection.settimeout(10)
    connection.connect((place.hostname or "", place.port or 0))
    head = f"GET {path} HTTP/1.1\r\nHost: {place.netloc}\r\n"
    match manner:
        case "speaks slowly":
            return Slow(connection, f"{head}X-Slow: {'x' * 10_000}\r\n\r\n".encode())
        case "sends a form slowly":
            post = head.replace("GET", "POST") + "Content-Length: 10000\r\n\r\n"
            connection.sendall(post.encode())
            return Slow(connection, b"x" * 10_000)
    connection.sendall(f"{head}\r\n".encode() * 20)
    return Slow(connection, b"")


def fetch(address: str, values: dict[str, Any] | None = None) -> str:
    """A page, or the answer to a form; patience ends after ten seconds."""
    request = urllib.request.Request(address, headers={"Sec-Fetch-Site": "same-origin"})  # noqa: S310
    request.data = urlencode(values, doseq=True).encode() if values else None
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 (loopback)
        page: str = answer.read().decode()
        return page
