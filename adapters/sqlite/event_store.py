"""The port `EventStore` in a folder."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from adapters.eventstore.encoding import EncodedRows
from adapters.eventstore.event_store import StoredHistory, StoredTransaction, join_appends
from adapters.sqlite.recorder import SqliteRecorder


class SqliteHistory(StoredHistory):
    """A history in a folder."""

    def __init__(self, recorder: SqliteRecorder) -> None:
        super().__init__(recorder)
        self.recorder = recorder

    @contextmanager
    def append_transaction(self) -> Iterator[StoredTransaction]:
        """One transaction in which nobody else can append (see the port)."""
        with self.recorder.turn() as turn:
            yield StoredTransaction(turn, self.recorder.translate_errors)

    def _append(self, position: int, wanted: Sequence[EncodedRows]) -> None:
        rows, contents = join_appends(wanted)
        ids = [one.command_id for one in wanted if one.rows]
        self.recorder.append_after(position, rows, ids, contents)
