"""What history may still tell once something is live: it alters no live act, nor what followed.

What was missed is registered by the live acts that are made for it: a response on behalf with the
time at which it was received, a response found after the close, a correction with its authority.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from msgspec import structs

from domain.agenda.events import (
    AgendaAdopted,
    AgendaPublished,
    AgendaStarted,
    ApprovalSuspended,
    ItemsApproved,
    ItemsNotApproved,
    ReportAdopted,
    ReportDrafted,
)
from domain.body import Body
from domain.body.events import (
    BodyEstablished,
    CalendarPublished,
    SeatEmpowered,
    SeatFilled,
    SeatVacated,
)
from domain.corrections import FactCorrected
from domain.decision_context import DecisionContext
from domain.documents.events import DocumentRegistered
from domain.erasures import TextErased
from domain.instants import LATEST
from domain.messages import Command, Decision, Fact, NewEvent, Order, RecordedEvent
from domain.rules import require
from domain.session.events import SessionCancelled, SessionPostponed, SessionScheduled
from domain.silence import Window
from domain.silence.commands import (
    AnnounceOutcome,
    AnnounceRevision,
    DecideMatter,
    OpenSilence,
    ReferMatter,
)
from domain.streams import StreamKind
from domain.times import When, is_before

ACTS_AFTER_CLOSE: Final[tuple[type[Command], ...]] = (
    AnnounceOutcome,
    AnnounceRevision,
    DecideMatter,
    ReferMatter,
)
"""Live acts on a window that a source tells: they run no clock and change no outcome."""
FOUNDING_EVENTS: Final = (
    BodyEstablished,
    SessionScheduled,
    AgendaStarted,
    DocumentRegistered,
    FactCorrected,
    TextErased,
)
REVERSING_EVENTS: Final = (SessionPostponed, SessionCancelled)
OUTCOMES: Final = (ItemsApproved, ItemsNotApproved, ApprovalSuspended)
ROSTER_FIELDS: Final = (SeatFilled, SeatVacated, SeatEmpowered)
WHOLE_TEXT_EVENTS: Final = (AgendaPublished, AgendaAdopted, ReportDrafted, ReportAdopted)
"""What is done with an agenda as a whole, in reliance on each of its items."""


def require_one_basis(order: Order, world: DecisionContext) -> None:
    """A window is attested by sources from its opening on, or run by the rules. Raises Refused.

    What opened it decides. Of an attested window, only what comes after its outcome is live.
    """
    command = order.command
    if command.stream.kind is not StreamKind.WINDOW or isinstance(command, OpenSilence):
        return
    window: Window = world.state(command.stream)
    if not window.id or window.attested == order.attested:
        return
    because = f"window {window.id} is told by its sources: tell this with its source"
    if order.attested:
        because = f"window {window.id} runs by the rules: no source tells what happens in it"
    afterwards = not order.attested and isinstance(command, ACTS_AFTER_CLOSE)
    require("window-of-one-basis", afterwards, because)


def require_live_acts_unchanged(order: Order, decision: Decision, world: DecisionContext) -> None:
    """Nothing that a source tells is added to a stream where it would alter a live act.

    A body is asked by date, so what it says of the time before its first live act may still be
    recorded. Into other streams history goes no more once something in them is live; only the
    outcome of a window that a source states may still follow, where no live act relies on it.
    Raises Refused.
    """
    if not order.attested:
        return
    for new in decision.facts:
        live = [known for known in world.events(new.stream) if _binds(known, new.fact)]
        if live and not _harmless(order, new, live, world):
            because = f"{new.stream} holds live acts since event {live[0].version}"
            require("history-alters-no-live-act", False, because)


def _binds(known: RecordedEvent, fact: Fact) -> bool:
    """Whether it is a live act that stands on what was recorded before it, or that would be undone.

    What founds a stream stands on nothing; only the dates of a session can be undone later. A
    correction is the way to change what history says.
    """
    if known.attested:
        return False
    if isinstance(known.fact, SessionScheduled):
        return isinstance(fact, REVERSING_EVENTS)
    return not isinstance(known.fact, FOUNDING_EVENTS)


def _harmless(
    order: Order, new: NewEvent, live: list[RecordedEvent], world: DecisionContext
) -> bool:
    state = world.state(new.stream)
    if isinstance(state, Body):
        after = state.evolve(_as_recorded(order, new))
        return _relied_on(state, live) == _relied_on(after, live)
    return isinstance(new.fact, OUTCOMES) and _untouched(order, new.fact, live)


def _as_recorded(order: Order, new: NewEvent) -> RecordedEvent:
    """The fact as the record would hold it, as far as a body remembers it."""
    return RecordedEvent(
        organisation="",
        stream=new.stream,
        version=0,
        position=0,
        name="",
        fact=new.fact,
        effective=order.when,
        received_at=order.received_at,
        recorded_at=order.at,
        actor=order.actor,
        source=order.source,
    )


def _relied_on(body: Body, live: list[RecordedEvent]) -> Body:
    """What a body says of the time since it acts live: its rules, its roster, its calendars.

    A roster or a calendar that only sources stated so far is continued by them: the windows of the
    body froze what they stand on.
    """
    rules = _since(live)
    roster = _since(event for event in live if isinstance(event.fact, ROSTER_FIELDS))
    days = _since(event for event in live if isinstance(event.fact, CalendarPublished))
    zone = body.term_zone
    return structs.replace(
        body,
        packs=_packs_since(body, rules),
        seats=tuple(seat for seat in body.seats if not _over(seat.until, roster, zone)),
        powers=tuple(power for power in body.powers if not _over(power.until, roster, zone)),
        calendars=tuple(known for known in body.calendars if known.year >= days.earliest.year),
    )


def _packs_since(body: Body, since: When) -> tuple[tuple[When, str], ...]:
    """The rule pack in force then, and those that came after it."""
    later = [pack for pack in body.packs if is_before(pack[0], since, body.term_zone) is not True]
    return ((since, body.pack_at(since)), *later)


def _since(live: Iterable[RecordedEvent]) -> When:
    """When the first of these acts took effect; the end of time where there is none."""
    return When.from_instant(min((event.effective.earliest for event in live), default=LATEST))


def _over(until: When, then: When, zone: str) -> bool:
    """Whether it ended before then, by days of this zone; at the end of time everything has."""
    return then.earliest == LATEST or is_before(until, then, zone) is True


def _untouched(order: Order, fact: Fact, live: list[RecordedEvent]) -> bool:
    """Whether this is the outcome of an attested window, on whose items no live act relies."""
    of_window = order.command.stream.kind is StreamKind.WINDOW
    items = {*getattr(fact, "items", ())}
    return of_window and not any(_relies(known.fact, items) for known in live)


def _relies(fact: Fact, items: set[str]) -> bool:
    named = {getattr(fact, "item", ""), getattr(fact, "under", ""), *getattr(fact, "items", ())}
    return isinstance(fact, WHOLE_TEXT_EVENTS) or bool(named & items)
