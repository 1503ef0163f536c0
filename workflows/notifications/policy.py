"""Which event tells whom what, from the log alone.

Nothing is ever mailed about history that a source tells, nor about what was simulated.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from domain.actors import Role
from domain.decision_context import DecisionContext
from domain.messages import Fact, RecordedEvent
from domain.notices import ALARM, NO_ADDRESS, OPENING, RECEIPT, REMINDER, Notice
from domain.ports.address_book import PRESIDING_OFFICER
from domain.silence import Window
from domain.silence.end_notices import ENDS
from domain.silence.events import (
    ApprovalConfirmed,
    ApprovalRevoked,
    LateResponseReceived,
    NoticesRecorded,
    NoticesRepeated,
    ResponseAtMargin,
    ResponseFoundAfterClose,
    ResponseReceived,
    ResponseRefused,
    SilenceBroken,
    SilenceExtended,
    SilenceHeld,
    SilenceLapsed,
    SilenceOpened,
    SilenceResumed,
    SilenceSuperseded,
    SilenceSuspended,
)
from domain.streams import Stream, StreamKind
from workflows.queries.window_seats import roster_of

TO_ALL: Final[Mapping[type, str]] = {
    SilenceOpened: OPENING,
    SilenceExtended: "extension",
    SilenceSuspended: "suspension",
    SilenceResumed: "resumption",
    SilenceSuperseded: "supersession",
    SilenceBroken: "outcome",
    SilenceLapsed: "outcome",
    ResponseFoundAfterClose: "outcome",
    ApprovalRevoked: "outcome",
    ApprovalConfirmed: "outcome",
}
"""Events of which every seat of the frozen roster is notified, and what about.

Of a response that was found after the close all are told where it suspends the approval.
"""

DEADLINES: Final = (SilenceOpened, SilenceExtended, SilenceResumed)
"""Events that tell all of a deadline."""

RESPONSES: Final = (
    ResponseReceived,
    LateResponseReceived,
    ResponseRefused,
    ResponseAtMargin,
    ResponseFoundAfterClose,
)
"""Events of a response that came."""


def notices_for(
    event: RecordedEvent, world: DecisionContext, before: DecisionContext | None, *, receipts: bool
) -> Iterator[Notice]:
    """The notices that an event causes.

    `before` is the record as it stood when the outbox was made, for an event that is older:
    then nothing is sent of which the record says what became of it. Of what was over by then
    only the end is notified, and only where letters had been sent before: that outbox was lost.
    Letters with receipts are queued only where there are `receipts`.
    """
    if event.stream.kind is not StreamKind.WINDOW or event.attested or event.virtual:
        return
    window: Window = world.state(event.stream)
    over = before is not None and before.window(window.id).is_over
    about, names, position = _topic(event, window, world)
    if window.attested or (over and not (about in ENDS and _served(event.stream, world))):
        return
    known = seats_known(event, about, world) if before else frozenset()
    for name in names:
        if name not in known:
            yield _notice(event, about, name, position=position)
    if not over and needs_officer(event, window):
        yield _notice(event, ALARM, PRESIDING_OFFICER, office=True)
    if receipts and before is None and isinstance(event.fact, RESPONSES):
        roster = {seat.seat for seat in roster_of(window, world)}
        for name in dict.fromkeys(event.fact.response.seats):
            if name in roster:
                yield _notice(event, RECEIPT, name)


def _topic(
    event: RecordedEvent, window: Window, world: DecisionContext
) -> tuple[str, Sequence[str], int]:
    """About what an event notifies seats, which ones, and the position of the event."""
    if isinstance(event.fact, NoticesRepeated):
        of = [
            earlier.position
            for earlier in world.events(event.stream)
            if earlier.position < event.position
            and broadcast_topic(earlier.fact) == event.fact.about
        ]
        return event.fact.about, event.fact.seats if of else (), max(of, default=event.position)
    about = broadcast_topic(event.fact)
    return (
        about,
        [event.seat for event in roster_of(window, world)] if about else (),
        event.position,
    )


def _served(stream: Stream, world: DecisionContext) -> bool:
    """Whether letters about a window were sent from here before."""
    return any(
        isinstance(event.fact, NoticesRecorded) and event.actor.role is Role.NOTICES
        for event in world.events(stream)
    )


def broadcast_topic(fact: Fact) -> str:
    """What a letter to all about this event is about; empty where not all are notified."""
    return TO_ALL.get(type(fact), "") if getattr(fact, "suspends", True) else ""


def needs_officer(event: RecordedEvent, window: Window) -> bool:
    """Whether the presiding officer has to do something about it."""
    match event.fact:
        case ResponseFoundAfterClose(suspends=suspends):
            return suspends
        case ResponseRefused(number=number):
            return number in {response.number for response in window.unconsidered_responses}
        case NoticesRecorded(result=result, about=about):
            needless = about == REMINDER or (window.is_over and about != "outcome")
            return result == "failed" and not needless
    return isinstance(event.fact, SilenceHeld | ResponseAtMargin)


def _notice(
    event: RecordedEvent, about: str, to: str, *, office: bool = False, position: int | None = None
) -> Notice:
    return Notice(
        organisation=event.organisation,
        window=event.stream.id,
        about=about,
        occasion=str(event.position),
        to=to,
        position=event.position if position is None else position,
        office=office,
    )


def seats_known(event: RecordedEvent, about: str, world: DecisionContext) -> frozenset[str]:
    """Seats of which the record says later what became of a notice of this event.

    A seat that had no address is notified once there is one. Older records do not say of which
    event they are; they are taken for the last one before them about the same.
    """
    return frozenset(
        seat
        for later in world.events(event.stream)
        if isinstance(later.fact, NoticesRecorded) and later.position > event.position
        if (later.fact.about or OPENING) == about and later.fact.event in {None, event.version}
        if not (later.fact.result == "failed" and later.fact.reason == NO_ADDRESS)
        for seat in later.fact.seats
    )
