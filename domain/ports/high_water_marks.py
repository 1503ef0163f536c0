"""How far a log was seen to reach, kept apart from the log."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from msgspec import Struct


class HighWaterMark(Struct, frozen=True, kw_only=True):
    """How far a log was seen to reach: the position and the hash of the event there."""

    position: int
    hash: str


class MarkStore(Protocol):
    """Where a host keeps its marks, apart from the log: no backup of the log takes them along.

    Its methods raise Unavailable.
    """

    def begun(self) -> bool:
        """Whether this host keeps marks of the log, be it since the log was empty."""

    def marks(self) -> Mapping[str, HighWaterMark]: ...

    def put(self, marks: Mapping[str, HighWaterMark]) -> None: ...
