"""A process of its own that is a silence clock, until nothing is due any more or it is killed."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from multiprocessing.process import BaseProcess
from typing import Any

from adapters.eventstore.event_store import StoredHistory
from adapters.store_factory import open_store
from adapters.system_clock import Anchor
from domain.messages import Order
from domain.ports.clock import ClockReading
from process_issuing_commands import PROCESSES
from simulated_workers import unfenced
from wiring import Placet, Quiet
from workflows.processes import silence_clock
from workflows.projections import due_windows

REST = 0.003
"""Seconds between a decision and its append, as on a busy machine."""


@dataclass
class Standing:
    """A clock that shows one moment."""

    at: datetime

    def __post_init__(self) -> None:
        self.own = Anchor.now()

    def read(self) -> ClockReading:
        """That moment, and no offset."""
        return ClockReading(self.at, 0)


def started(place: str, at: datetime, *, careless: bool = False) -> BaseProcess:
    """A clock at work on a store."""
    process = PROCESSES.Process(target=tick, args=(place, at, careless))
    process.start()
    return process


def tick(place: str, at: datetime, careless: bool) -> None:
    """Record what is due at this moment, again and again, until nothing is left."""
    if careless:
        _forget_care()
    placet = Placet(open_store(place), Quiet())
    placet.clock = Standing(at)
    placet.projections.follow()
    if placet.recovery.continuity.unconfirmed():
        placet.recovery.continuity.accept()  # its host is not the one that made the store
    while list(due_windows.unfinished_windows(placet.views)):
        placet.processes.clock.tick()
    placet.close()


def append_late() -> None:
    """From now on append after a rest, wherever the log stands by then."""
    StoredHistory.append_after = _late(unfenced)  # type: ignore[method-assign]


def _forget_care() -> None:
    """Know no command again, and append wherever the log stands: what no clock may do."""
    append_late()
    made: Any = Order
    silence_clock.Order = lambda **told: made(  # type: ignore[assignment, attr-defined]
        **(told | {"command_id": f"{told['command_id']} by {os.getpid()}"})
    )


def _late(append: Callable[..., None]) -> Callable[..., None]:
    def after_a_rest(*told: Any) -> None:
        time.sleep(REST)
        append(*told)

    return after_a_rest
