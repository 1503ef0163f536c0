"""Which part of a response can count: on this text, from seats of the roster, by their powers.

A response that signs together with a stranger, or names a wrong item beside a right one, counts
for the rest. Sources: OSCE Rules of Procedure 2006, Annex 1(A), a participating State, in writing,
to the Chair; CBD ExCOP 2, 2020, registered representatives of Parties.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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

Reason = tuple[str, str]
"""A rule by which something cannot count, and why in words."""


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
    countable, *others = _by_item(window, response)
    if not countable.rule:
        countable, *more = _by_seat(window, countable.response, order, world)
        others += more
    if not countable.rule and _lacks_reason(window, countable.response, order):
        because = "the policy of this window wants a reason"
        countable = ResponsePart(countable.response, "reasons-given", because)
    if countable.rule:
        reasons = dict.fromkeys(part.reason for part in (countable, *others))
        return (ResponsePart(response, countable.rule, "; ".join(reasons)),)
    return (countable, *others)


def _wrong_text(window: Window, response: Response, order: Order) -> Reason | None:
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
    """What seats may say, for themselves and for others, apart from what they may not.

    The rule: a seat of the roster that was frozen at the opening speaks for itself, if it has a
    voice, and for the members and seats that it is empowered to act for, if these have one.
    Nobody else speaks. Each who may not be heard is a part of its own, with the reason.

    Sources: CBD ExCOP 2, 2020, registered representatives of Parties object; UN75 declaration,
    2020, one may act for several, where empowered.
    """
    if not (response.seats or order.attested):
        return (ResponsePart(response, "responder-on-roster", "not on the roster: no seat"),)
    if not window.roster_hash:
        return (ResponsePart(response),)
    frozen = _Roster.of(world.content(window.roster_hash))
    seats = {seat: _not_admitted(seat, order, frozen) for seat in response.seats}
    admitted = _without_reason(seats)
    others = _others(response, admitted, order, frozen)
    for_itself = tuple(seat for seat in admitted if frozen.seats[seat].voice)
    # a source may tell for whom, and not by whom; a seat that is not admitted speaks for no other
    for_others = _without_reason(others) if admitted or not response.seats else ()
    inadmissible = (
        *_inadmissible_seats(response, seats, frozen),
        *_inadmissible_others(response, admitted, others),
    )
    if inadmissible and not (for_itself or for_others):
        return inadmissible
    admissible = structs.replace(response, seats=for_itself, on_behalf_of=for_others)
    return (ResponsePart(admissible), *inadmissible)


def _without_reason(names: Mapping[str, Reason | None]) -> tuple[str, ...]:
    return tuple(name for name, why in names.items() if why is None)


class _Roster(Struct, frozen=True):
    """The frozen roster of a window: its seats by name, and which member each name speaks for."""

    seats: Mapping[str, FrozenSeat]
    members: Mapping[str, str]

    @classmethod
    def of(cls, content: bytes) -> _Roster:
        seats = {seat.seat: seat for seat in roster.decode_roster(content)}
        return cls(seats, roster.members(content))

    def holds(self, name: str) -> bool:
        """Whether it is the name of a seat or of a holder, with a voice or without."""
        return name in self.seats or any(seat.holder == name for seat in self.seats.values())


def _others(
    response: Response, admitted: Sequence[str], order: Order, frozen: _Roster
) -> Mapping[str, Reason | None]:
    """Each on whose behalf it is, with the reason why these seats do not speak for them.

    Seats speak for themselves, and by the powers that they had at the opening.
    """
    if not response.on_behalf_of:
        return {}
    powers = {name for seat in admitted for name in (seat, *frozen.seats[seat].acts_for)}
    return {name: _not_spoken_for(name, powers, frozen, order) for name in response.on_behalf_of}


def _inadmissible_seats(
    response: Response, wrong: Mapping[str, Reason | None], frozen: _Roster
) -> tuple[ResponsePart, ...]:
    """A part for each seat that may not speak; after these one for each that has no voice."""
    reasons = [(seat, why) for seat, why in wrong.items() if why]
    reasons += [
        (seat, ("voice-of-the-seat", f"seat {seat} has no voice: it breaks no silence"))
        for seat, why in wrong.items()
        if not why and not frozen.seats[seat].voice
    ]
    return tuple(
        ResponsePart(structs.replace(response, seats=(seat,), on_behalf_of=()), *why)
        for seat, why in reasons
    )


def _inadmissible_others(
    response: Response, admitted: tuple[str, ...], others: Mapping[str, Reason | None]
) -> tuple[ResponsePart, ...]:
    """A part for each reason why these seats do not speak for some members or seats."""
    by_reason: dict[Reason, list[str]] = {}
    for name, why in others.items():
        if why:
            by_reason.setdefault(why, []).append(name)
    return tuple(
        ResponsePart(
            structs.replace(response, seats=admitted, on_behalf_of=tuple(names)),
            rule,
            f"{because} {', '.join(names)}",
        )
        for (rule, because), names in by_reason.items()
    )


def _not_spoken_for(
    name: str, powers: AbstractSet[str], frozen: _Roster, order: Order
) -> Reason | None:
    """Why seats do not speak for a member or seat: a stranger, without a voice or power."""
    if name not in frozen.members:
        if frozen.holds(name):
            return "voice-of-the-seat", "without a voice:"
        return "responder-on-roster", "not on the roster:"
    if name not in powers and not order.attested:
        return "empowered-to-act", "not empowered to act for"
    return None


def _not_admitted(seat: str, order: Order, frozen: _Roster) -> Reason | None:
    """Why what an actor says for a seat cannot count: a seat speaks for itself and its powers."""
    if seat not in frozen.seats:
        return "responder-on-roster", f"not on the roster: {seat}"
    actor = order.actor
    if order.attested or actor.role in {Role.SECRETARIAT, Role.PRESIDING_OFFICER}:
        return None
    if actor.role is not Role.SEAT or actor.seat not in frozen.seats:
        who = actor.seat or str(actor.role)
        return "responder-on-roster", f"{who} does not sit on the roster of this window"
    if seat not in {actor.seat, *frozen.seats[actor.seat].acts_for}:
        return "empowered-to-act", f"{actor.seat} is not empowered to act for {seat}"
    return None


def _lacks_reason(window: Window, response: Response, order: Order) -> bool:
    needed = window.policy.reasons_required and response.kind in BREAKING
    return needed and not (order.attested or not is_blank(response.text))
