"""Which part of a response can count: on this text, from seats of the roster, by their powers (5).

Nobody is unheard because of what stands beside it: who signs together with a stranger, or names
a wrong item beside a right one, counts for the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from datetime import timedelta

from msgspec import Struct, structs

from domain.actors import Role
from domain.confusables import is_blank
from domain.decision_context import DecisionContext
from domain.messages import Order
from domain.silence import roster
from domain.silence.events import Response
from domain.silence.responses import BREAKING
from domain.silence.roster import FrozenSeat
from domain.silence.window import Window
from domain.times import When, is_before


class ResponsePart(Struct, frozen=True):
    """A part of a response; `rule` and `reason` say why it cannot count; empty if it can."""

    response: Response
    rule: str = ""
    reason: str = ""


def split_response(
    window: Window, response: Response, order: Order, world: DecisionContext
) -> tuple[ResponsePart, ...]:
    """The part that can count, if there is one, and after it those that cannot.

    Together they hold all that the response says. Where nothing of it can count, it is one part.
    """
    if wrong := _wrong_text(window, response, order):
        return (ResponsePart(response, *wrong),)
    asked, *others = _by_item(window, response)
    if not asked.rule:
        asked, *more = _by_seat(window, asked.response, order, world)
        others += more
    if not asked.rule and _lacks_reason(window, asked.response, order):
        because = "the policy of this window wants a reason"
        asked = ResponsePart(asked.response, "reasons-given", because)
    if asked.rule:
        reasons = dict.fromkeys(one.reason for one in (asked, *others))
        return (ResponsePart(response, asked.rule, "; ".join(reasons)),)
    return (asked, *others)


def _wrong_text(window: Window, response: Response, order: Order) -> tuple[str, str] | None:
    """Why a response answers nothing that is under silence here, with the rule."""
    if window.superseded:
        return "window-open", f"window {window.id} was superseded"
    if is_before(_at_the_latest(order), window.opened) is True:
        return "window-open", f"it came before window {window.id} was opened"
    if response.text_hash and response.text_hash != window.text_hash:
        return "text-under-silence", "the response names another text than the one under silence"
    return None


def _at_the_latest(order: Order) -> When:
    """When it came, if the clock that stamped it is as slow as it is off."""
    if order.attested:
        return order.when
    return When.from_instant(order.received_at + timedelta(milliseconds=abs(order.offset_ms or 0)))


def _by_item(window: Window, response: Response) -> tuple[ResponsePart, ...]:
    """What concerns items under silence, apart from what does not."""
    strange = tuple(item for item in response.items if item not in window.subject.items)
    if not strange:
        return (ResponsePart(response),)
    wrong = ResponsePart(
        structs.replace(response, items=strange),
        "items-under-silence",
        f"not under silence: item {', '.join(strange)}",
    )
    known = tuple(item for item in response.items if item not in strange)
    return (ResponsePart(structs.replace(response, items=known)), wrong) if known else (wrong,)


def _by_seat(
    window: Window, response: Response, order: Order, world: DecisionContext
) -> tuple[ResponsePart, ...]:
    """What seats may say, for themselves and for others, apart from what they may not."""
    if not (response.seats or order.attested):
        return (ResponsePart(response, "responder-on-roster", "not on the roster: no seat"),)
    if not window.roster_hash:
        return (ResponsePart(response),)
    frozen = world.content(window.roster_hash)
    seats = {seat.seat: seat for seat in roster.decode_roster(frozen)}
    why = {seat: _not_heard(seat, order, seats) for seat in response.seats}
    speaking = tuple(seat for seat, wrong in why.items() if wrong is None)
    mute = tuple(seat for seat in speaking if not seats[seat].voice)
    heard = tuple(seat for seat in speaking if seat not in mute)
    unheard = [
        ResponsePart(structs.replace(response, seats=(seat,), on_behalf_of=()), *wrong)
        for seat, wrong in [*why.items(), *((seat, _voiceless(seat)) for seat in mute)]
        if wrong
    ]
    powers = {name for seat in speaking for name in (seat, *seats[seat].acts_for)}
    others = {
        name: _not_spoken_for(name, powers, seats, roster.members(frozen), order)
        for name in response.on_behalf_of
    }
    spoken = speaking or not response.seats  # a source may tell for whom, and not by whom
    kept = tuple(name for name, wrong in others.items() if wrong is None) if spoken else ()
    for wrong in dict.fromkeys(wrong for wrong in others.values() if wrong):
        names = tuple(name for name, one in others.items() if one == wrong)
        said = structs.replace(response, seats=speaking, on_behalf_of=names)
        unheard.append(ResponsePart(said, wrong[0], f"{wrong[1]} {', '.join(names)}"))
    if not (heard or kept) and unheard:
        return tuple(unheard)
    return (ResponsePart(structs.replace(response, seats=heard, on_behalf_of=kept)), *unheard)


def _voiceless(seat: str) -> tuple[str, str]:
    return "voice-of-the-seat", f"seat {seat} has no voice: it breaks no silence"


def _not_spoken_for(
    name: str,
    powers: AbstractSet[str],
    seats: Mapping[str, FrozenSeat],
    members: Mapping[str, str],
    order: Order,
) -> tuple[str, str] | None:
    """Why nobody speaks for this member or seat: a stranger, without a voice, or without power."""
    if name not in members:
        there = name in {*seats, *(seat.holder for seat in seats.values())}
        if there:
            return "voice-of-the-seat", "without a voice:"
        return "responder-on-roster", "not on the roster:"
    if name not in powers and not order.attested:
        return "empowered-to-act", "not empowered to act for"
    return None


def _not_heard(seat: str, order: Order, seats: Mapping[str, FrozenSeat]) -> tuple[str, str] | None:
    """Why what an actor says for a seat cannot count: a seat speaks for itself and its powers."""
    if seat not in seats:
        return "responder-on-roster", f"not on the roster: {seat}"
    actor = order.actor
    if order.attested or actor.role in {Role.SECRETARIAT, Role.PRESIDING_OFFICER}:
        return None
    if actor.role is not Role.SEAT or actor.seat not in seats:
        who = actor.seat or str(actor.role)
        return "responder-on-roster", f"{who} does not sit on the roster of this window"
    if seat not in {actor.seat, *seats[actor.seat].acts_for}:
        return "empowered-to-act", f"{actor.seat} is not empowered to act for {seat}"
    return None


def _lacks_reason(window: Window, response: Response, order: Order) -> bool:
    needed = window.policy.reasons_required and response.kind in BREAKING
    return needed and not (order.attested or not is_blank(response.text))
