"""Holds: each stands for one doubt about the close, and ends by an act about that doubt alone."""

from __future__ import annotations

from typing import Final, assert_never

from msgspec import Struct, structs

from domain.actors import Role
from domain.messages import FoldableEvent
from domain.rules import Refused
from domain.silence.events import HoldEvent, SilenceHeld, SilenceReleased
from domain.times import When

REVIEW: Final = "review"
RESPONSE: Final = "response"
NOTICES: Final = "notices"
OUTAGE: Final = "outage"
CLOCK: Final = "clock"
RESTORED: Final = "restored backup"
MAIL: Final = "incoming mail"
MAILBOX: Final = "mailbox"
ABOUT: Final = (REVIEW, RESPONSE, NOTICES, OUTAGE, CLOCK, RESTORED, MAIL, MAILBOX, "letter")
"""What a hold may be about. A letter is on its way; the clock cannot close for another reason."""


class Hold(Struct, frozen=True, kw_only=True):
    """One hold that stands. `about` is empty for one that was recorded before holds had numbers."""

    number: int
    reason: str
    about: str = ""
    response: int = 0
    """The number of the response that it is about; 0 for what is about something else."""
    by_clock: bool = False

    @property
    def is_about_notices(self) -> bool:
        """Whether the clock holds because somebody was not told."""
        return self.by_clock and self.about == NOTICES

    @property
    def is_unnumbered(self) -> bool:
        """Whether it is the clock's, and of the time before it said what it is about.

        Such a hold ended with the next ruling or notice, and the clock looked again; so it does.
        """
        return self.by_clock and not self.about


class Review(Struct, frozen=True, kw_only=True):
    """The holds of a window, and whether people have looked at an outage."""

    holds: tuple[Hold, ...] = ()
    """The holds that stand beside each other."""
    held_so_far: int = 0
    """How often it was held, which numbers the holds."""
    reviewed: bool = False
    """Whether the presiding officer ended a hold about an outage after the deadline in force."""
    mailbox_reviewed: bool = False
    """The same of a hold about a mailbox that could not be read."""

    def after(self, event: HoldEvent, recorded: FoldableEvent, closes: When) -> Review:
        """The holds after one began or ended, in a window that closes then."""
        match event:
            case SilenceHeld():
                return self._held(event, by_clock=recorded.actor.role is Role.CLOCK)
            case SilenceReleased():
                return self._released(event, recorded.effective.latest >= closes.latest)
            case _:
                assert_never(event)

    def _held(self, event: SilenceHeld, *, by_clock: bool) -> Review:
        number = event.hold or self.held_so_far + 1
        hold = Hold(
            number=number,
            reason=event.reason or "held",
            about=event.about,
            response=event.waits_for,
            by_clock=by_clock,
        )
        return structs.replace(self, holds=(*self.holds, hold), held_so_far=number)

    def _released(self, event: SilenceReleased, past: bool) -> Review:
        """One hold ends; of the time before holds had numbers, all of them."""
        ended = [hold for hold in self.holds if event.hold in {0, hold.number}]
        looked = past and any(hold.about in {OUTAGE, ""} for hold in ended)
        mailbox = past and any(hold.about == MAILBOX for hold in ended)
        left = tuple(hold for hold in self.holds if hold not in ended)
        return structs.replace(
            self,
            holds=left,
            reviewed=self.reviewed or looked,
            mailbox_reviewed=self.mailbox_reviewed or mailbox,
        )

    def after_ruling(self, number: int) -> Review:
        """A ruling on a response ends the hold that waits for it."""
        left = [h for h in self.holds if h.response != number and not h.is_unnumbered]
        return structs.replace(self, holds=tuple(left))

    def after_notices(self, *, all_notified_by_people: bool) -> Review:
        """What people record of notices ends the clock's hold about them, once all are told."""
        left = [
            hold
            for hold in self.holds
            if not (hold.is_unnumbered or (all_notified_by_people and hold.is_about_notices))
        ]
        return structs.replace(self, holds=tuple(left))

    def ended(self) -> Review:
        """No hold stands once the deadline passed unbroken."""
        return structs.replace(self, holds=())

    def restarted(self) -> Review:
        """With another deadline, what people looked at before says nothing more."""
        return structs.replace(self, reviewed=False, mailbox_reviewed=False)


class Doubt(Struct, frozen=True):
    """Something for which the clock may not record a lapse, by a rule of the record."""

    rule: str
    because: str
    about: str
    response: int = 0

    @property
    def refusal(self) -> Refused:
        """The refusal of a lapse for this reason."""
        return Refused(self.rule, self.because)

    @property
    def hold_subject(self) -> tuple[str, int]:
        """What it is about, as a hold says it."""
        return self.about, self.response
