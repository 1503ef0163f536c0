"""A proxy between the program and its database that cuts a connection at a chosen moment."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

BOUND = b"2"
"""How the server's answer to a statement begins: with the message BindComplete."""
BIND = b"B"
"""How the program sends a statement that the server has prepared: with the message Bind."""


@dataclass
class Proxy:
    """Passes everything on, until it is told to cut; it cuts once, and then passes on again.

    "answer": what the server answers to the next statement is swallowed, so that the program does
    not hear what was done. "question": the next statement is swallowed. "late": the program is
    cut off from its next statement, which reaches the server when `deliver` is called.
    """

    server: int
    port: int = 0
    cuts: int = 0
    _cut: str = ""
    _late: list[tuple[socket.socket, bytes]] = field(default_factory=list)
    _answered: threading.Event = field(default_factory=threading.Event)
    _delivers_to: socket.socket | None = None

    def cut(self, what: str) -> None:
        """Cut at the next statement."""
        self._cut = what

    def deliver(self) -> None:
        """Send the server what was held back, and wait until it has answered or hung up."""
        while self._late:
            there, content = self._late.pop()
            self._answered.clear()
            self._delivers_to = there
            with suppress(OSError):
                there.sendall(content)
                self._answered.wait(10)
            _end(there)

    def accept(self, listening: socket.socket) -> None:
        """Serve until the listening socket is closed."""
        with suppress(OSError):
            while True:
                here, _ = listening.accept()
                try:
                    there = socket.create_connection(("127.0.0.1", self.server))
                except OSError:
                    _end(here)
                    continue
                for entry, other in ((here, there), (there, here)):
                    words = (entry, other, entry is here)
                    threading.Thread(target=self._pass_on, args=words, daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket, asks: bool) -> None:
        with suppress(OSError):
            while content := self._receive(source):
                if self._is_time(content, asks=asks):
                    if self._cut == "late":
                        self._late.append((target, content))
                    else:
                        _end(target if asks else source)
                    self._cut = ""
                    self.cuts += 1
                    _end(source if asks else target)
                    return
                target.sendall(content)
        _end(target)

    def _receive(self, source: socket.socket) -> bytes:
        content = source.recv(65536)
        if source is self._delivers_to:
            self._answered.set()
        return content

    def _is_time(self, content: bytes, *, asks: bool) -> bool:
        if asks:
            return self._cut in {"question", "late"} and content.startswith(BIND)
        return self._cut == "answer" and content.startswith(BOUND)


def _end(entry: socket.socket) -> None:
    with suppress(OSError):
        entry.shutdown(socket.SHUT_RDWR)
    entry.close()


@contextmanager
def proxy(server: int) -> Iterator[Proxy]:
    """A proxy before the server on this port."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        made = Proxy(server, listening.getsockname()[1])
        threading.Thread(target=made.accept, args=(listening,), daemon=True).start()
        yield made
