"""Tables beside the record: letters, messages, accounts and drafts, on either kind of store.

Their statements are shared by both kinds, and `?` stands for a value in them.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Hashable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Protocol


class Cursor(Protocol):
    """What a statement did or found."""

    @property
    def rowcount(self) -> int: ...

    def fetchone(self) -> Any: ...

    def fetchall(self) -> Sequence[Any]: ...


class TableWriter(Protocol):
    """A transaction on such tables."""

    def execute(self, sql: str, values: Sequence[Any] = ..., /) -> Cursor: ...


class OperationalTables(ABC):
    """Tables of one kind of store."""

    @abstractmethod
    def read(self, sql: str, *values: object) -> Sequence[tuple[Any, ...]]:
        """What a query finds. Raises Unavailable."""

    @abstractmethod
    def transaction(self) -> AbstractContextManager[TableWriter]:
        """One durable transaction with an exclusive lock for writing to these tables.

        Raises Unavailable; then nothing was written, or it is not known.
        """

    changes = 0
    """How often this process has written to them."""

    def version(self) -> Hashable | None:
        """What is another value once this or another process has written to them.

        None where only a query could tell. It waits for nothing, so that the thread of the
        connections can ask for it.
        """
        return None

    @contextmanager
    def writing(self) -> Iterator[TableWriter]:
        """Such a transaction, which is counted."""
        try:
            with self.transaction() as tables:
                yield tables
        finally:
            self.changes += 1

    @abstractmethod
    def close(self) -> None:
        """Close what these tables alone use; a later use opens it again."""
