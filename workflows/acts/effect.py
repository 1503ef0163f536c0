"""One thing that an act will do, in the reader's language."""

from __future__ import annotations

from msgspec import Struct


class Effect(Struct, frozen=True):
    """A sentence on what will happen; `grave` where it cannot be undone or has no effect."""

    sentence: str
    grave: bool = False
