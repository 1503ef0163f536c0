"""How a window moves and ends: extension, suspension, supersession, lapse."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from domain import deadlines
from domain.actors import Role
from domain.agenda.events import ItemsApproved, ItemsNotApproved
from domain.deadlines import Deadline, Length
from domain.decision_context import DecisionContext
from domain.messages import Decision, Fact, NewEvent, Order
from domain.rules import Finding, enforce, make_finding, require
from domain.silence import holds, opening, roster
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
from domain.silence.holds import Doubt
from domain.silence.response_decisions import cite
from domain.silence.responses import HARMLESS, ReceivedResponse
from domain.silence.window import Window
from domain.streams import Kind, Stream
from domain.times import When, is_before

HOLDERS: Final = (Role.SECRETARIAT, Role.PRESIDING_OFFICER, Role.CLOCK)
EVENTS_OF_OTHERS = ("consultations", "a meeting", "a vote", "another body", "abandoned")


def decide(window: Window, order: Order, world: DecisionContext) -> Decision:
    """Answer a command that moves or ends the window. Raises Refused."""
    command, here = order.command, order.command.stream
    match command:
        case AnnounceOutcome():
            known = window.is_over or window.told
            require("stage", known, f"window {window.id} has no outcome yet")
            announced = OutcomeAnnounced(manner=command.manner, note=command.note)
            return Decision((NewEvent(here, announced),))
        case ReferMatter():
            require(
                "stage", window.is_over or order.attested, f"window {window.id} is still running"
            )
            failed = window.broken or window.broken_whole or window.revoked or window.superseded
            approved = f"nothing of window {window.id} failed: it was approved"
            require("stage", failed or order.attested, approved)
            require(
                "known",
                command.to in EVENTS_OF_OTHERS,
                f"{command.to}: write {', '.join(EVENTS_OF_OTHERS)}",
            )
            referred = MatterReferred(to=command.to, reason=command.reason)
            return Decision((NewEvent(here, referred),))
        case RecordLapse():
            return _lapse(window, command, order, world)
    require("stage", not window.is_over, f"window {window.id} has ended")
    if isinstance(command, HoldSilence):
        return Decision((NewEvent(here, _held(window, command, order)),))
    officer = order.attested or order.actor.role is Role.PRESIDING_OFFICER
    require("live-role", officer, "only the presiding officer moves or ends a window")
    if isinstance(command, SupersedeSilence):
        return _supersede(window, command, order, world)
    if isinstance(command, ResumeSilence):
        return _resume(window, command, order, world)
    return Decision((NewEvent(here, _moved(window, command, order, world)),))


def _held(window: Window, command: HoldSilence, order: Order) -> Fact:
    """A hold of its own beside those that stand."""
    may = order.attested or order.actor.role in HOLDERS
    require("live-role", may, "the secretariat, the presiding officer or the clock holds a window")
    require("empty", command.reason, "a hold needs its reason")
    about = command.about or (holds.RESPONSE if command.response else holds.REVIEW)
    require("known", about in holds.ABOUT, f"{about}: write {', '.join(holds.ABOUT)}")
    one = about == holds.RESPONSE
    require("hold-named", one == bool(command.response), "say on which response a hold waits")
    if one:
        window.received(command.response)
    return SilenceHeld(
        reason=command.reason,
        hold=window.held_so_far + 1,
        about=about,
        waits_for=command.response,
        **cite("hold-named"),
    )


def _moved(window: Window, command: object, order: Order, world: DecisionContext) -> Fact:
    match command:
        case ExtendSilence(closes=closes, reason=reason):
            return _extended(window, closes, reason, order, world)
        case ReleaseSilence():
            return _released(window, command)
        case SuspendSilence(reason=reason):
            _still_open(window, order)
            require("stage", not window.suspended, f"window {window.id} is suspended already")
            return SilenceSuspended(reason=reason)
    raise TypeError(f"no window command: {command!r}")


def _released(window: Window, command: ReleaseSilence) -> Fact:
    """One hold ends, by its number; which one may be left open where one stands only."""
    standing = {one.number: one for one in window.holds}
    require("stage", standing, f"window {window.id} is not held")
    require("empty", command.reason, "a release needs its reason")
    named = "; ".join(f"{one.number} ({one.reason})" for one in window.holds)
    require("hold-named", command.hold or len(standing) == 1, f"say which hold ends: {named}")
    number = command.hold or window.holds[0].number
    require("known", number in standing, f"hold {number} does not stand; there are: {named}")
    return SilenceReleased(reason=command.reason, hold=number)


def _extended(
    window: Window, closes: When, reason: str, order: Order, world: DecisionContext
) -> Fact:
    """Only while the clock runs, and only to a later end; holds stand on beside it."""
    _still_open(window, order)
    runs = order.attested or not window.suspended
    require("window-open", runs, f"window {window.id} is suspended: resume it")
    require("empty", reason, "an extension needs its reason")
    later = is_before(window.closes, closes)
    held = later is True or (later is None and order.attested)
    require("extension-later", held, f"{closes} is not later than {window.closes}")
    deadline = None
    if not order.attested:
        deadline = deadlines.stated_deadline(
            closes, now=order.received_at, rule="extended by officer", tzdata=world.tzdata
        )
        closes = When.from_instant(deadline.utc)
    return SilenceExtended(closes=closes, reason=reason, deadline=deadline)


def _still_open(window: Window, order: Order) -> None:
    past = not order.attested and order.at >= window.closes.latest
    require("window-open", not past, f"the deadline of window {window.id} is past: {window.closes}")
    late = [
        one.number
        for one in window.responses
        if one.standing == "late" or (one.ruled is False and one.near(window.closes))
    ]
    require("window-open", order.attested or not late, f"response {late} was late already")


def _resume(
    window: Window, command: ResumeSilence, order: Order, world: DecisionContext
) -> Decision:
    """The clock runs again; all in all it runs as long as the rules want, whatever it was stopped.

    Nobody has to give back what an extension had added, nor what a waiver had taken at the opening.
    """
    require("stage", window.suspended, f"window {window.id} is not suspended")
    closes, deadline = _new_end(window, command, order, world)
    happened = NewEvent(command.stream, SilenceResumed(closes=closes, deadline=deadline))
    if deadline is None:
        return Decision((happened,))
    body = world.body(window.body)
    pack = world.pack_of(body, order.when)
    asked = _runs_long_enough(window, deadline, order, world)
    found = enforce(pack, (asked,), attested=False, waivers=order.waivers)
    return Decision((happened,), found, pack=body.pack_at(order.when))


def _runs_long_enough(
    window: Window, deadline: Deadline, order: Order, world: DecisionContext
) -> Finding:
    """Whether the window will have run as long as its rules want, or as it was to run at first."""
    body = world.body(window.body)
    pack = world.pack_of(body, order.when)
    opened = window.opened.latest
    minimum = pack.parameter("silence-minimum-length", "length")
    least = opening.deadline_after(minimum, opened, body, pack, world).utc if minimum else opened
    wanted = min(least, window.first_closes.latest) - opened
    left = wanted - window.time_run
    held = deadline.utc - order.received_at >= left
    because = f"it ran for {window.time_run} before it was suspended; {left} of {wanted} is left"
    return make_finding("silence-minimum-length", held, because)


def _new_end(
    window: Window, command: ResumeSilence, order: Order, world: DecisionContext
) -> tuple[When, Deadline | None]:
    if order.attested:
        return command.closes, None
    if command.closes.known:
        deadline = deadlines.stated_deadline(
            command.closes, now=order.received_at, rule="resumed by officer", tzdata=world.tzdata
        )
    else:
        body = world.body(window.body)
        deadline = deadlines.compute_deadline(
            order.received_at,
            Length.parse(command.length),
            zone=body.zone or "UTC",
            hour=world.pack_of(body, order.when).parameters.get("closing-hour", ""),
            calendars=body.working_days,
            rule="resumed by officer",
            tzdata=world.tzdata,
        )
    require("extension-later", deadline.utc > order.at, "the new end is past already")
    shorter = deadline.utc < window.closes.latest
    require("extension-later", not shorter, f"a suspension shortens no window: {window.closes}")
    return When.from_instant(deadline.utc), deadline


def _supersede(
    window: Window, command: SupersedeSilence, order: Order, world: DecisionContext
) -> Decision:
    """Until the deadline, or while the outcome is in doubt.

    What silence approved at the deadline is not undone before somebody has written it down.
    """
    require("empty", command.reason, "superseding needs its reason")
    past = not (order.attested or window.suspended) and order.at >= window.closes.latest
    doubtful = past and (window.hold_reason or closing_doubts(window, 0, world))
    because = f"the deadline {window.closes} is past, and nothing is in doubt: silence decided"
    require("window-open", not past or doubtful, because)
    told_ = SilenceSuperseded(reason=command.reason, by=command.by, **cite("text-under-silence"))
    facts = [NewEvent(command.stream, told_)]
    if window.subject.agenda:
        told = ItemsNotApproved(
            items=window.subject.items, window=window.id, reason="silence superseded"
        )
        facts.append(NewEvent(Stream(Kind.AGENDA, window.subject.agenda), told))
    return Decision(tuple(facts))


def _lapse(window: Window, command: RecordLapse, order: Order, world: DecisionContext) -> Decision:
    """Deemed approved at the deadline, not when somebody looks; doubt holds it (8, 9)."""
    require("stage", not window.is_over, f"window {window.id} has ended")
    if order.attested:
        _insist_on_no(_told_doubts(window))
    else:
        require("live-role", order.actor.role is Role.CLOCK, "the silence clock records the lapse")
        require("stage", not window.suspended, f"window {window.id} is suspended")
        passed = window.due(order.at)
        require("lapse-after-deadline", passed, f"the deadline {window.closes} and its grace run")
        require(
            "stage", not window.hold_reason, f"window {window.id} is held: {window.hold_reason}"
        )
        _insist_on_no(closing_doubts(window, command.outage_minutes, world))
    stands = tuple(part for part in window.parts if part and part not in window.broken)
    when = order.when if order.attested else window.closes
    asked = (one for one in window.responses if one.effective and _might_have_broken(one))
    lapsed = SilenceLapsed(
        items=stands or _undivided(window),
        responses=tuple(one.number for one in asked),
        **cite("lapse-after-deadline"),
    )
    facts = [NewEvent(order.command.stream, lapsed, when)]
    if window.subject.agenda:
        told = ItemsApproved(
            items=stands or window.subject.items,
            by=window.body,
            window=window.id,
            manner="silence",
        )
        facts.append(NewEvent(Stream(Kind.AGENDA, window.subject.agenda), told, when))
    return Decision(tuple(facts))


def _might_have_broken(one: ReceivedResponse) -> bool:
    return one.waits or one.response.kind not in HARMLESS


def _insist_on_no(found: Iterable[Doubt]) -> None:
    for one in found:
        raise one.refusal


def closing_doubts(
    window: Window, outage_minutes: int, world: DecisionContext
) -> tuple[Doubt, ...]:
    """All for which the clock may not record a lapse, each of which is a hold of its own.

    `outage_minutes` is how long nobody could answer. Raises Refused when the roster is lost.
    """
    found = [*_told_doubts(window)]
    if not any(one.about == holds.NOTICES for one in found):
        found += _untold(window, world)
    return (*found, *_unheard(window, outage_minutes))


def _told_doubts(window: Window) -> Iterator[Doubt]:
    """What stands against any lapse, also against one of which a source tells."""
    for one in window.responses:
        if one.breaks is None:
            because = f"response {one.number} waits for a ruling"
            yield Doubt("ruling-before-lapse", because, holds.RESPONSE, one.number)
    if undelivered := _named(window, window.unreached_seats):
        because = f"not certainly told: {undelivered}"
        yield Doubt("told-before-lapse", because, holds.NOTICES)


def _unheard(window: Window, minutes: int) -> Iterator[Doubt]:
    """Whoever wanted to object could do so through the server, or people looked at it."""
    longest = window.policy.longest_outage_minutes
    if longest and not window.reviewed and minutes > longest:
        because = f"for {minutes} minutes before the deadline nobody could answer here"
        yield Doubt("heard-before-lapse", because, holds.OUTAGE)


def _untold(window: Window, world: DecisionContext) -> Iterator[Doubt]:
    """Each seat was told, or the failure to tell it was waived, where the policy wants that."""
    if window.policy.notices_required:
        seats = frozenset(
            one.seat for one in roster.decode_roster(world.content(window.roster_hash))
        )
        if untold := _named(window, seats - window.delivered - window.excused):
            because = f"not told of the opening: {untold}"
            yield Doubt("told-before-lapse", because, holds.NOTICES)


def _named(window: Window, seats: frozenset[str]) -> str:
    """The seats by their ids, or only how many they are where names are withheld."""
    if window.policy.names_withheld:
        told = "1 seat" if len(seats) == 1 else f"{len(seats)} seats"
        return told if seats else ""
    return ", ".join(sorted(seats))


def _undivided(window: Window) -> tuple[str, ...]:
    """All items of a text that stood or fell as a whole."""
    return window.subject.items
