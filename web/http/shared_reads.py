"""One read of the store for all requests that wait for the same one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Generic, TypeVar

FoundT = TypeVar("FoundT")


class SharedReads(Generic[FoundT]):
    """Reads in a thread, and tells everybody who came before the read began.

    Who comes while a read runs gets the next: nobody is told what was true before coming.
    """

    def __init__(self, read: Callable[[str], FoundT]) -> None:
        self._read = read
        self._running: dict[str, asyncio.Task[FoundT]] = {}
        self._next: dict[str, asyncio.Task[FoundT]] = {}

    async def get(self, name: str) -> FoundT:
        """What a read under this name finds, begun from now on. Raises what the read raises."""
        if name not in self._next:
            self._next[name] = asyncio.create_task(self._run(name))
        return await asyncio.shield(self._next[name])

    async def _run(self, name: str) -> FoundT:
        """Read once, after the read that runs now; from then on who comes gets another."""
        if running := self._running.get(name):
            await asyncio.wait([running])
        self._running[name] = self._next.pop(name)
        try:
            return await asyncio.get_running_loop().run_in_executor(None, self._read, name)
        finally:
            del self._running[name]
