"""How far a log was seen to reach, kept apart from the log."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from msgspec import Struct


class Mark(Struct, frozen=True, kw_only=True):
    """How far a log was seen to reach: the position and the hash of the event there."""

    position: int
    hash: str


class Marks(Protocol):
    """Where the marks are kept, apart from the log. Its methods raise Unavailable."""

    def marks(self) -> Mapping[str, Mark]: ...

    def put(self, marks: Mapping[str, Mark]) -> None: ...
