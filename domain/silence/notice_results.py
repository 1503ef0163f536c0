"""Which seats were notified of a window, and which ones something failed to reach."""

from __future__ import annotations

from typing import Final

from msgspec import Struct, structs

from domain.silence.events import NoticesRecorded

OPTIONAL: Final = frozenset({"reminder", "outcome"})
"""Notices that stand in the way of nothing when they fail."""


class NoticeResults(Struct, frozen=True, kw_only=True):
    """What became of the notices that must reach all. Source: ICCAT rule 9, confirmed receipt."""

    delivered: frozenset[str] = frozenset()
    """Seats that were notified of the opening."""
    undelivered: frozenset[tuple[str, str]] = frozenset()
    """What failed to reach whom, and is neither resolved nor waived: (about, seat)."""
    excused: frozenset[str] = frozenset()
    """Seats that need not have been notified of the opening, by a waiver with its reason."""

    @staticmethod
    def concern(event: NoticesRecorded) -> bool:
        """Whether an event is about notices that must reach all.

        A letter that came back from one address leaves notified those who were reached at another.
        """
        return event.about not in OPTIONAL and event.result != "bounced"

    def after(self, event: NoticesRecorded) -> NoticeResults:
        """The results with those that an event tells."""
        about = event.about or "opening"
        if event.result == "failed":
            return self._failed(frozenset(event.seats), about)
        return self._reached(frozenset(event.seats), about, event)

    def _failed(self, seats: frozenset[str], about: str) -> NoticeResults:
        still = self.delivered - seats if about == "opening" else self.delivered
        failures = self.undelivered | {(about, seat) for seat in seats}
        return structs.replace(self, undelivered=failures, delivered=still)

    def _reached(self, seats: frozenset[str], about: str, event: NoticesRecorded) -> NoticeResults:
        """Delivered, resolved or waived; the last two without `about` mean all that failed."""
        one_kind = bool(event.about) or event.result == "delivered"
        left = frozenset(
            (what, seat)
            for what, seat in self.undelivered
            if seat not in seats or (one_kind and what != about)
        )
        if about != "opening":
            return structs.replace(self, undelivered=left)
        if event.result == "waived":
            return structs.replace(self, undelivered=left, excused=self.excused | seats)
        return structs.replace(self, undelivered=left, delivered=self.delivered | seats)
