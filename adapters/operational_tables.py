"""Tables beside the record: letters, messages, accounts and drafts, on either kind of store.

Their statements are shared by both kinds, and `?` stands for a value in them.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import AbstractContextManager
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
    """Tables that are reached in the way of one kind of store."""

    @abstractmethod
    def read(self, sql: str, *values: object) -> Sequence[tuple[Any, ...]]:
        """What a query finds. Raises Unavailable."""

    @abstractmethod
    def writing(self) -> AbstractContextManager[TableWriter]:
        """One durable transaction, in which nobody else writes to these tables.

        Raises Unavailable; then nothing was written, or it is not known.
        """

    @abstractmethod
    def close(self) -> None:
        """Close what these tables alone use; a later use opens it again."""
