"""The outcome of a window: its lapse, how the outcome is announced, and where a matter goes on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, assert_never

from domain.actors import Role
from domain.agenda.events import ItemsApproved
from domain.decision_context import DecisionContext
from domain.messages import Decision, NewEvent, Order
from domain.record_rules import RECORD
from domain.rules import require
from domain.silence.agenda_events import of_agenda
from domain.silence.closing_doubts import closing_doubts, open_doubts
from domain.silence.commands import AnnounceOutcome, OutcomeCommand, RecordLapse, ReferMatter
from domain.silence.events import MatterReferred, OutcomeAnnounced, SilenceLapsed
from domain.silence.holds import Doubt
from domain.silence.responses import HARMLESS, ReceivedResponse
from domain.silence.window import Window

DESTINATIONS: Final = ("consultations", "a meeting", "a vote", "another body", "abandoned")
"""Where a matter may go on after a break."""


def decide(
    window: Window, command: OutcomeCommand, order: Order, world: DecisionContext
) -> Decision:
    """Answer a command about the outcome. Raises Refused."""
    match command:
        case RecordLapse():
            return _lapse(window, command, order, world)
        case AnnounceOutcome():
            return _announce(window, command)
        case ReferMatter():
            return _refer(window, command, order)
        case _:
            assert_never(command)


def _lapse(window: Window, command: RecordLapse, order: Order, world: DecisionContext) -> Decision:
    """Deemed approved at the deadline, not when somebody looks; doubt holds it.

    Source: Rules of Procedure of the EU Council, Art. 12(2): adopted at the end of the period.
    """
    require("stage", not window.is_over, f"window {window.id} has ended")
    if order.attested:
        _require_none(open_doubts(window))
    else:
        _require_due(window, order)
        _require_none(closing_doubts(window, command.outage_minutes, world))
    unbroken = tuple(part for part in window.parts if part and part not in window.broken)
    when = order.when if order.attested else window.closes
    items = unbroken or window.subject.items
    lapsed = SilenceLapsed(
        items=items,
        rule="lapse-after-deadline",
        citation=RECORD["lapse-after-deadline"],
        responses=_questioned(window),
    )
    approved = ItemsApproved(items=items, by=window.body, window=window.id, manner="silence")
    here = NewEvent(order.command.stream, lapsed, when)
    return Decision((here, *of_agenda(window.subject, approved, when)))


def _require_due(window: Window, order: Order) -> None:
    """Raise Refused unless the clock records it, after deadline and grace, and nothing holds it."""
    require("live-role", order.actor.role is Role.CLOCK, "the silence clock records the lapse")
    require("stage", not window.suspended, f"window {window.id} is suspended")
    passed = window.due(order.at)
    require("lapse-after-deadline", passed, f"the deadline {window.closes} and its grace run")
    reason = window.hold_reason
    require("stage", not reason, f"window {window.id} is held: {reason}")


def _require_none(doubts: Iterable[Doubt]) -> None:
    for doubt in doubts:
        raise doubt.refusal


def _questioned(window: Window) -> tuple[int, ...]:
    """The numbers of the responses that might have broken the silence, and did not."""
    return tuple(response.number for response in window.responses if _might_have_broken(response))


def _might_have_broken(response: ReceivedResponse) -> bool:
    """Whether it came before the close, and waited for a ruling or was no harmless one."""
    harmful = response.waits or response.response.kind not in HARMLESS
    return response.effective and harmful


def _announce(window: Window, command: AnnounceOutcome) -> Decision:
    known = window.is_over or window.told
    require("stage", known, f"window {window.id} has no outcome yet")
    event = OutcomeAnnounced(manner=command.manner, note=command.note)
    return Decision((NewEvent(command.stream, event),))


def _refer(window: Window, command: ReferMatter, order: Order) -> Decision:
    """Only what failed goes on elsewhere; a source may tell it of a window that it does not end."""
    over = window.is_over or order.attested
    require("stage", over, f"window {window.id} is still running")
    failed = window.broken or window.broken_whole or window.revoked or window.superseded
    because = f"nothing of window {window.id} failed: it was approved"
    require("stage", failed or order.attested, because)
    known = command.to in DESTINATIONS
    require("known", known, f"{command.to}: write {', '.join(DESTINATIONS)}")
    event = MatterReferred(to=command.to, reason=command.reason)
    return Decision((NewEvent(command.stream, event),))
