"""Whether what a letter would tell still holds at the moment at which it is sent.

Letters wait: mail servers are down, or put them off. A deadline that holds no more must reach
no seat as one that does. Each kind of letter has one of three fates:

- an opening goes out as long as one can object, and tells the deadline that holds by then;
- a reminder, an extension, a suspension, a resumption or an alarm is left out once it is overtaken:
  another letter tells its addressee what holds, or nothing is to be done any more;
- the end of a procedure is always told, marked where something has happened since.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from msgspec import Struct

from domain.decision_context import DecisionContext
from domain.messages import Fact
from domain.notices import ALARM, OPENING, REMINDER, Notice
from domain.ports.outbox import DeliveryOutcome
from domain.silence import Window
from domain.silence.events import (
    NoticesRecorded,
    ResponseAtMargin,
    ResponseFoundAfterClose,
    SilenceExtended,
    SilenceHeld,
    SilenceResumed,
)
from domain.streams import Stream, StreamKind
from workflows.notifications.answered_seats import answered_seats
from workflows.queries.window_seats import roster_of

TOO_LATE: Final = "not sent before the deadline"
ENDED: Final = "the procedure had ended before it could be sent"
STOPPED: Final = "the clock had been stopped before it could be sent"
RUNS: Final = "the clock ran again before it could be sent"
MOVED: Final = "another deadline held before it could be sent"
ANSWERED: Final = "the seat had answered before it could be sent"
SETTLED: Final = "nothing had to be done any more before it could be sent"

DEADLINE: Final = frozenset({"extension", "resumption", REMINDER})
"""What it is about when it tells a deadline that another letter told first."""
BEFORE_THE_END: Final = DEADLINE | {OPENING}
"""What it is about when it is of use only as long as one can still object."""


class CurrentWindow(Struct, frozen=True):
    """A window as it stands at the moment of sending, with what happened in it, by position."""

    window: Window
    facts: Mapping[int, Fact]
    answered: frozenset[str]

    @classmethod
    def from_record(cls, name: str, world: DecisionContext) -> CurrentWindow:
        """A window as this record has it. Raises Refused for one that is not there."""
        window, events = world.window(name), world.events(Stream(StreamKind.WINDOW, name))
        roster = roster_of(window, world)
        facts = {event.position: event.fact for event in events}
        return cls(window, facts, answered_seats(events, roster))


def obsolete_outcome(
    notice: Notice, present: CurrentWindow, now: datetime
) -> DeliveryOutcome | None:
    """What becomes of a letter that may not leave any more; None where it may.

    One that was needed by its seat is given up, which is recorded as a failure to tell it. One
    that something later makes needless is `overtaken`, which is no failure.
    """
    window = present.window
    if reason := _overtaken(notice, present):
        is_opening = notice.about == OPENING
        return DeliveryOutcome(state="given up" if is_opening else "overtaken", reason=reason)
    past = not window.suspended and now >= window.closes.latest
    if notice.about in BEFORE_THE_END and past:
        return DeliveryOutcome(state="given up", reason=TOO_LATE)
    return None


def _overtaken(notice: Notice, present: CurrentWindow) -> str:
    """By what a letter is overtaken; empty where it holds."""
    window, fact = present.window, present.facts.get(notice.position)
    if notice.about == ALARM:
        return "" if _pressing(fact, window) else SETTLED
    if notice.about == "suspension" or notice.about in BEFORE_THE_END:
        if window.is_over:
            return ENDED
        if notice.about == "suspension":
            return "" if window.suspended else RUNS
        if window.suspended and notice.about in DEADLINE:
            return STOPPED
    if isinstance(fact, SilenceExtended | SilenceResumed) and notice.about in DEADLINE:
        return "" if fact.closes == window.closes else MOVED
    if notice.about == REMINDER:
        if notice.occasion != str(window.closes):
            return MOVED
        return ANSWERED if notice.to in present.answered else ""
    return ""


def _pressing(fact: Fact | None, window: Window) -> bool:
    """Whether what the presiding officer is alarmed about is still to be done."""
    match fact:
        case SilenceHeld():
            return bool(window.hold_reason)
        case ResponseFoundAfterClose(number=number) | ResponseAtMargin(number=number):
            return number in window.awaiting_ruling
        case NoticesRecorded(about=about, seats=seats) if about != "outcome":
            reported = {(about or OPENING, seat) for seat in seats}
            return not window.is_over and bool(reported & window.notices.undelivered)
    return True
