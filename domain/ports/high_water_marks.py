"""How far a log was seen to reach, kept apart from the log."""

from __future__ import annotations

from msgspec import Struct


class Mark(Struct, frozen=True, kw_only=True):
    """How far a log was seen to reach: the position and the hash of the event there."""

    position: int
    hash: str
