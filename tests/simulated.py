"""What a simulation is made of: workers that meet mishaps, each with a clock of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from adapters.history import SqliteHistory
from domain.facts import Order, Recorded, Stream
from domain.ports import Unavailable
from web.main import CODEC, PACKS, Quiet, Store
from workflows.handling import Handling


class Mishaps:
    """A worker's way to the real log: others come in between, and answers get lost."""

    def __init__(self, history: Any) -> None:
        self._history = history
        self.before_deciding: Callable[[], None] | None = None
        self.before_appending: Callable[[], None] | None = None
        self.lost = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._history, name)

    def by_command(self, command_id: str) -> Sequence[Recorded]:
        """Asked first of all: what others do now comes before this worker's decision."""
        meanwhile, self.before_deciding = self.before_deciding, None
        if meanwhile:
            meanwhile()
        found: Sequence[Recorded] = self._history.by_command(command_id)
        return found

    def append(
        self,
        events: Sequence[Recorded],
        fences: Mapping[Stream, int],
        contents: Mapping[str, bytes],
    ) -> Sequence[Recorded]:
        """What others do now makes the world stale on which this worker decided."""
        meanwhile, self.before_appending = self.before_appending, None
        if meanwhile:
            meanwhile()
        stored: Sequence[Recorded] = self._history.append(events, fences, contents)
        if self.lost:
            self.lost = False
            raise Unavailable("the answer was lost on its way")
        return stored

    def calm(self) -> None:
        """Forget the mishaps that found no occasion."""
        self.before_deciding = self.before_appending = None
        self.lost = False


class Worker:
    """A handling of its own on a store that it shares with others, beside a clock of its own.

    `skew` is by how much that clock is off, and its server has measured that rightly.
    """

    def __init__(self, store: Store, organisation: str, skew: timedelta = timedelta(0)) -> None:
        self.way = Mishaps(store.history(organisation))
        self.handling = Handling(self, PACKS, CODEC, tzdata="simulated", logger=Quiet())
        self.skew = skew
        self.offset_ms = skew // timedelta(milliseconds=1)

    @property
    def off(self) -> bool:
        """Whether its clock is off by more than a second."""
        return abs(self.skew) > timedelta(seconds=1)

    def read(self, now: datetime) -> datetime:
        """What its clock shows at this moment."""
        return now + self.skew

    def stamped(self, order: Order, *, letter: bool) -> Order:
        """An order with the times of this clock; the receipt of a letter was stamped by others."""
        received = order.received_at if letter else self.read(order.received_at)
        at = self.read(order.at)
        return replace(order, at=at, received_at=received, offset_ms=self.offset_ms)

    def organisations(self) -> Sequence[str]:
        """The one that is simulated."""
        return [self.way.organisation]

    def history(self, _: str) -> Any:
        """The log with its mishaps."""
        return self.way


_APPEND = SqliteHistory.append


def unfenced(
    history: SqliteHistory,
    events: Sequence[Recorded],
    _: Mapping[Stream, int],
    contents: Mapping[str, bytes],
) -> Sequence[Recorded]:
    """Append wherever the streams stand now, whatever was read: a program without its fence."""
    heads: dict[Stream, int] = {}
    moved = []
    for one in events:
        heads[one.stream] = heads.get(one.stream, len(history.of(one.stream))) + 1
        moved.append(replace(one, version=heads[one.stream]))
    return _APPEND(history, moved, {}, contents)
