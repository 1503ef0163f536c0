"""How a window moves and ends: extension, suspension, supersession, lapse."""

from __future__ import annotations

from domain import deadlines
from domain.agenda.events import ItemsApproved, ItemsNotApproved
from domain.deadlines import Deadline, Length
from domain.facts import Decision, Fact, Happened, Kind, Order, Role, Stream, telling
from domain.rules import insist
from domain.silence import roster
from domain.silence.commands import (
    AnnounceOutcome,
    ExtendSilence,
    HoldSilence,
    RecordLapse,
    ReferMatter,
    ReleaseSilence,
    ResumeSilence,
    SupersedeSilence,
    SuspendSilence,
)
from domain.silence.events import (
    MatterReferred,
    OutcomeAnnounced,
    SilenceExtended,
    SilenceHeld,
    SilenceLapsed,
    SilenceReleased,
    SilenceResumed,
    SilenceSuperseded,
    SilenceSuspended,
)
from domain.silence.window import Window
from domain.times import When, before
from domain.world import World

OUTSIDE = ("consultations", "a meeting", "a vote", "another body", "abandoned")


def decide(window: Window, order: Order, world: World) -> Decision:
    """Answer a command that moves or ends the window. Raises Refused."""
    command, here = order.command, order.command.stream
    match command:
        case AnnounceOutcome():
            known = window.over or window.told
            insist("stage", known, f"window {window.id} has no outcome yet")
            return Decision((Happened(here, telling(OutcomeAnnounced, command)),))
        case ReferMatter():
            insist("stage", window.over or order.attested, f"window {window.id} is still running")
            failed = window.broken or window.broken_whole or window.revoked or window.superseded
            approved = f"nothing of window {window.id} failed: it was approved"
            insist("stage", failed or order.attested, approved)
            insist("known", command.to in OUTSIDE, f"{command.to}: write {', '.join(OUTSIDE)}")
            return Decision((Happened(here, telling(MatterReferred, command)),))
        case RecordLapse():
            return _lapse(window, command, order, world)
    insist("stage", not window.over, f"window {window.id} has ended")
    if isinstance(command, HoldSilence):
        insist("empty", command.reason, "a hold needs its reason")
        return Decision((Happened(here, SilenceHeld(reason=command.reason)),))
    officer = order.attested or order.actor.role is Role.PRESIDING_OFFICER
    insist("live-role", officer, "only the presiding officer moves or ends a window")
    if isinstance(command, SupersedeSilence):
        return _supersede(window, command)
    return Decision((Happened(here, _moved(window, command, order, world)),))


def _moved(window: Window, command: object, order: Order, world: World) -> Fact:
    match command:
        case ExtendSilence(closes=closes, reason=reason):
            return _extended(window, closes, reason, order, world)
        case ReleaseSilence(reason=reason):
            insist("stage", window.held, f"window {window.id} is not held")
            insist("empty", reason, "a release needs its reason")
            return SilenceReleased(reason=reason)
        case SuspendSilence(reason=reason):
            _still_open(window, order)
            insist("stage", not window.suspended, f"window {window.id} is suspended already")
            return SilenceSuspended(reason=reason)
        case ResumeSilence():
            insist("stage", window.suspended, f"window {window.id} is not suspended")
            closes, deadline = _new_end(window, command, order, world)
            return SilenceResumed(closes=closes, deadline=deadline)
    raise TypeError(f"no window command: {command!r}")


def _extended(window: Window, closes: When, reason: str, order: Order, world: World) -> Fact:
    """Only while open, and only to a later end."""
    _still_open(window, order)
    runs = order.attested or not (window.suspended or window.held)
    because = f"window {window.id} is {'suspended' if window.suspended else 'held'}: end that first"
    insist("window-open", runs, because)
    insist("empty", reason, "an extension needs its reason")
    later = before(window.closes, closes)
    held = later is True or (later is None and order.attested)
    insist("extension-later", held, f"{closes} is not later than {window.closes}")
    deadline = None
    if not order.attested:
        deadline = deadlines.stated(
            closes, now=order.received_at, rule="extended by officer", tzdata=world.tzdata
        )
        closes = When.instant(deadline.utc)
    return SilenceExtended(closes=closes, reason=reason, deadline=deadline)


def _still_open(window: Window, order: Order) -> None:
    past = not order.attested and order.at >= window.closes.latest
    insist("window-open", not past, f"the deadline of window {window.id} is past: {window.closes}")
    late = [
        one.number
        for one in window.responses
        if one.standing == "late" or (one.ruled is False and one.near(window.closes))
    ]
    insist("window-open", order.attested or not late, f"response {late} was late already")


def _new_end(
    window: Window, command: ResumeSilence, order: Order, world: World
) -> tuple[When, Deadline | None]:
    if order.attested:
        return command.closes, None
    if command.closes.known:
        deadline = deadlines.stated(
            command.closes, now=order.received_at, rule="resumed by officer", tzdata=world.tzdata
        )
    else:
        body = world.body(window.body)
        deadline = deadlines.compute(
            order.received_at,
            Length.parse(command.length),
            zone=body.zone or "UTC",
            hour=world.pack_of(body, order.when).parameters.get("closing-hour", ""),
            calendars=body.working_days,
            rule="resumed by officer",
            tzdata=world.tzdata,
        )
    insist("extension-later", deadline.utc > order.at, "the new end is past already")
    shorter = deadline.utc < window.closes.latest
    insist("extension-later", not shorter, f"a suspension shortens no window: {window.closes}")
    return When.instant(deadline.utc), deadline


def _supersede(window: Window, command: SupersedeSilence) -> Decision:
    insist("empty", command.reason, "superseding needs its reason")
    facts = [Happened(command.stream, telling(SilenceSuperseded, command))]
    if window.subject.agenda:
        told = ItemsNotApproved(
            items=window.subject.items, window=window.id, reason="silence superseded"
        )
        facts.append(Happened(Stream(Kind.AGENDA, window.subject.agenda), told))
    return Decision(tuple(facts))


def _lapse(window: Window, command: RecordLapse, order: Order, world: World) -> Decision:
    """Deemed approved at the deadline, not when somebody looks; doubt holds it (8, 9)."""
    insist("stage", not window.over, f"window {window.id} has ended")
    if not order.attested:
        insist("live-role", order.actor.role is Role.CLOCK, "the silence clock records the lapse")
        insist("stage", not window.suspended, f"window {window.id} is suspended")
        passed = window.due(order.at)
        insist("lapse-after-deadline", passed, f"the deadline {window.closes} and its grace run")
        insist("stage", not window.held, f"window {window.id} is held: {window.held}")
        _heard(window, command)
        _all_told(window, world)
    waiting = [one.number for one in window.responses if one.breaks is None]
    insist("ruling-before-lapse", not waiting, f"response {waiting} waits for a ruling")
    undelivered = _named(window, window.failed)
    insist("told-before-lapse", not undelivered, f"not certainly told: {undelivered}")
    stands = tuple(part for part in window.parts if part and part not in window.broken)
    when = order.when if order.attested else window.closes
    lapsed = SilenceLapsed(items=stands or _undivided(window))
    facts = [Happened(order.command.stream, lapsed, when)]
    if window.subject.agenda:
        told = ItemsApproved(
            items=stands or window.subject.items,
            by=window.body,
            window=window.id,
            manner="silence",
        )
        facts.append(Happened(Stream(Kind.AGENDA, window.subject.agenda), told, when))
    return Decision(tuple(facts))


def _heard(window: Window, command: RecordLapse) -> None:
    """Whoever wanted to object could do so through the server, or people looked at it."""
    longest = window.policy.longest_outage_minutes
    open_ = not longest or window.reviewed or command.outage_minutes <= longest
    because = f"for {command.outage_minutes} minutes before the deadline nobody could answer here"
    insist("heard-before-lapse", open_, because)


def _all_told(window: Window, world: World) -> None:
    """Each seat was told, or the failure to tell it was waived, where the policy wants that."""
    if window.policy.notices_required:
        seats = frozenset(one.seat for one in roster.thaw(world.content(window.roster_hash)))
        untold = _named(window, seats - window.delivered - window.excused)
        insist("told-before-lapse", not untold, f"not told of the opening: {untold}")


def _named(window: Window, seats: frozenset[str]) -> str:
    """The seats by their ids, or only how many they are where names are withheld."""
    if window.policy.names_withheld:
        told = "1 seat" if len(seats) == 1 else f"{len(seats)} seats"
        return told if seats else ""
    return ", ".join(sorted(seats))


def _undivided(window: Window) -> tuple[str, ...]:
    """All items of a text that stood or fell as a whole."""
    return window.subject.items
