"""Papers between the form and its confirmation: scans and mails that a response will cite."""

from __future__ import annotations

from threading import Lock
from typing import Final

from domain.canonical import digest

LARGEST: Final = 15 * 1024 * 1024
"""How many bytes one file may have."""
ROOM: Final = 8 * LARGEST


class EvidenceBuffer:
    """Holds files in memory, by their SHA-256; the oldest go when there is no more room.

    Nothing of the record is here: a file is kept with the response that cites it, once that is
    confirmed. One that is gone before is asked for again.
    """

    def __init__(self, room: int = ROOM) -> None:
        self._room, self._held = room, dict[str, bytes]()
        self._lock = Lock()

    def add(self, file: bytes) -> str:
        """Hold a file until its response is confirmed; its SHA-256."""
        name = digest(file)
        with self._lock:
            self._held.pop(name, None)
            while self._held and sum(map(len, self._held.values())) + len(file) > self._room:
                del self._held[next(iter(self._held))]
            self._held[name] = file
        return name

    def get(self, name: str) -> bytes | None:
        """The file with this SHA-256, while it is held."""
        with self._lock:
            return self._held.get(name)
