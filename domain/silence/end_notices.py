"""Of which ends of a window it is not recorded yet that every seat was notified."""

from __future__ import annotations

from typing import Final

from msgspec import Struct, structs

from domain.actors import Role
from domain.messages import Fact, FoldableEvent
from domain.notices import NO_ADDRESS
from domain.silence.events import (
    ApprovalConfirmed,
    ApprovalRevoked,
    NoticesRecorded,
    NoticesRepeated,
    ResponseFoundAfterClose,
    SilenceBroken,
    SilenceLapsed,
    SilenceSuperseded,
)

SUPERSESSION: Final = "supersession"
OUTCOME: Final = "outcome"
ENDS: Final = frozenset({SUPERSESSION, OUTCOME})
"""What notices about an end are about."""
OUTCOMES: Final = (
    SilenceBroken,
    SilenceLapsed,
    ResponseFoundAfterClose,
    ApprovalRevoked,
    ApprovalConfirmed,
)
"""Events that tell all of an outcome, or of what became of it."""


class EndNotice(Struct, frozen=True, kw_only=True):
    """An event about the end, with the seats of whom it is recorded what became of its notice."""

    version: int
    about: str
    seats: int
    """How many are to be notified."""
    named: frozenset[str] = frozenset()
    """Which ones, where not all are."""
    settled: frozenset[str] = frozenset()

    def after(self, fact: NoticesRecorded) -> EndNotice:
        """With the seats of a record, unless they had no address: these come later."""
        same = fact.about == self.about and fact.event in {None, self.version}
        if not same or (fact.result == "failed" and fact.reason == NO_ADDRESS):
            return self
        seats = self.named.intersection(fact.seats) if self.named else fact.seats
        return structs.replace(self, settled=self.settled.union(seats))

    @property
    def is_settled(self) -> bool:
        """Whether it is recorded of each seat."""
        return len(self.settled) >= self.seats


class EndNotices(Struct, frozen=True, kw_only=True):
    """What a new outbox must know of a window that has ended: is anybody still to be notified?

    It never forgets an end of which somebody may have to be notified; that one is named here says
    only that its events have to be looked at.
    """

    by_letter: bool = False
    """Whether letters about the window were sent from here."""
    unsettled: tuple[EndNotice, ...] = ()

    def after(self, event: FoldableEvent, seats: int) -> EndNotices:
        """After one event of a window with so many seats."""
        fact = event.fact
        if isinstance(fact, NoticesRecorded):
            return self._recorded(fact, by_letter=event.actor.role is Role.NOTICES)
        about = _end_notified_by(fact)
        if not about or event.attested or event.virtual:
            return self
        named = frozenset(fact.seats if isinstance(fact, NoticesRepeated) else ())
        number = len(named) or seats
        end = EndNotice(version=event.version, about=about, seats=number, named=named)
        return structs.replace(self, unsettled=(*self.unsettled, end))

    def _recorded(self, fact: NoticesRecorded, *, by_letter: bool) -> EndNotices:
        ends = [end.after(fact) for end in self.unsettled]
        left = tuple(end for end in ends if not end.is_settled)
        return structs.replace(self, by_letter=self.by_letter or by_letter, unsettled=left)


def _end_notified_by(fact: Fact) -> str:
    """What the notices of an event tell about the end; empty where they tell of none."""
    match fact:
        case SilenceSuperseded():
            return SUPERSESSION
        case ResponseFoundAfterClose(suspends=suspends):
            return OUTCOME if suspends else ""
        case NoticesRepeated(about=about):
            return about if about in ENDS else ""
    return OUTCOME if isinstance(fact, OUTCOMES) else ""
