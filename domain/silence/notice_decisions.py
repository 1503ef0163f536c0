"""What became of notices about a window: who was told, and whom something failed to reach."""

from __future__ import annotations

from typing import Final

from domain.actors import Role
from domain.decision_context import DecisionContext
from domain.messages import Decision, NewEvent, Order
from domain.rules import require
from domain.silence import roster
from domain.silence.commands import RecordNotices
from domain.silence.events import NoticesRecorded
from domain.silence.window import Window

ABOUT: Final = (
    "",
    "opening",
    "extension",
    "suspension",
    "resumption",
    "supersession",
    "reminder",
    "outcome",
)
"""What a notice may tell; nothing stands for the opening."""
RESULTS: Final = ("delivered", "failed", "resolved", "waived", "bounced")
RECORDERS: Final = (Role.SECRETARIAT, Role.PRESIDING_OFFICER, Role.NOTICES)


def record_notices(
    window: Window, command: RecordNotices, order: Order, world: DecisionContext
) -> Decision:
    """Keep what became of notices; an unresolved failure blocks the close. Raises Refused."""
    may = order.attested or order.actor.role in RECORDERS
    require("live-role", may, "the secretariat records what became of notices")
    require("known", command.result in RESULTS, f"{command.result}: write {', '.join(RESULTS)}")
    if window.roster_hash:
        _require_seats(window, command, world)
    require("known", command.about in ABOUT, f"{command.about}: write {', '.join(ABOUT)}")
    if command.result == "waived":
        require("empty", command.reason, "a waiver needs its reason")
    seats = _news_of(window, command, order)
    event = NoticesRecorded(
        seats=seats,
        result=command.result,
        reason=command.reason,
        about=command.about,
        via=command.via,
        address=command.address,
        event=command.event,
    )
    return Decision((NewEvent(command.stream, event),) if seats else ())


def _require_seats(window: Window, command: RecordNotices, world: DecisionContext) -> None:
    """Raise Refused for seats that were not asked."""
    seats = roster.decode_roster(world.content(window.roster_hash))
    strange = ", ".join(sorted({*command.seats} - {seat.seat for seat in seats}))
    require("known", not strange, f"not on the roster of window {window.id}: {strange}")


def _news_of(window: Window, command: RecordNotices, order: Order) -> tuple[str, ...]:
    """The seats for which this is new; a failed letter is not, for a seat notified by other means.

    That one came back from an address which had taken it is news, unless a failure was waived.
    """
    by_letter = order.actor.role is Role.NOTICES and command.result == "failed"
    if not by_letter or command.about not in {"", "opening"}:
        return command.seats
    excused = window.notices.excused
    reached = excused if command.address else window.notices.delivered | excused
    return tuple(seat for seat in command.seats if seat not in reached)
