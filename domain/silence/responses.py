"""Kinds of response, and a response as it stands after what was ruled on it."""

from __future__ import annotations

from dataclasses import dataclass

from domain.silence.events import Response
from domain.times import When

BREAKING = frozenset({"objection", "amendment"})
HARMLESS = frozenset(
    {
        "no objection",
        "editorial comment",
        "substantive comment",
        "reservation",
        "interpretative statement",
        "explanation of position",
    }
)
KINDS = BREAKING | HARMLESS | {"unclear"}


@dataclass(frozen=True, kw_only=True)
class Received:
    """A response as it stands: what it was, when it came, what was ruled, whether withdrawn."""

    number: int
    response: Response
    received: When
    standing: str
    """counted, late, refused, or found after the close"""
    ruled: bool | None = None
    withdrawn: bool = False

    @property
    def breaks(self) -> bool | None:
        """Whether it breaks the silence; None while an unclear one waits for a ruling."""
        if self.withdrawn or self.standing in {"late", "refused"}:
            return False
        if self.ruled is not None:
            return self.ruled
        return None if self.response.kind == "unclear" else self.response.kind in BREAKING
