"""What a simulation is made of: workers that meet mishaps, each with a clock of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from msgspec import structs

from adapters.eventstore.encoding import EncodedRows
from adapters.eventstore.event_store import StoredHistory
from adapters.sqlite.store import SqliteStore
from domain.messages import Order
from domain.ports.errors import Unavailable, VersionConflict
from domain.ports.event_store import AppendTransaction, EncodedAppend, Head
from domain.streams import Stream
from wiring import CODEC, PACKS, Quiet
from workflows.commands.handler import CommandHandler


class FaultyHistory:
    """A worker's way to the real log: others come in between, and answers get lost."""

    def __init__(self, history: Any) -> None:
        self._history = history
        self.before_deciding: Callable[[], None] | None = None
        self.before_appending: Callable[[], None] | None = None
        self.lost = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._history, name)

    def look_away(self) -> None:
        """What others do now comes before this worker's decision, and it does not know of it."""
        concurrent, self.before_deciding = self.before_deciding, None
        if concurrent:
            concurrent()

    def append_after(self, position: int, prepared: Sequence[EncodedAppend]) -> None:
        """What others do now makes stale what this worker remembered when it decided."""
        concurrent, self.before_appending = self.before_appending, None
        if concurrent:
            concurrent()
        self._history.append_after(position, prepared)
        self._lose()

    @contextmanager
    def append_transaction(self) -> Iterator[AppendTransaction]:
        """Nobody comes in between in here; only the answer may get lost."""
        with self._history.append_transaction() as transaction:
            yield transaction
        self._lose()

    def _lose(self) -> None:
        if self.lost:
            self.lost = False
            raise Unavailable("the answer was lost on its way")

    def clear_mishaps(self) -> None:
        """Forget the mishaps that found no occasion."""
        self.before_deciding = self.before_appending = None
        self.lost = False


class Worker:
    """A handling of its own on a store that it shares with others, beside a clock of its own.

    `skew` is by how much that clock is off, and its server has measured that rightly.
    """

    def __init__(
        self, store: SqliteStore, organisation: str, skew: timedelta = timedelta(0)
    ) -> None:
        self._store = store
        self.faulty_history = FaultyHistory(store.history(organisation))
        self.handling = CommandHandler(self, PACKS, CODEC, tzdata="simulated", logger=Quiet())
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
        return structs.replace(order, at=at, received_at=received, offset_ms=self.offset_ms)

    def organisations(self) -> Sequence[str]:
        """The one that is simulated."""
        return [self.faulty_history.organisation]

    def heads(self, organisation: str = "") -> Mapping[str, Head]:
        """Where the log ends."""
        return self._store.heads(organisation)

    def history(self, _: str) -> Any:
        """The log with its mishaps; the caller is about to decide."""
        self.faulty_history.look_away()
        return self.faulty_history


def unfenced(history: StoredHistory, _: int, prepared: Sequence[EncodedRows]) -> None:
    """Append wherever the log and the streams stand now: a program without its fence.

    What was prepared says afterwards what has been stored, so that answers are true.
    """
    with history.append_transaction() as transaction:
        for entry in prepared:
            if transaction.events_of_command(entry.command_id):
                raise VersionConflict("this command has happened before")
            heads: dict[Stream, int] = {}
            moved = []
            for event in entry.events:
                heads[event.stream] = (
                    heads.get(event.stream, len(transaction.events_of(event.stream))) + 1
                )
                moved.append(structs.replace(event, version=heads[event.stream]))
            stored = history.encode(moved, entry.contents, transaction.head())
            transaction.add(stored)
            structs.force_setattr(entry, "events", stored.events)
