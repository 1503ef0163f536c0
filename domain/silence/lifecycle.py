"""How a window moves: extension, suspension, resumption, holds; and how it is superseded."""

from __future__ import annotations

from typing import Final, assert_never

from domain import deadlines
from domain.actors import Role
from domain.agenda.events import ItemsNotApproved
from domain.deadlines import Deadline
from domain.decision_context import DecisionContext
from domain.messages import Decision, NewEvent, Order
from domain.record_rules import RECORD
from domain.rules import enforce, require
from domain.silence import holds, minimum_length
from domain.silence.agenda_events import of_agenda
from domain.silence.closing_doubts import closing_doubts
from domain.silence.commands import (
    ExtendSilence,
    HoldSilence,
    LifecycleCommand,
    ReleaseSilence,
    ResumeSilence,
    SupersedeSilence,
    SuspendSilence,
)
from domain.silence.events import (
    SilenceExtended,
    SilenceHeld,
    SilenceReleased,
    SilenceResumed,
    SilenceSuperseded,
    SilenceSuspended,
)
from domain.silence.window import Window
from domain.times import When, is_before

HOLDERS: Final = (Role.SECRETARIAT, Role.PRESIDING_OFFICER, Role.CLOCK)


def decide(
    window: Window, command: LifecycleCommand, order: Order, world: DecisionContext
) -> Decision:
    """Answer a command that moves the window, or ends it without an outcome. Raises Refused."""
    require("stage", not window.is_over, f"window {window.id} has ended")
    if isinstance(command, HoldSilence):
        return Decision((NewEvent(command.stream, _held(window, command, order)),))
    officer = order.attested or order.actor.role is Role.PRESIDING_OFFICER
    require("live-role", officer, "only the presiding officer moves or ends a window")
    match command:
        case SupersedeSilence():
            return _supersede(window, command, order, world)
        case ResumeSilence():
            return _resume(window, command, order, world)
        case ExtendSilence():
            return Decision((NewEvent(command.stream, _extended(window, command, order, world)),))
        case SuspendSilence():
            return Decision((NewEvent(command.stream, _suspended(window, command, order)),))
        case ReleaseSilence():
            return Decision((NewEvent(command.stream, _released(window, command)),))
        case _:
            assert_never(command)


def _held(window: Window, command: HoldSilence, order: Order) -> SilenceHeld:
    """A hold of its own beside those that stand."""
    may = order.attested or order.actor.role in HOLDERS
    require("live-role", may, "the secretariat, the presiding officer or the clock holds a window")
    require("empty", command.reason, "a hold needs its reason")
    about = command.about or (holds.RESPONSE if command.response else holds.REVIEW)
    require("known", about in holds.ABOUT, f"{about}: write {', '.join(holds.ABOUT)}")
    of_response = about == holds.RESPONSE
    named = of_response == bool(command.response)
    require("hold-named", named, "say on which response a hold waits")
    if of_response:
        window.received(command.response)
    return SilenceHeld(
        reason=command.reason,
        hold=window.review.held_so_far + 1,
        about=about,
        waits_for=command.response,
        rule="hold-named",
        citation=RECORD["hold-named"],
    )


def _suspended(window: Window, command: SuspendSilence, order: Order) -> SilenceSuspended:
    _require_open(window, order)
    require("stage", not window.suspended, f"window {window.id} is suspended already")
    return SilenceSuspended(reason=command.reason)


def _released(window: Window, command: ReleaseSilence) -> SilenceReleased:
    """One hold ends, by its number; which one may be left open where one stands only."""
    standing = {hold.number for hold in window.holds}
    require("stage", standing, f"window {window.id} is not held")
    require("empty", command.reason, "a release needs its reason")
    named = "; ".join(f"{hold.number} ({hold.reason})" for hold in window.holds)
    require("hold-named", command.hold or len(standing) == 1, f"say which hold ends: {named}")
    number = command.hold or window.holds[0].number
    require("known", number in standing, f"hold {number} does not stand; there are: {named}")
    return SilenceReleased(reason=command.reason, hold=number)


def _extended(
    window: Window, command: ExtendSilence, order: Order, world: DecisionContext
) -> SilenceExtended:
    """Only while the clock runs, and only to a later end; holds stand on beside it."""
    closes = command.closes
    _require_open(window, order)
    runs = order.attested or not window.suspended
    require("window-open", runs, f"window {window.id} is suspended: resume it")
    require("empty", command.reason, "an extension needs its reason")
    later = is_before(window.closes, closes)
    held = later is True or (later is None and order.attested)
    require("extension-later", held, f"{closes} is not later than {window.closes}")
    deadline = None
    if not order.attested:
        deadline = deadlines.stated_deadline(
            closes, now=order.received_at, rule="extended by officer", tzdata=world.tzdata
        )
        closes = When.from_instant(deadline.utc)
    return SilenceExtended(closes=closes, reason=command.reason, deadline=deadline)


def _require_open(window: Window, order: Order) -> None:
    """Raise Refused once the deadline is past, or something came that was late already."""
    past = not order.attested and order.at >= window.closes.latest
    require("window-open", not past, f"the deadline of window {window.id} is past: {window.closes}")
    late = [
        response.number
        for response in window.responses
        if response.standing == "late" or (response.ruled is False and response.near(window.closes))
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
    finding = minimum_length.runs_long_enough(window, deadline, order, world)
    found = enforce(pack, (finding,), attested=False, waivers=order.waivers)
    return Decision((happened,), found, pack=body.pack_at(order.when))


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
        pack = world.pack_of(body, order.when)
        deadline = minimum_length.deadline_after(
            command.length, order.received_at, body, pack, world, rule="resumed by officer"
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
    require("stage", command.by != window.id, f"window {window.id} does not follow itself")
    past = not (order.attested or window.suspended) and order.at >= window.closes.latest
    doubtful = past and (window.hold_reason or closing_doubts(window, 0, world))
    because = f"the deadline {window.closes} is past, and nothing is in doubt: silence decided"
    require("window-open", not past or doubtful, because)
    superseded = SilenceSuperseded(
        reason=command.reason,
        by=command.by,
        rule="text-under-silence",
        citation=RECORD["text-under-silence"],
    )
    refused = ItemsNotApproved(
        items=window.subject.items, window=window.id, reason="silence superseded"
    )
    return Decision((NewEvent(command.stream, superseded), *of_agenda(window.subject, refused)))
