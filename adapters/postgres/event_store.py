"""The port `Journal` on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from adapters.eventstore.encoding import Ready
from adapters.eventstore.event_store import StoredHistory, StoredTurn
from adapters.postgres.recorder import PostgresRecorder


class PostgresHistory(StoredHistory):
    """A history in a database."""

    def __init__(self, recorder: PostgresRecorder) -> None:
        super().__init__(recorder)
        self.recorder = recorder

    @contextmanager
    def turn(self) -> Iterator[StoredTurn]:
        """One transaction in which nobody else can append (see the port)."""
        with self.recorder.turn() as turn:
            yield StoredTurn(turn, lambda: self.recorder.explained(turn))

    def _append(self, position: int, wanted: Sequence[Ready]) -> None:
        self.recorder.append_after(position, wanted)
