"""The port `Journal` in a folder."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from adapters.eventstore.encoding import Ready
from adapters.eventstore.event_store import StoredHistory, StoredTurn, joined
from adapters.sqlite.recorder import Recorder


class SqliteHistory(StoredHistory):
    """A history in a folder."""

    def __init__(self, recorder: Recorder) -> None:
        super().__init__(recorder)
        self.recorder = recorder

    @contextmanager
    def turn(self) -> Iterator[StoredTurn]:
        """One transaction in which nobody else can append (see the port)."""
        with self.recorder.turn() as turn:
            yield StoredTurn(turn, self.recorder.explained)

    def _append(self, position: int, wanted: Sequence[Ready]) -> None:
        rows, contents = joined(wanted)
        ids = [one.command_id for one in wanted if one.rows]
        self.recorder.append_after(position, rows, ids, contents)
