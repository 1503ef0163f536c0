"""Folded states that a cache lends to those who only read, while it goes on with the log."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from domain.rules import RulePack
from domain.state_cache import SMALL, CachedState, StateCache
from domain.streams import Stream


class LentStates:
    """What a cache knows, for the decision context of a reader; see `CommandQueue.lend`.

    The cache may go on while a reader looks: a state then stands at a later position than that at
    which it was lent, never at an earlier one, as if the reader had looked into the log.
    `give_back` is told of each state that the reader had to read for itself.

    No lock is taken: each look is one operation of a dictionary, and `StateCache.replace` moves
    its head after all states. A lock would make readers and the thread that appends wait for each
    other at each look.
    """

    def __init__(self, cache: StateCache, give_back: Callable[[Stream, CachedState], None]) -> None:
        self._cache, self._give_back = cache, give_back

    @property
    def packs(self) -> dict[str, RulePack]:
        """Rule packs by their SHA-256."""
        return self._cache.packs

    def state(self, stream: Stream) -> CachedState | None:
        """Version and state of a stream, where they are known."""
        return self._cache.peek(stream)

    def stage(self, stream: Stream, version: int, state: Any) -> None:
        """Give back a state that was read."""
        self._give_back(stream, (version, state))

    def content(self, digest: str) -> bytes | None:
        """The bytes with this SHA-256, where they are known."""
        return self._cache.peek_content(digest)

    def stage_content(self, digest: str, content: bytes) -> None:
        """Know a content from now on, unless it is large; its hash binds it for ever."""
        if len(content) <= SMALL:
            self._cache.keep_contents({digest: content})
