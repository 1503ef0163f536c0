"""A process of its own that gives orders to a store from several threads until it is killed."""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from multiprocessing.process import BaseProcess
from random import Random
from threading import Lock

from adapters.store_factory import open_store
from domain.actors import Actor, Role
from domain.documents.commands import RegisterDocument
from domain.messages import Order
from story import NOON, ORGANISATION
from wiring import Placet, Quiet

PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["wiring", "adapters.postgres.store"])
THREADS = 4
EVENTS = 2
"""How many events each of these orders causes: a document, and its symbol."""

Tell = Callable[[str], None]


def order(name: str) -> Order:
    """Register a document of this name; two events in two streams, or none."""
    return Order(
        command=RegisterDocument(document=name, symbol=f"B/{name}/1", type="report", body="b"),
        command_id=name,
        actor=Actor(role=Role.SECRETARIAT),
        at=NOON,
        received_at=NOON,
    )


def confirm_after(placet: Placet, name: str, tell: Tell) -> None:
    """Say that it is done once it is."""
    placet.handling.handle(ORGANISATION, order(name))
    tell(name)


def confirm_before(placet: Placet, name: str, tell: Tell) -> None:
    """Say that it is done before it is: what no program may do."""
    tell(name)
    placet.handling.handle(ORGANISATION, order(name))


@dataclass(frozen=True)
class Pace:
    """How a process goes about it: orders to repeat first; seconds of rest between two orders of
    its one thread, or none and four threads; and whether it says too early that it is done.
    """

    again: Sequence[str] = ()
    rest: float = 0.0
    early: bool = False


def give_orders(place: str, name: str, out: int, manner: Pace) -> None:
    """Give orders to a store without end; each is told on the handle `out`."""
    placet = Placet(open_store(place), Quiet())
    do, telling = (confirm_before if manner.early else confirm_after), Lock()

    def tell(done: str) -> None:
        with telling:
            os.write(out, f"{done}\n".encode())

    def go_on(thread: int) -> None:
        for number in count():
            do(placet, f"{name}.{thread}.{number}", tell)
            time.sleep(manner.rest)

    for entry in manner.again:
        do(placet, entry, tell)
    threads = 1 if manner.rest else THREADS
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(go_on, range(threads)))


class CommandingProcess:
    """Such a process, and what it has told so far."""

    def __init__(self, place: str, name: str, manner: Pace | None = None) -> None:
        self.name, self.acknowledged = name, list[str]()
        self._in, out = os.pipe()
        self._rest = b""
        words = (place, name, _Handle(out), manner or Pace())
        self._process: BaseProcess = PROCESSES.Process(target=_begin, args=words)
        self._process.start()
        os.close(out)

    def read_answers(self, most: int) -> None:
        """Listen until it has told so many in all, or has ended."""
        while len(self.acknowledged) < most and self._receive():
            pass

    def kill(self) -> None:
        """Kill it by signal 9, and hear what it still had told."""
        self._process.kill()
        while self._receive():
            pass
        os.close(self._in)
        self._process.join()

    def unanswered(self) -> list[str]:
        """Of which orders it had no answer: the next one of each thread, at most."""
        found = {*self.acknowledged}
        threads = [f"{self.name}.{thread}" for thread in range(THREADS)]
        return [
            next(name for n in count() if (name := f"{thread}.{n}") not in found)
            for thread in threads
        ]

    def _receive(self) -> bool:
        content = os.read(self._in, 65536)
        *lines, self._rest = (self._rest + content).split(b"\n")
        self.acknowledged += [text_line.decode() for text_line in lines]
        return bool(content)


def _begin(place: str, name: str, out: _Handle, manner: Pace) -> None:
    with suppress(BrokenPipeError):
        give_orders(place, name, out.handle, manner)


class _Handle:
    """A handle that goes along to another process."""

    def __init__(self, handle: int) -> None:
        self.handle = handle

    def __reduce__(self) -> tuple[object, ...]:
        return _received, (multiprocessing.reduction.DupFd(self.handle),)


def _received(entry: object) -> _Handle:
    return _Handle(entry.detach())  # type: ignore[attr-defined]


def moments(seed: int, rounds: int) -> list[tuple[int, float]]:
    """After how many answers, and how many seconds more, each round ends."""
    chance = Random(seed)  # noqa: S311 (when to kill)
    return [(chance.randrange(1, 110), chance.random() / 100) for _ in range(rounds)]
