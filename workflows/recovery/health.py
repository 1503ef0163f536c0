"""How a whole store is doing, and what needs a person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct

from domain.ports.clock import CLOCK_TOLERANCE
from workflows.recovery.organisation_health import Organisation

OVERDUE: Final = timedelta(minutes=1)
"""How long after its grace a window may stay unrecorded before a person has to look."""
LAG: Final = timedelta(minutes=1)
UNSERVED: Final = timedelta(minutes=5)
"""How long a store with running windows may go without a server."""


class Health(Struct, frozen=True, kw_only=True):
    """How a whole store is doing."""

    organisations: Sequence[Organisation]
    offset_ms: int
    served: datetime | None
    losses: Sequence[str]
    warnings: Sequence[str]
    """What operators should know, though nothing has to be done at once."""
    faults: Sequence[str] = ()
    """What is the matter with the keys, and with answers by mail."""
    early: Sequence[str] = ()
    """What was recorded by a clock that was ahead of the one here, in sentences."""

    def problems(self, now: datetime) -> list[str]:
        """What needs a person, in sentences."""
        return [
            *self.losses,
            *self.faults,
            *self.early,
            *self._of_store(now),
            *self._of_organisations(),
        ]

    def _of_store(self, now: datetime) -> Iterator[str]:
        if abs(self.offset_ms) > CLOCK_TOLERANCE.total_seconds() * 1000:
            yield f"The clock here is {self.offset_ms} ms off: nothing is recorded until it is set."
        waits = any(org.windows.running or org.windows.overdue for org in self.organisations)
        if waits and (self.served is None or now - self.served > UNSERVED):
            yield "Nobody serves this store, though silence procedures run: start `placet serve`."

    def _of_organisations(self) -> Iterator[str]:
        for org in self.organisations:
            for follower in org.followers:
                if follower.seconds > LAG.total_seconds():
                    yield (
                        f"{org.name}: the {follower.name} are {follower.events} events behind,"
                        f" for {follower.seconds:.0f} seconds."
                    )
                for parked in follower.parked:
                    yield (
                        f"{org.name}: {parked.stream} is parked in the {follower.name} since event"
                        f" {parked.position}: {parked.because}"
                    )
            for name, late in org.windows.overdue.items():
                if late > OVERDUE:
                    yield f"{org.name}: window {name} is overdue, and no outcome is recorded."
            for name in org.windows.held:
                yield f"{org.name}: window {name} is held for review by the presiding officer."
            if org.failed:
                yield f"{org.name}: {org.failed} letters did not arrive; see `placet post status`."
