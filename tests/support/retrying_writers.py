"""Writers who give the same order again until it is answered, while their database is stopped."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import count

from adapters.postgres.store import PostgresStore
from domain.ports.errors import Unavailable
from process_issuing_commands import EVENTS, order
from story import ORGANISATION
from wiring import Placet, Quiet

WRITERS = 4


@dataclass
class RetryingWriters:
    """What was answered, and what was said instead where it was not."""

    answered: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    repeated: int = 0
    """How many were recorded already when they were said again."""
    done: threading.Event = field(default_factory=threading.Event)

    def write(self, placet: Placet, writer: int) -> None:
        """Give one order after another; the next one only when the last was answered."""
        for number in count():
            while not self.done.is_set() and not self._answered(placet, f"{writer}.{number}"):
                time.sleep(0.02)
            if self.done.is_set():
                return

    def wait_for(self, more: int) -> None:
        """Until so many more have been answered, and half a minute at most."""
        wanted, until = len(self.answered) + more, time.monotonic() + 30
        while len(self.answered) < wanted and time.monotonic() < until:
            time.sleep(0.005)

    def lost(self, stored: Sequence[str]) -> set[str]:
        """What was answered and is not there."""
        return {*self.answered} - {*stored}

    def _answered(self, placet: Placet, name: str) -> bool:
        try:
            answer = placet.handling.handle(ORGANISATION, order(name))
        except Unavailable as error:
            self.failures.append(str(error))
            return False
        self.repeated += answer.repeated
        self.answered.append(name)
        return True


@contextmanager
def retrying_writers(url: str) -> Iterator[RetryingWriters]:
    """Four writers at work, each with a store of its own, as four processes would have."""
    said = RetryingWriters()
    with ExitStack() as stack:
        stores = [stack.enter_context(PostgresStore.open(url)) for _ in range(WRITERS)]
        pool = stack.enter_context(ThreadPoolExecutor(WRITERS))
        stack.callback(said.done.set)
        writing = [
            pool.submit(said.write, Placet(store, Quiet()), n) for n, store in enumerate(stores)
        ]
        yield said
        said.done.set()
        for entry in writing:
            entry.result()


def stored(url: str) -> list[str]:
    """The commands that are there, each whole, and once."""
    with PostgresStore.open(url) as store:
        assert () == store.check().faults
        log = store.history(ORGANISATION).since(0, 100_000)
    ids = [event.command_id for event in log if not event.command_id.startswith("act-")]
    once = [*dict.fromkeys(ids)]
    assert [name for name in once for _ in range(EVENTS)] == ids
    return once
