"""A process of its own in a race around deadlines: the silence clock, or one that objects.

The store, its rules, the silence clock and the processes are real; the time is not. Each window
has a deadline of its own, and all processes see the same time, counted from one moment of the
machine: at real speed for 20 ms around the deadline, then so fast that the grace is over after
20 ms more, then on to the next window. A process may have a clock that is some ms off. Between
its decision and its append each process rests for a moment, as on a busy machine, so that many
decisions are stale when they come to be recorded.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from msgspec import structs

from adapters.eventstore.event_store import StoredHistory
from adapters.store_factory import open_store
from domain.actors import Actor, Role
from domain.messages import Order
from domain.ports.errors import Unavailable
from domain.rules import Refused
from domain.silence.commands import Respond
from simulated_workers import unfenced
from wiring import Placet, Quiet
from workflows.processes import silence_clock

ORGANISATION = "fictional"
GRACE = timedelta(seconds=61)
BEFORE, AROUND, RUSH, EACH = 0.010, 0.020, 0.020, 0.075
"""Seconds of the machine: before the deadline, at real speed, until the grace is over, in all."""
TICK = 0.0005
"""Seconds of the machine between two looks of the silence clock."""
REST = 0.003
"""Seconds of the machine between a decision and its append."""


def virtual(end: datetime, passed: float) -> datetime:
    """The time around this deadline, when so many seconds have passed for its window."""
    slow = min(passed, AROUND)
    fast = max(passed - AROUND, 0.0) * GRACE.total_seconds() / RUSH
    return end + timedelta(seconds=slow - BEFORE + fast)


def rested(append: Callable[..., Any]) -> Callable[..., Any]:
    """The same append, after a rest."""

    def after_a_rest(*values: Any) -> Any:
        time.sleep(REST)
        return append(*values)

    return after_a_rest


@dataclass
class Racer:
    """One process: its store, its clock, and how far that is off."""

    placet: Placet
    start: float
    skew_ms: int

    def now(self, number: int, end: datetime) -> datetime:
        """What this process takes for the time."""
        passed = time.monotonic() - self.start - number * EACH
        return virtual(end, passed) + timedelta(milliseconds=self.skew_ms)

    def wait(self, number: int, passed: float) -> None:
        """Sleep until so many seconds have passed for this window."""
        left = self.start + number * EACH + passed - time.monotonic()
        if left > 0:
            time.sleep(left)

    def close(self, windows: Sequence[tuple[str, datetime]]) -> None:
        """Be the silence clock: look at each window while it is its turn."""
        history = self.placet.store.history(ORGANISATION)
        for number, (name, end) in enumerate(windows):
            self.wait(number, 0.0)
            while time.monotonic() < self.start + (number + 1) * EACH:
                silence_clock.record_due(
                    self.placet.handling,
                    history,
                    [name],
                    self.now(number, end),
                    offset_ms=self.skew_ms,
                )
                time.sleep(TICK)

    def objections(
        self, windows: Sequence[tuple[str, datetime]], seat: str, seed: int
    ) -> list[dict[str, object]]:
        """Object to windows in several ways, and note what was acknowledged."""
        chance = Random(f"{seat} {seed}")  # noqa: S311 (a race, no secret)
        noted = []
        for number, (name, end) in enumerate(windows):
            manner = chance.choice(("around", "under way", "letter", "letter", "letter", "none"))
            if manner == "none":
                continue
            self.wait(number, chance.uniform(0, AROUND - BEFORE * (manner != "around")))
            received = self.now(number, end)
            over = AROUND + RUSH
            if manner == "letter":
                self.wait(number, chance.uniform(over - 0.0005, over + 0.0015))
            elif manner == "under way":
                self.wait(number, over - chance.uniform(0.0007, 0.0015))
            order = self._order(name, seat, received, max(received, self.now(number, end)))
            if manner == "letter":
                order = structs.replace(order, actor=Actor(role=Role.SECRETARIAT))
            noted += self._sent(order, manner)
        return noted

    def _order(self, name: str, seat: str, received: datetime, at: datetime) -> Order:
        return Order(
            command=Respond(window=name, kind="objection", seats=(seat,)),
            command_id=f"{name} {seat}",
            actor=Actor(role=Role.SEAT, seat=seat),
            at=at,
            received_at=received,
            offset_ms=self.skew_ms,
        )

    def _sent(self, order: Order, manner: str) -> list[dict[str, object]]:
        try:
            answer = self.placet.handling.handle(ORGANISATION, order)
        except (Refused, Unavailable):
            return []
        truly = order.received_at - timedelta(milliseconds=self.skew_ms)
        return [
            {
                "window": order.command.stream.id,
                "command": order.command_id,
                "way": manner,
                "truly": truly.isoformat(),
                "hashes": [event.hash for event in answer.events],
            }
        ]


def main(values: Mapping[str, Any]) -> None:
    """Wait for the word and for the common start, then race."""
    append: Any = unfenced if values["unfenced"] else StoredHistory.append_after
    StoredHistory.append_after = rested(append)  # type: ignore[method-assign]
    placet = Placet(open_store(values["place"]), Quiet())
    windows = [(name, datetime.fromisoformat(end)) for name, end in values["windows"]]
    placet.store.history(ORGANISATION).last_position()
    print("ready", flush=True)
    racer = Racer(placet, float(sys.stdin.readline()), values["skew_ms"])
    if values["seat"]:
        print(json.dumps(racer.objections(windows, values["seat"], values["seed"])), flush=True)
    else:
        racer.close(windows)
        print("[]", flush=True)
    placet.close()


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
