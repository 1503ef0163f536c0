"""What became of the text of a window: of the whole, or of each of its parts."""

from __future__ import annotations

from typing import assert_never

from msgspec import Struct, structs

from domain.silence.events import (
    ApprovalConfirmed,
    ApprovalRevoked,
    OutcomeEvent,
    OutcomeTold,
    SilenceBroken,
    SilenceLapsed,
    SilenceSuperseded,
)
from domain.silence.terms import Terms
from domain.times import UNKNOWN, When


class Result(Struct, frozen=True, kw_only=True):
    """The outcome so far, from events alone: what silence approved, and what was objected to."""

    broken: frozenset[str] = frozenset()
    """The parts to which objections reached the threshold."""
    broken_whole: bool = False
    lapsed: When | None = None
    """When the deadline passed unbroken; None as long as that is not recorded."""
    ended: When = UNKNOWN
    """When the outcome that it has came; unknown while it has none."""
    approved: tuple[str, ...] = ()
    """The items that were approved at the deadline."""
    superseded: str = ""
    """Why the window ended without an outcome; empty where it did not."""
    in_doubt: frozenset[str] = frozenset()
    """The parts whose approval is suspended by what was found after the close."""
    revoked: bool = False
    told: frozenset[str] = frozenset()
    """Items of which a source tells the outcome, where it tells nothing of the others."""

    @property
    def is_over(self) -> bool:
        """Whether the window has ended, in whatever way."""
        return bool(self.lapsed or self.broken_whole or self.superseded)

    def after(self, event: OutcomeEvent, when: When, terms: Terms) -> Result:
        """The result with what an event decides, which took effect at `when`."""
        match event:
            case SilenceBroken():
                return self._broken(event, terms)
            case SilenceLapsed():
                return structs.replace(self, lapsed=when, approved=event.items)
            case SilenceSuperseded():
                return structs.replace(self, superseded=event.reason or "superseded")
            case ApprovalConfirmed():
                doubt = self.in_doubt - {*terms.parts_of(event.items)}
                return structs.replace(self, in_doubt=doubt)
            case ApprovalRevoked():
                return self._revoked(event, terms)
            case OutcomeTold():
                return self._told(event, when, terms)
            case _:
                assert_never(event)

    def _broken(self, event: SilenceBroken, terms: Terms) -> Result:
        """The whole text, where no items are named or none is left."""
        broken = self.broken | {*event.items}
        whole = not event.items or broken >= {*terms.parts}
        return structs.replace(self, broken=broken, broken_whole=whole)

    def _revoked(self, event: ApprovalRevoked, terms: Terms) -> Result:
        """These are gone, and whether they were approved is in doubt no more."""
        broken = self.broken | {*event.items}
        return structs.replace(
            self,
            broken=broken,
            revoked=not event.items or broken >= {*self.approved},
            in_doubt=self.in_doubt - {*terms.parts_of(event.items)},
        )

    def _told(self, event: OutcomeTold, when: When, terms: Terms) -> Result:
        """What a source tells of some parts; once all are told, the window is over."""
        known = self.told | {*event.approved, *event.broken}
        broken = self.broken | {*event.broken}
        whole = broken >= {*terms.parts}
        after = structs.replace(self, told=known, broken=broken, broken_whole=whole)
        if whole or not (known | broken) >= {*terms.parts}:
            return after
        approved = tuple(part for part in terms.parts if part not in broken)
        return structs.replace(after, lapsed=when, approved=approved)
