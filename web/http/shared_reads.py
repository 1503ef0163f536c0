"""One read of the store for all requests that wait for the same one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Generic, TypeVar

from starlette.concurrency import run_in_threadpool

FoundT = TypeVar("FoundT")


class SharedReads(Generic[FoundT]):
    """Reads in a thread, and tells everybody who asked before the read began.

    Who asks while one is under way gets the next: nobody is told what was true before asking.
    """

    def __init__(self, read: Callable[[str], FoundT]) -> None:
        self._read = read
        self._next: dict[str, asyncio.Future[FoundT]] = {}
        self._reading: dict[str, asyncio.Task[None]] = {}

    async def get(self, name: str) -> FoundT:
        """What a read under this name finds, begun from now on. Raises what the read raises."""
        if name not in self._next:
            self._next[name] = asyncio.get_running_loop().create_future()
        if name not in self._reading:
            self._reading[name] = asyncio.create_task(self._serve(name))
        return await asyncio.shield(self._next[name])

    async def _serve(self, name: str) -> None:
        """Read, again and again while there is somebody who asked meanwhile."""
        try:
            while waiting := self._next.pop(name, None):
                try:
                    waiting.set_result(await run_in_threadpool(self._read, name))
                except Exception as error:  # noqa: BLE001 (each who asked handles it)
                    waiting.set_exception(error)
        finally:
            del self._reading[name]
