"""The port `EventStore` on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from adapters.eventstore.encoding import EncodedRows
from adapters.eventstore.event_store import StoredHistory, StoredTransaction
from adapters.postgres.recorder import PostgresRecorder


class PostgresHistory(StoredHistory):
    """A history in a database."""

    def __init__(self, recorder: PostgresRecorder) -> None:
        super().__init__(recorder)
        self.recorder = recorder

    @contextmanager
    def append_transaction(self) -> Iterator[StoredTransaction]:
        """One transaction in which nobody else can append (see the port)."""
        with self.recorder.turn() as turn:
            yield StoredTransaction(turn, lambda: self.recorder.translate_errors(turn))

    def _append(self, position: int, wanted: Sequence[EncodedRows]) -> None:
        self.recorder.append_after(position, wanted)
