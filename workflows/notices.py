"""Which event tells whom what, from the log alone.

Nothing is ever mailed about history that a source tells, nor about what was simulated.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Final

from domain.facts import Fact, Kind, Recorded, Role, Stream
from domain.notices import (
    ALARM,
    OPENING,
    PRESIDING_OFFICER,
    RECEIPT,
    REMINDER,
    Notice,
)
from domain.ports import History
from domain.silence import Phase, Window
from domain.silence.events import (
    ApprovalConfirmed,
    ApprovalRevoked,
    LateResponseReceived,
    NoticesRecorded,
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
from domain.silence.roster import FrozenSeat, thaw
from domain.world import World

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


def told_by(
    one: Recorded, world: World, before: World | None, *, receipts: bool
) -> Iterator[Notice]:
    """The notices that an event causes.

    `before` is the record as it stood when the outbox was made, for an event that is older:
    then what is over already is not told, nor what the record says was told. Letters with
    receipts are told only where there are `receipts`.
    """
    if one.stream.kind is not Kind.WINDOW or one.attested or one.virtual:
        return
    window: Window = world.state(one.stream)
    if window.attested or (before and before.window(window.id).over):
        return
    about = told_to_all(one.fact)
    if about:
        known = _told_already(one, about, world) if before else frozenset()
        for seat in seats(window, world):
            if seat.seat not in known:
                yield _notice(one, about, seat.seat)
    if alarming(one, window):
        yield _notice(one, ALARM, PRESIDING_OFFICER, office=True)
    if receipts and before is None and isinstance(one.fact, RESPONSES):
        roster = {seat.seat for seat in seats(window, world)}
        for name in dict.fromkeys(one.fact.response.seats):
            if name in roster:
                yield _notice(one, RECEIPT, name)


def told_to_all(fact: Fact) -> str:
    """What a letter to all would be about that tells this; empty for what is not told to all."""
    return TO_ALL.get(type(fact), "") if getattr(fact, "suspends", True) else ""


def alarming(one: Recorded, window: Window) -> bool:
    """Whether the presiding officer has to do something about it."""
    match one.fact:
        case ResponseFoundAfterClose(suspends=suspends):
            return suspends
        case ResponseRefused(number=number):
            return number in {unheard.number for unheard in window.unheard}
        case NoticesRecorded(result=result, about=about):
            needless = about == REMINDER or (window.over and about != "outcome")
            return result == "failed" and not needless
    return isinstance(one.fact, SilenceHeld | ResponseAtMargin)


def reminders(
    history: History, world: World, windows: Iterable[str], now: datetime
) -> Iterator[Notice]:
    """Reminders that are due at `now`: to seats that are silent, once for each deadline.

    Whoever was told of the deadline later than that needs none.
    """
    for name in windows:
        events = world.events(Stream(Kind.WINDOW, name))
        window = world.window(name)
        wanted = window.policy.reminder_hours and window.closes.hourly
        told = max(one.recorded_at for one in events if isinstance(one.fact, DEADLINES))
        near = wanted and told < window.reminded_from <= now
        simulated = any(one.virtual for one in events)
        if not near or simulated or window.attested or window.phase(now) is not Phase.OPEN:
            continue
        asked = seats(window, world)
        silent = {one.seat for one in asked} - answered(events, asked)
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


def answered(events: Iterable[Recorded], roster: Iterable[FrozenSeat]) -> frozenset[str]:
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
    one: Recorded, response: Response, powers: Mapping[str, AbstractSet[str]]
) -> AbstractSet[str]:
    """The seats that one response is an answer of."""
    if not isinstance(one.fact, ResponseRefused):
        return {*response.seats, *response.on_behalf_of}
    if one.actor.role is not Role.SEAT:  # staff registers what came from the seats that it names
        return {*response.seats}
    mine = powers.get(one.actor.seat, set())
    return mine & {one.actor.seat, *response.seats, *response.on_behalf_of}


def seats(window: Window, world: World) -> tuple[FrozenSeat, ...]:
    """The seats of the roster that was frozen at the opening."""
    return thaw(world.content(window.roster_hash)) if window.roster_hash else ()


def _notice(one: Recorded, about: str, to: str, *, office: bool = False) -> Notice:
    return Notice(
        organisation=one.organisation,
        window=one.stream.id,
        about=about,
        occasion=str(one.position),
        to=to,
        position=one.position,
        office=office,
    )


def _told_already(one: Recorded, about: str, world: World) -> frozenset[str]:
    """Seats of which the record says later what became of a notice about the same."""
    return frozenset(
        seat
        for later in world.events(one.stream)
        if isinstance(later.fact, NoticesRecorded) and later.position > one.position
        if (later.fact.about or OPENING) == about
        for seat in later.fact.seats
    )
