"""Which event tells whom what, from the log alone.

Nothing is ever mailed about history that a source tells, nor about what was simulated.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Final

from domain.actors import Role
from domain.decision_context import DecisionContext
from domain.messages import Fact, RecordedEvent
from domain.notices import ALARM, OPENING, RECEIPT, REMINDER, Notice
from domain.ports.address_book import PRESIDING_OFFICER
from domain.ports.event_store import History
from domain.silence import Phase, Window
from domain.silence.events import (
    ApprovalConfirmed,
    ApprovalRevoked,
    LateResponseReceived,
    NoticesRecorded,
    NoticesRepeated,
    Response,
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
from domain.silence.notice_repetition import ENDS
from domain.silence.roster import FrozenSeat, decode_roster
from domain.streams import Stream, StreamKind

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
"""Events of which every seat of the frozen roster is told, and what about.

Of a response that was found after the close all are told where it suspends the approval.
"""

NO_ADDRESS: Final = "no address in the directory"
"""Why a letter failed that is sent once the directory has an address for it."""

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
    one: RecordedEvent, world: DecisionContext, before: DecisionContext | None, *, receipts: bool
) -> Iterator[Notice]:
    """The notices that an event causes.

    `before` is the record as it stood when the outbox was made, for an event that is older:
    then nothing is told of which the record says what became of it. Of what was over by then
    only the end is told, and only where letters had been sent before: that outbox was lost.
    Letters with receipts are told only where there are `receipts`.
    """
    if one.stream.kind is not StreamKind.WINDOW or one.attested or one.virtual:
        return
    window: Window = world.state(one.stream)
    over = before is not None and before.window(window.id).is_over
    about, names, told = _telling(one, window, world)
    if window.attested or (over and not (about in ENDS and _served(one.stream, world))):
        return
    known = _told_already(one, about, world) if before else frozenset()
    for name in names:
        if name not in known:
            yield _notice(one, about, name, position=told)
    if not over and needs_officer(one, window):
        yield _notice(one, ALARM, PRESIDING_OFFICER, office=True)
    if receipts and before is None and isinstance(one.fact, RESPONSES):
        roster = {seat.seat for seat in roster_seats(window, world)}
        for name in dict.fromkeys(one.fact.response.seats):
            if name in roster:
                yield _notice(one, RECEIPT, name)


def _telling(
    one: RecordedEvent, window: Window, world: DecisionContext
) -> tuple[str, Sequence[str], int]:
    """About what an event tells seats, which ones, and the position of what is told."""
    if isinstance(one.fact, NoticesRepeated):
        of = [
            earlier.position
            for earlier in world.events(one.stream)
            if earlier.position < one.position and broadcast_topic(earlier.fact) == one.fact.about
        ]
        return one.fact.about, one.fact.seats if of else (), max(of, default=one.position)
    about = broadcast_topic(one.fact)
    return about, [one.seat for one in roster_seats(window, world)] if about else (), one.position


def _served(stream: Stream, world: DecisionContext) -> bool:
    """Whether letters about a window were sent from here before."""
    return any(
        isinstance(one.fact, NoticesRecorded) and one.actor.role is Role.NOTICES
        for one in world.events(stream)
    )


def broadcast_topic(fact: Fact) -> str:
    """What a letter to all would be about that tells this; empty for what is not told to all."""
    return TO_ALL.get(type(fact), "") if getattr(fact, "suspends", True) else ""


def needs_officer(one: RecordedEvent, window: Window) -> bool:
    """Whether the presiding officer has to do something about it."""
    match one.fact:
        case ResponseFoundAfterClose(suspends=suspends):
            return suspends
        case ResponseRefused(number=number):
            return number in {unheard.number for unheard in window.unconsidered_responses}
        case NoticesRecorded(result=result, about=about):
            needless = about == REMINDER or (window.is_over and about != "outcome")
            return result == "failed" and not needless
    return isinstance(one.fact, SilenceHeld | ResponseAtMargin)


def due_reminders(
    history: History, world: DecisionContext, windows: Iterable[str], now: datetime
) -> Iterator[Notice]:
    """Reminders that are due at `now`: to seats that are silent, once for each deadline.

    Whoever was told of the deadline later than that needs none.
    """
    for name in windows:
        events = world.events(Stream(StreamKind.WINDOW, name))
        window = world.window(name)
        wanted = window.policy.reminder_hours and window.closes.has_hour
        last = max((one for one in events if isinstance(one.fact, DEADLINES)), key=_place)
        told = last.recorded_at
        near = wanted and told < window.reminder_due_from <= now
        simulated = any(one.virtual for one in events)
        if not near or simulated or window.attested or window.phase(now) is not Phase.OPEN:
            continue
        asked = roster_seats(window, world)
        known = _told_already(last, REMINDER, world)
        silent = {one.seat for one in asked} - answered_seats(events, asked) - known
        for seat in asked:
            if seat.seat in silent:
                yield Notice(
                    organisation=history.organisation,
                    window=name,
                    about=REMINDER,
                    occasion=str(window.closes),
                    to=seat.seat,
                    position=history.last_position(),
                )


def answered_seats(events: Iterable[RecordedEvent], roster: Iterable[FrozenSeat]) -> frozenset[str]:
    """Seats that answered, or for whom one answered who may: these are not silent.

    Whoever sent what could not count has answered nevertheless; a letter that says that nothing
    has come would be wrong. Who was only named by somebody without power has not answered.
    """
    powers = {one.seat: {one.seat, *one.acts_for} for one in roster}
    found: set[str] = set()
    for one in events:
        if isinstance(one.fact, RESPONSES):
            found |= _answering(one, one.fact.response, powers)
    return frozenset(found)


def _answering(
    one: RecordedEvent, response: Response, powers: Mapping[str, AbstractSet[str]]
) -> AbstractSet[str]:
    """The seats that one response is an answer of."""
    if not isinstance(one.fact, ResponseRefused):
        return {*response.seats, *response.on_behalf_of}
    if one.actor.role is not Role.SEAT:  # staff registers what came from the seats that it names
        return {*response.seats}
    mine = powers.get(one.actor.seat, set())
    return mine & {one.actor.seat, *response.seats, *response.on_behalf_of}


def roster_seats(window: Window, world: DecisionContext) -> tuple[FrozenSeat, ...]:
    """The seats of the roster that was frozen at the opening."""
    return decode_roster(world.content(window.roster_hash)) if window.roster_hash else ()


def _place(one: RecordedEvent) -> int:
    return one.position


def _notice(
    one: RecordedEvent, about: str, to: str, *, office: bool = False, position: int | None = None
) -> Notice:
    return Notice(
        organisation=one.organisation,
        window=one.stream.id,
        about=about,
        occasion=str(one.position),
        to=to,
        position=one.position if position is None else position,
        office=office,
    )


def _told_already(one: RecordedEvent, about: str, world: DecisionContext) -> frozenset[str]:
    """Seats of which the record says later what became of a notice of this event.

    Who had no address is told once there is one. Older records do not say of which event they
    are; they are taken for the one before them that tells the same.
    """
    return frozenset(
        seat
        for later in world.events(one.stream)
        if isinstance(later.fact, NoticesRecorded) and later.position > one.position
        if (later.fact.about or OPENING) == about and later.fact.event in {None, one.version}
        if not (later.fact.result == "failed" and later.fact.reason == NO_ADDRESS)
        for seat in later.fact.seats
    )
