"""What one writer does to an organisation's rows within one transaction, on any kind of store."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any, Final

from adapters.eventstore import statements
from adapters.eventstore.columns import Columns, columns_from_row, row_from_columns
from adapters.eventstore.envelope import EventRow
from domain.event_proofs import event_hash

NO_CONTENTS: Final[Mapping[str, bytes]] = {}


class AppendTransaction(ABC):
    """One organisation's rows as one transaction sees and changes them."""

    def __init__(self, organisation: str) -> None:
        self.organisation = organisation

    @abstractmethod
    def translate_errors(self) -> AbstractContextManager[None]:
        """Within it, errors of the database are raised as Unavailable."""

    @abstractmethod
    def insert(self, rows: Sequence[Columns], contents: Mapping[str, bytes] = NO_CONTENTS) -> None:
        """Store rows that have their positions and hashes, and contents.

        Raises IntegrityError for a position or a version that does not come next; then the whole
        transaction must be given up.
        """

    @abstractmethod
    def execute(self, sql: str, *values: object) -> Sequence[tuple[Any, ...]]:
        """What a statement finds; `?` stands for a value."""

    def of_stream(self, stream: str) -> Sequence[EventRow]:
        """The rows of a stream, in order of version."""
        return self._rows(statements.OF_STREAM, stream)

    def since(self, position: int, limit: int) -> Sequence[EventRow]:
        """At most `limit` rows after a position, in order."""
        return self._rows(statements.SINCE, position, limit)

    def of_command(self, command_id: str) -> Sequence[EventRow]:
        """The rows that a command caused, in order."""
        return self._rows(statements.OF_COMMAND, command_id)

    def last(self) -> tuple[int, str]:
        """The last position and when it was recorded; 0 and nothing for an empty log."""
        found = self.execute(statements.LAST, self.organisation)
        return (found[0][0], found[0][1]) if found else (0, "")

    def content(self, digest: str) -> bytes | None:
        """The bytes with this hash, or None."""
        found = self.execute(statements.CONTENT, self.organisation, digest)
        return found[0][0] if found else None

    def keep(self, digest: str, content: bytes) -> None:
        """Keep a content under its hash, once."""
        self.execute(statements.KEEP_CONTENT, self.organisation, digest, content)

    def append(self, rows: Sequence[EventRow]) -> Sequence[EventRow]:
        """Give the rows the next positions, and their hashes; no position is ever left out.

        Raises IntegrityError for a version that its stream has already.
        """
        position, recorded_at = self.last()
        placed = []
        for number, row in enumerate(rows, start=position + 1):
            recorded_at = max(recorded_at, row.recorded_at)
            stream, version = str(row.originator_id), row.originator_version
            hash_ = event_hash(self.organisation, stream, version, row.topic, row.state)
            placed.append(replace(row, id=number, recorded_at=recorded_at, hash=hash_))
        self.insert([columns_from_row(self.organisation, row) for row in placed])
        return placed

    def _rows(self, sql: str, *values: object) -> Sequence[EventRow]:
        return [
            row_from_columns(columns) for columns in self.execute(sql, self.organisation, *values)
        ]
