"""Holds: each stands for one doubt about the close, and ends by an act about that doubt alone."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from domain.rules import Refused

REVIEW: Final = "review"
RESPONSE: Final = "response"
NOTICES: Final = "notices"
OUTAGE: Final = "outage"
CLOCK: Final = "clock"
RESTORED: Final = "restored backup"
ABOUT: Final = (REVIEW, RESPONSE, NOTICES, OUTAGE, CLOCK, RESTORED, "letter")
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

        Such a hold ended with the next ruling or notice, and the clock looked anew; so it does.
        """
        return self.by_clock and not self.about


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
