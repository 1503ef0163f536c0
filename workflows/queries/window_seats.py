"""The seats of a window, and how each of them stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from msgspec import Struct

from domain.decision_context import DecisionContext
from domain.silence import Window
from domain.silence.responses import ReceivedResponse
from domain.silence.roster import FrozenSeat, decode_roster


class SeatDetails(Struct, frozen=True, kw_only=True, rename={"other_responses": "beside"}):
    """One seat of a window and how it stands.

    `other_responses` are the numbers of what else came from it, or for it: late, withdrawn, ruled
    out, or not to be counted. In JSON they are called `beside`.
    """

    seat: FrozenSeat
    state: str
    other_responses: tuple[int, ...] = ()


def roster_of(window: Window, world: DecisionContext) -> tuple[FrozenSeat, ...]:
    """The seats that were asked: the roster that was frozen at the opening."""
    return decode_roster(world.content(window.roster_hash)) if window.roster_hash else ()


def seats_of(window: Window, roster: Sequence[FrozenSeat]) -> tuple[SeatDetails, ...]:
    """Every seat of the roster with its state."""
    return tuple(
        SeatDetails(
            seat=seat,
            state=seat_state(window, seat),
            other_responses=_other_responses(window, seat),
        )
        for seat in roster
    )


def tally(seats: Sequence[SeatDetails]) -> Mapping[str, int]:
    """How many seats stand in each state, in the order in which states first occur."""
    return dict(Counter(seat.state for seat in seats))


def seat_state(window: Window, seat: FrozenSeat) -> str:
    """How a seat stands: notified, delivery failed, explicitly no objection, objected, silent."""
    if not seat.voice:
        return "no voice"
    answers = [a for a in _answers(window, seat) if a.standing not in {"late", "refused"}]
    return _by_answers(window, answers, seat) or _by_notices(window, seat, answered=bool(answers))


def _by_answers(window: Window, answers: Sequence[ReceivedResponse], seat: FrozenSeat) -> str:
    """How a seat stands by what came from it; empty where that decides nothing."""
    own = [answer for answer in answers if {seat.seat, seat.holder} & {*answer.speakers_at()}]
    if any(answer.breaks for answer in own):
        return "objected"
    unruled = {answer.number for answer in own if answer.breaks is None}
    if unruled:
        return "waits for a ruling" if unruled & window.awaiting_ruling else "not ruled on"
    if any(answer.response.kind == "no objection" for answer in answers):
        return "explicitly no objection"
    return ""


def _by_notices(window: Window, seat: FrozenSeat, *, answered: bool) -> str:
    """How a seat stands that neither objected nor agreed."""
    notified = seat.seat in window.delivered
    if answered:
        return "answered without objecting"
    if seat.seat in window.unreached_seats:
        return "delivery failed"
    if seat.seat in window.notices.excused and not notified:
        return "notice waived"
    return "notified" if notified else "silent"


def _answers(window: Window, seat: FrozenSeat) -> list[ReceivedResponse]:
    """What came from a seat, or from a seat that may act for it."""
    return [
        answer
        for answer in window.responses
        if seat.seat in answer.response.seats
        or {*answer.response.on_behalf_of} & {seat.seat, seat.holder}
    ]


def _other_responses(window: Window, seat: FrozenSeat) -> tuple[int, ...]:
    """What came from a seat and decides nothing; not what others said for it without its power."""
    own = (answer for answer in _answers(window, seat) if answer.rule != "empowered-to-act")
    return tuple(
        answer.number
        for answer in own
        if answer.withdrawn or answer.ruled is False or answer.standing in {"late", "refused"}
    )
