"""Lives carried out by the real handling, by one client or by many, and what that took."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass

from adapters.store_factory import AnyStore
from domain.messages import Order
from domain.streams import Stream, StreamKind
from tests.bench import agenda_life, slow_disk
from wiring import Placet, Quiet

ORGANISATION = "org"
STEPS = 16
EVENTS = 18
"""Of one life: some steps concern the window and the agenda."""


class Watch:
    """What is put around the steps that are measured: nothing, unless their instructions count."""

    around: Callable[[], AbstractContextManager[object]] = nullcontext


@dataclass(frozen=True)
class Taken:
    """What some steps took: wall time and processor time of this process, in seconds, and fsyncs.

    Fsyncs are counted on a disk of known speed only.
    """

    steps: int
    seconds: float
    cpu: float
    syncs: int = 0

    @property
    def rate(self) -> float:
        """Steps a second."""
        return self.steps / self.seconds

    @property
    def cpu_per_step(self) -> float:
        """Seconds of processor time."""
        return self.cpu / self.steps

    @property
    def syncs_per_step(self) -> float:
        """Fsyncs of this process and of the server of its database."""
        return self.syncs / self.steps


def timed(steps: int, work: Callable[[], object]) -> Taken:
    """What it takes to do this."""
    syncs, began, cpu = slow_disk.calls(), time.perf_counter(), time.process_time()
    with Watch.around():
        work()
    seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    return Taken(steps, seconds, cpu, slow_disk.calls() - syncs)


class Lives:
    """A store with agendas that have been started, and their steps, ready to be carried out."""

    def __init__(self, store: AnyStore, *, clients: int, each: int) -> None:
        self.placet = Placet(store, Quiet())
        self.history = store.history(ORGANISATION)
        names = [[f"c{client}-{n}" for n in range(each)] for client in range(clients)]
        self._do(agenda_life.setting())
        self.names = [name for some in names for name in some]
        for name in self.names:
            self._do(agenda_life.beginning(name))
        self.clients = [
            [step for name in some for step in agenda_life.steps(name)] for some in names
        ]
        self.before = self.history.last_position()

    def carry_out(self) -> Taken:
        """All clients at once, each its own lives one after the other; all is looked at after."""
        threads = [threading.Thread(target=self._do, args=(some,)) for some in self.clients]
        steps = sum(map(len, self.clients))
        if len(threads) == 1:
            taken = timed(steps, lambda: self._do(self.clients[0]))
        else:
            taken = timed(steps, lambda: _all(threads))
        self.check()
        return taken

    def carry_out_alone(self) -> int:
        """The steps of the first client, on this thread; how many these were."""
        self._do(self.clients[0])
        return len(self.clients[0])

    def check(self) -> None:
        """Every event is there, and every agenda has come to its end."""
        events = self.history.last_position() - self.before
        assert EVENTS * len(self.names) == events, f"{events} events of {len(self.names)} lives"
        world = self.placet.handling.decision_context(self.history)
        for name in self.names:
            agenda = world.state(Stream(StreamKind.AGENDA, name))
            assert agenda.report_adopted is not None, f"{name} stands at {agenda.stage}"

    def _do(self, orders: Iterator[Order] | Sequence[Order]) -> None:
        for order in orders:
            self.placet.handling.handle(ORGANISATION, order)


def _all(threads: Sequence[threading.Thread]) -> None:
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@contextmanager
def lives(store: AnyStore, *, clients: int = 1, each: int) -> Iterator[Lives]:
    """Lives in a new store, which is closed afterwards."""
    made = Lives(store, clients=clients, each=each)
    try:
        yield made
    finally:
        made.placet.close()
