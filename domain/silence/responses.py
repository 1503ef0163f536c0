"""Kinds of response, and a response as it stands after what was ruled on it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct

from domain.actors import Actor
from domain.messages import FoldableEvent
from domain.silence.events import (
    LateResponseReceived,
    Response,
    ResponseAtMargin,
    ResponseEvent,
    ResponseFoundAfterClose,
    ResponseReceived,
    ResponseRefused,
)
from domain.times import When, is_before

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
STANDINGS: Final[Mapping[type[ResponseEvent], str]] = {
    ResponseReceived: "counted",
    LateResponseReceived: "late",
    ResponseRefused: "refused",
    ResponseAtMargin: "at the margin",
    ResponseFoundAfterClose: "found after the close",
}
"""How a response stands when it comes, by the event that tells it."""


class Ruling(Struct, frozen=True, kw_only=True):
    """Who ruled on a response, with whom, why and when."""

    by: Actor
    second: str
    reason: str
    when: When
    seconded_by: Actor | None = None


class Withdrawal(Struct, frozen=True, kw_only=True):
    """For whom an objection was withdrawn, and when; no names mean all that it spoke for."""

    names: frozenset[str]
    when: When


class ReceivedResponse(Struct, frozen=True, kw_only=True):
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
    withdrawals: tuple[Withdrawal, ...] = ()
    waits: bool = False
    """Whether it waits for a ruling although its kind is harmless: it asks for wording."""
    offset_ms: int | None = None
    """By how much the clock that stamped it was measured to be off."""
    margin_ms: int = 0
    """How far around the deadline clocks cannot tell; only for one at the margin."""

    @classmethod
    def of(cls, event: ResponseEvent, recorded: FoldableEvent) -> ReceivedResponse:
        """A response as it stands when it comes."""
        return cls(
            number=event.number,
            response=event.response,
            received=recorded.effective,
            standing=STANDINGS[type(event)],
            offset_ms=recorded.offset_ms,
            margin_ms=event.margin_ms if isinstance(event, ResponseAtMargin) else 0,
            rule=event.rule if isinstance(event, ResponseRefused) else "",
            waits=event.waits
            if isinstance(event, ResponseReceived | ResponseFoundAfterClose)
            else False,
        )

    @property
    def breaks(self) -> bool | None:
        """Whether it breaks the silence; None while a doubtful one waits for a ruling."""
        return False if self.withdrawn else self.broke_silence

    @property
    def broke_silence(self) -> bool | None:
        """Whether it broke the silence when it came, whatever was withdrawn since."""
        if self.standing in {"late", "refused"}:
            return False
        if self.ruled is not None:
            return self.ruled
        doubtful = self.response.kind == "unclear" or self.waits
        unsettled = doubtful or self.standing == "at the margin"
        return None if unsettled else self.response.kind in BREAKING

    @property
    def may_object(self) -> bool:
        """Whether it is an objection, by its kind or a ruling, or may still be ruled to be one."""
        unclear = self.response.kind == "unclear" and self.ruled is not False
        return self.response.kind in BREAKING or unclear

    @property
    def names(self) -> tuple[str, ...]:
        """Who speaks: seats, and those on whose behalf they do."""
        return (*self.response.seats, *self.response.on_behalf_of)

    @property
    def withdrawn(self) -> bool:
        """Whether it was withdrawn for all for whom it spoke."""
        return bool(self.withdrawals) and not self.speakers_at()

    def withdrawn_at(self, name: str) -> When | None:
        """When it was withdrawn for somebody; None while it stands for them.

        Nothing is withdrawn before it comes, whatever the clocks of two machines say.
        """
        found = [
            withdrawal.when
            for withdrawal in self.withdrawals
            if not withdrawal.names or name in withdrawal.names
        ]
        if found and is_before(found[0], self.received):
            return self.received
        return found[0] if found else None

    def speakers_at(self, moment: datetime | None = None) -> tuple[str, ...]:
        """For whom it stands now, or stood at a moment (UTC); somebody without a name is ``."""
        if moment and self.received.latest > moment:
            return ()
        return tuple(
            name
            for name in self.names or ("",)
            if (ended := self.withdrawn_at(name)) is None or (moment and ended.latest >= moment)
        )

    def near(self, closes: When) -> bool:
        """Whether clocks leave it open that it came before this end."""
        margin = timedelta(milliseconds=self.margin_ms)
        certainly = self.received.latest < closes.earliest - margin
        return self.standing == "at the margin" and not certainly

    @property
    def effective(self) -> bool:
        """Whether it is one of those that may break the silence before the close."""
        return self.standing in {"counted", "at the margin"}
