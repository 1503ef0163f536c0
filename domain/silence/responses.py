"""Kinds of response, and a response as it stands after what was ruled on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from domain.facts import Actor
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
class Ruling:
    """Who ruled on a response, with whom, why and when."""

    by: Actor
    second: str
    reason: str
    when: When


@dataclass(frozen=True, kw_only=True)
class Received:
    """A response as it stands: what it was, when it came, what was ruled, whether withdrawn."""

    number: int
    response: Response
    received: When
    standing: str
    """counted, late, refused, at the margin, or found after the close"""
    rule: str = ""
    """The rule by which one that was refused cannot count."""
    ruled: bool | None = None
    ruling: Ruling | None = None
    withdrawn: bool = False
    offset_ms: int | None = None
    """By how much the clock that stamped it was measured to be off."""
    margin_ms: int = 0
    """How far around the deadline clocks cannot tell; only for one at the margin."""

    @property
    def breaks(self) -> bool | None:
        """Whether it breaks the silence; None while an unclear one waits for a ruling."""
        if self.withdrawn or self.standing in {"late", "refused"}:
            return False
        if self.ruled is not None:
            return self.ruled
        unsettled = self.response.kind == "unclear" or self.standing == "at the margin"
        return None if unsettled else self.response.kind in BREAKING

    def near(self, closes: When) -> bool:
        """Whether clocks leave it open that it came before this end."""
        margin = timedelta(milliseconds=self.margin_ms)
        certainly = self.received.latest < closes.earliest - margin
        return self.standing == "at the margin" and not certainly

    @property
    def effective(self) -> bool:
        """Whether it is one of those that may break the silence before the close."""
        return self.standing in {"counted", "at the margin"}
