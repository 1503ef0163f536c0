"""Responses: which count, which break the silence, and what is ruled on them (5 to 7, 13, 14)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from domain.agenda.events import ApprovalSuspended, ItemsApproved, ItemsNotApproved
from domain.agenda.numbers import spelt
from domain.facts import Decision, Fact, Happened, Kind, Order, Role, Stream, fields_of, telling
from domain.rules import Finding, demand, insist, judge
from domain.silence import counting, roster
from domain.silence.commands import Respond, RuleOnResponse, WithdrawObjection
from domain.silence.counting import Part
from domain.silence.events import (
    ApprovalConfirmed,
    ApprovalRevoked,
    LateResponseReceived,
    ObjectionWithdrawn,
    Response,
    ResponseAtMargin,
    ResponseFoundAfterClose,
    ResponseReceived,
    ResponseRefused,
    ResponseRuledUpon,
    SilenceBroken,
)
from domain.silence.responses import HARMLESS, KINDS, Received
from domain.silence.window import Window
from domain.times import before
from domain.world import World


def respond(window: Window, command: Respond, order: Order, world: World) -> Decision:
    """Keep the response, whatever it is; nothing is ever dropped. What it does depends."""
    insist("known", command.kind in KINDS, f"{command.kind}: write {', '.join(sorted(KINDS))}")
    told = {name: x for name, x in fields_of(command).items() if name != "window"}
    items = (spelt(item, window.subject.items) for item in command.items)
    response = Response(**told | {"items": tuple(dict.fromkeys(items))})
    kept = _kept(window, response, command.stream, order, world)
    if not order.attested:
        return kept
    body = world.body(window.body)
    asked = (_told_in_time(window, order),)
    found = judge(world.pack_of(body, order.when), asked, attested=True, waivers={})
    return replace(kept, findings=found, pack=body.pack_at(order.when))


def _told_in_time(window: Window, order: Order) -> Finding:
    """What a source leaves open: whether what it tells came before a deadline that it tells."""
    because = f"received {order.when}, where the deadline is {window.closes}"
    return demand("received-in-time", before(order.when, window.closes), because)


def _kept(window: Window, response: Response, here: Stream, order: Order, world: World) -> Decision:
    """What becomes of a response: the part that can count, and beside it what cannot."""
    number = len(window.responses) + 1
    told = counting.parts(window, response, order, world)
    if told[0].rule == "window-open" and _late(window, order):
        told = (Part(response),)  # to be late is what is the matter with it
    heard = () if told[0].rule else _heard(window, number, told[0].response, order, world)
    first = number + bool(heard)
    refused = (
        Happened(
            here,
            ResponseRefused(number=n, response=part.response, rule=part.rule, reason=part.reason),
        )
        for n, part in enumerate((part for part in told if part.rule), first)
    )
    return Decision((*heard[:1], *refused, *heard[1:]))


def _heard(
    window: Window, number: int, response: Response, order: Order, world: World
) -> tuple[Happened, ...]:
    """What becomes of what can count: late, at the margin, found after the close, or counted.

    First the response, then what follows from it.
    """
    here = order.command.stream
    late, margin = _late(window, order), _margin(window, response, order)
    if late and not margin:
        return (Happened(here, LateResponseReceived(number=number, response=response)),)
    if window.lapsed:
        return _after_close(window, number, response, here)
    if margin and not window.over:
        milliseconds = margin // timedelta(milliseconds=1)
        near = ResponseAtMargin(number=number, response=response, margin_ms=milliseconds)
        return (Happened(here, near),)
    received = Received(number=number, response=response, received=order.when, standing="counted")
    counted = Happened(here, ResponseReceived(number=number, response=response))
    return (counted, *_broken_by(window, (*window.responses, received), here, world))


def _late(window: Window, order: Order) -> bool:
    """At or after the deadline; a stopped clock makes nobody late.

    For history only what is certainly late is called so.
    """
    if window.suspended:
        return False
    if not order.attested:
        return order.received_at >= window.closes.latest
    return before(order.when, window.closes) is False


def _margin(window: Window, response: Response, order: Order) -> timedelta:
    """How far around the deadline the clocks cannot tell; zero for a response outside of that.

    It is what the policy allows for, and what the clock that stamped the receipt was measured
    to be off. Within it nothing that may break the silence is decided by milliseconds.
    """
    none = timedelta(0)
    if order.attested or window.suspended or response.kind in HARMLESS:
        return none
    allowed = timedelta(seconds=window.policy.margin_seconds)
    margin = allowed + timedelta(milliseconds=abs(order.offset_ms or 0))
    end = window.closes.latest
    return margin if margin and end - margin <= order.received_at < end + margin else none


def _after_close(
    window: Window, number: int, response: Response, here: Stream
) -> tuple[Happened, ...]:
    """Received in time, found after the close: it suspends an approval unless it is harmless."""
    concerned = window.still_approved(response)
    approved = bool(window.lapsed) and not window.revoked
    suspends = approved and response.kind not in HARMLESS and (not window.approved or concerned)
    fact = ResponseFoundAfterClose(number=number, response=response, suspends=bool(suspends))
    facts = [Happened(here, fact)]
    if suspends and window.subject.agenda:
        items = concerned or window.subject.items
        told = ApprovalSuspended(items=items, window=window.id)
        facts.append(Happened(Stream(Kind.AGENDA, window.subject.agenda), told))
    return tuple(facts)


def _broken_by(
    window: Window, responses: Sequence[Received], here: Stream, world: World
) -> tuple[Happened, ...]:
    """The break, where breaking responses now reach the threshold; items fall on their own."""
    frozen = window.roster_hash
    holders = roster.holders(world.content(frozen)) if frozen else {}
    breaking = [one for one in responses if one.breaks and one.effective]
    against = {
        part: [
            one
            for one in breaking
            if not part or not one.response.items or part in one.response.items
        ]
        for part in window.parts
    }
    fallen = [
        part
        for part, objections in against.items()
        if part not in window.broken
        and not window.broken_whole
        and _voices(objections, holders) >= window.policy.threshold
    ]
    if not fallen:
        return ()
    by = tuple(sorted({one.number for part in fallen for one in against[part]}))
    items = tuple(part for part in fallen if part)
    facts = [Happened(here, SilenceBroken(items=items, by=by))]
    if window.subject.agenda:
        told = ItemsNotApproved(
            items=items or window.subject.items, window=window.id, reason="silence broken"
        )
        facts.append(Happened(Stream(Kind.AGENDA, window.subject.agenda), told))
    return tuple(facts)


def _voices(objections: Sequence[Received], holders: Mapping[str, str]) -> int:
    """How many members object, by whichever of their seats, or others who act for them."""
    voices: set[str] = set()
    nameless = 0
    for one in objections:
        names = {*one.response.seats, *one.response.on_behalf_of}
        voices |= {holders.get(name) or name for name in names}
        nameless += not names
    return len(voices) + nameless


def rule(window: Window, command: RuleOnResponse, order: Order, world: World) -> Decision:
    """The presiding officer rules on a doubtful response, or on one found after the close."""
    one = window.received(command.number)
    officer = order.attested or order.actor.role is Role.PRESIDING_OFFICER
    insist("live-role", officer, "the presiding officer rules on responses")
    insist("empty", command.reason, "a ruling needs its reason")
    ruling = telling(ResponseRuledUpon, command)
    facts = [Happened(command.stream, ruling)]
    if one.standing == "found after the close":
        doubtful = one.number in window.doubts
        insist("stage", doubtful, f"response {one.number} suspends no approval of {window.id}")
        two = order.attested or _seconded(order, command)
        insist("two-persons", two, "two persons rule once an approval was recorded")
        return Decision((*facts, *_settled(window, one, command)))
    insist("stage", one.effective, f"response {command.number} is {one.standing}")
    insist("stage", not window.over, f"window {window.id} has ended")
    near = not window.suspended and one.near(window.closes)
    unclear = one.response.kind not in {"objection", "amendment"}
    may = unclear or near or command.breaks
    insist("stage", may, "an objection breaks; no ruling makes it none")
    one_is_enough = order.attested or command.breaks or not near
    because = "two persons say that an objection did not come in time"
    insist("two-persons", one_is_enough or _seconded(order, command), because)
    ruled = [replace(r, ruled=command.breaks) if r is one else r for r in window.responses]
    return Decision((*facts, *_broken_by(window, ruled, command.stream, world)))


def _seconded(order: Order, command: RuleOnResponse) -> bool:
    """Whether a second person is named, other than who rules."""
    actor, second = order.actor, " ".join(command.second.split()).casefold()
    oneself = (str(actor.role), actor.name, actor.seat, actor.principal)
    return second not in {"", *(name.casefold() for name in oneself)}


def _settled(window: Window, one: Received, command: RuleOnResponse) -> tuple[Happened, ...]:
    """What a ruling after the close does to the suspended approval."""
    concerned = window.still_approved(one.response)
    if not command.breaks:
        others = [window.responses[n - 1].response for n in window.doubts - {one.number}]
        waiting = {part for other in others for part in window.still_approved(other)}
        concerned = tuple(part for part in concerned if part not in waiting)
        if others and not concerned:
            return ()
    made = ApprovalRevoked if command.breaks else ApprovalConfirmed
    facts = [Happened(command.stream, made(items=concerned))]
    if window.subject.agenda:
        items = concerned or window.subject.items
        agenda = Stream(Kind.AGENDA, window.subject.agenda)
        told: Fact = ItemsApproved(items=items, window=window.id, by=window.body, manner="silence")
        if command.breaks:
            told = ItemsNotApproved(items=items, window=window.id, reason="silence broken")
        facts.append(Happened(agenda, told))
    return tuple(facts)


def withdraw(window: Window, command: WithdrawObjection, order: Order) -> Decision:
    """Withdraw an objection: noted beside it; the window's break stays, as NATO 2003 shows."""
    one = window.received(command.number)
    theirs = order.actor.role is not Role.SEAT or order.actor.seat in one.response.seats
    because = f"response {command.number} is not of seat {order.actor.seat}"
    insist("empowered-to-act", order.attested or theirs, because)
    insist("stage", not one.withdrawn, f"response {command.number} is withdrawn already")
    return Decision((Happened(command.stream, telling(ObjectionWithdrawn, command)),))
