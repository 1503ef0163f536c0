"""The keys of sealed texts: one for each event, kept beside the log and never in it.

Keys are made in blocks, ahead of need: a response never waits for a key to reach the disk, and
none is used that has not. What is left of a block when its process ends is never used.
"""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping
from threading import Lock
from typing import Final

from msgspec import Struct

FIRST_BLOCK: Final = 8
"""How many keys a process makes at first; each time twice as many as before."""
LARGEST_BLOCK: Final = 1024

_REFERENCE: Final = 8
_CHANCE: Final = _REFERENCE + 32
"""Bytes of the reference of a key, and of both together."""


class TextKey(Struct, frozen=True):
    """A key of 256 bits, under the reference by which events name it."""

    id: str
    secret: bytes


class TextKeys(ABC):
    """The keys of one store; every method raises Unavailable where they cannot be used."""

    def __init__(self) -> None:
        self._ready: list[TextKey] = []
        self._block = FIRST_BLOCK
        self._lock = Lock()

    def take(self) -> TextKey:
        """An unused key that is stored durably."""
        with self._lock:
            if not self._ready:
                made = _new_keys(self._block)
                self.keep({key.id: key.secret for key in made})
                self._ready = made
                self._block = min(2 * self._block, LARGEST_BLOCK)
            return self._ready.pop()

    @abstractmethod
    def find(self, ids: Collection[str]) -> Mapping[str, bytes | None]:
        """The keys that are known of these; None for one that was destroyed."""

    @abstractmethod
    def keep(self, keys: Mapping[str, bytes | None]) -> None:
        """Store keys durably, and which keys were destroyed.

        A key that was destroyed here stays so.
        """

    @abstractmethod
    def destroy(self, ids: Collection[str]) -> None:
        """Destroy these keys for good, so that no file or table of the store holds them."""

    @abstractmethod
    def erased_until(self, organisation: str) -> int:
        """The position up to which the erasures of an organisation were carried out; 0 for none."""

    @abstractmethod
    def set_erased_until(self, organisation: str, position: int) -> None:
        """Remember that they were, up to a position."""

    @abstractmethod
    def close(self) -> None:
        """Close what is open; a later use opens it again."""


def _new_keys(number: int) -> list[TextKey]:
    """So many keys, from one reading of the system's randomness."""
    chance = os.urandom(number * _CHANCE)
    parts = [chance[start : start + _CHANCE] for start in range(0, len(chance), _CHANCE)]
    return [TextKey(part[:_REFERENCE].hex(), part[_REFERENCE:]) for part in parts]
