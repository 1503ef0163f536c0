"""How far a log was seen to reach, kept apart from the log."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from msgspec import Struct


class Mark(Struct, frozen=True, kw_only=True):
    """How far a log was seen to reach: the position and the hash of the event there."""

    position: int
    hash: str


class HighWaterMarks(Protocol):
    """Where a host keeps its marks, apart from the log: no backup of it takes them along."""

    def begun(self) -> bool:
        """Whether this host keeps marks of the log, be it since the log was empty."""

    def marks(self) -> dict[str, Mark]:
        """The mark of each organisation. Raises Unavailable."""

    def put(self, marks: Mapping[str, Mark]) -> None:
        """Keep these marks, in place of all others. Raises Unavailable."""
