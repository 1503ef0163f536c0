"""Requests that wait for the same read of the store share one, and none is told what was before."""

from __future__ import annotations

import asyncio
import threading

import pytest

from domain.ports.errors import Unavailable
from web.http.shared_reads import SharedReads


class Counter:
    """A store that moves on with each read, and may be slow or fail."""

    def __init__(self) -> None:
        self.reads, self.goes_on = 0, threading.Event()
        self.begun = threading.Event()
        self.goes_on.set()
        self.fails = False

    def read(self, name: str) -> str:
        self.reads += 1
        found = f"{name} {self.reads}"
        self.begun.set()
        self.goes_on.wait(10)
        if self.fails:
            raise Unavailable("the disk is full")
        return found


async def come(reads: SharedReads[str], name: str, number: int) -> list[asyncio.Task[str]]:
    """So many requests that now wait."""
    tasks = [asyncio.create_task(reads.get(name)) for _ in range(number)]
    await asyncio.sleep(0)
    return tasks


def test_who_comes_during_a_read_gets_the_next_and_shares_it() -> None:
    """The control: who comes before it shares the first; another organisation has its own."""
    store = Counter()
    reads = SharedReads(store.read)

    async def story() -> list[str]:
        store.goes_on.clear()
        first = await come(reads, "un", 3)
        await asyncio.to_thread(store.begun.wait, 10)
        during = await come(reads, "un", 10)
        assert 1 == store.reads
        store.goes_on.set()
        found = await asyncio.gather(*first, *during)
        return [*found, await reads.get("fiction")]

    assert ["un 1"] * 3 + ["un 2"] * 10 + ["fiction 3"] == asyncio.run(story())


def test_each_who_waits_hears_of_a_failure_and_the_next_read_is_a_new_one() -> None:
    store = Counter()
    reads = SharedReads(store.read)

    async def story() -> str:
        store.fails = True
        for task in await come(reads, "un", 3):
            with pytest.raises(Unavailable):
                await task
        store.fails = False
        return await reads.get("un")

    assert "un 2" == asyncio.run(story())


def test_somebody_who_goes_away_takes_the_read_from_nobody() -> None:
    store = Counter()
    reads = SharedReads(store.read)

    async def story() -> list[str]:
        store.goes_on.clear()
        first, *others = await come(reads, "un", 3)
        first.cancel()
        store.goes_on.set()
        return await asyncio.gather(*others)

    assert ["un 1"] * 2 == asyncio.run(story())
