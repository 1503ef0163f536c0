"""Responses: which count, which break the silence, and what is ruled on them (5 to 7, 13, 14)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from msgspec import structs

from domain.actors import Role
from domain.agenda.events import ApprovalSuspended, ItemsApproved, ItemsNotApproved
from domain.agenda.item_numbers import known_spelling
from domain.confusables import letters, may_be_same_person, may_name_person
from domain.decision_context import DecisionContext
from domain.messages import Decision, Fact, NewEvent, Order
from domain.record_rules import RECORD
from domain.rules import Finding, enforce, make_finding, require
from domain.silence import admissibility, roster
from domain.silence.admissibility import ResponsePart
from domain.silence.commands import Respond, RuleOnResponse, WithdrawObjection
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
from domain.silence.objection_tally import Opposition, Voices
from domain.silence.rate_limit import require_within_rate_limit
from domain.silence.responses import HARMLESS, KINDS, ReceivedResponse
from domain.silence.window import Window
from domain.streams import Kind, Stream
from domain.times import is_before, shift


def respond(window: Window, command: Respond, order: Order, world: DecisionContext) -> Decision:
    """Keep the response, whatever it is; nothing is dropped that says anything new.

    What it does depends.
    """
    require("known", command.kind in KINDS, f"{command.kind}: write {', '.join(sorted(KINDS))}")
    response = _response(window, command)
    kept = _kept(window, response, command.stream, order, world)
    require_within_rate_limit(window, response, order, kept.facts)
    if not order.attested:
        return kept
    body = world.body(window.body)
    asked = (_told_in_time(window, order, body.zone),)
    found = enforce(world.pack_of(body, order.when), asked, attested=True, waivers={})
    return structs.replace(kept, findings=found, pack=body.pack_at(order.when))


def _response(window: Window, command: Respond) -> Response:
    """The response as it is kept, its items in the spelling of the window."""
    items = (known_spelling(item, window.subject.items) for item in command.items)
    return Response(
        kind=command.kind,
        seats=command.seats,
        on_behalf_of=command.on_behalf_of,
        items=tuple(dict.fromkeys(items)),
        text=command.text,
        wording=command.wording,
        text_hash=command.text_hash,
        channel=command.channel,
        evidence=command.evidence,
    )


def _told_in_time(window: Window, order: Order, zone: str) -> Finding:
    """What a source leaves open: whether what it tells came before a deadline that it tells."""
    because = f"received {order.when}, where the deadline is {window.closes}"
    return make_finding("received-in-time", is_before(order.when, window.closes, zone), because)


def _kept(
    window: Window, response: Response, here: Stream, order: Order, world: DecisionContext
) -> Decision:
    """What becomes of a response: the part that can count, and beside it what cannot."""
    number = len(window.responses) + 1
    told = admissibility.split_response(window, response, order, world)
    if told[0].rule == "window-open" and _late(window, order, world):
        told = (ResponsePart(response),)  # to be late is what is the matter with it
    heard = () if told[0].rule else _heard(window, number, told[0].response, order, world)
    first = number + bool(heard)
    refused = (
        NewEvent(
            here,
            ResponseRefused(
                number=n,
                response=part.response,
                rule=part.rule,
                reason=part.reason,
                citation=RECORD[part.rule],
            ),
        )
        for n, part in enumerate((part for part in told if part.rule), first)
    )
    return Decision((*heard[:1], *refused, *heard[1:]))


def _heard(
    window: Window, number: int, response: Response, order: Order, world: DecisionContext
) -> tuple[NewEvent, ...]:
    """What becomes of what can count: late, at the margin, found after the close, or counted.

    First the response, then what follows from it.
    """
    here = order.command.stream
    late, margin = _late(window, order, world), _margin(window, response, order)
    if late and not margin:
        came = LateResponseReceived(number=number, response=response, **cite("window-open"))
        return (NewEvent(here, came),)
    waits = not order.attested and _asks_for_wording(response)
    kept = ReceivedResponse(
        number=number,
        response=response,
        received=order.when,
        standing="found after the close" if window.lapsed else "counted",
        waits=waits,
    )
    if window.lapsed:
        return _after_close(window, kept, here, world)
    if margin and not window.is_over:
        milliseconds = margin // timedelta(milliseconds=1)
        near = ResponseAtMargin(
            number=number, response=response, margin_ms=milliseconds, **cite("one-clock")
        )
        return (NewEvent(here, near),)
    counted = NewEvent(here, ResponseReceived(number=number, response=response, waits=waits))
    return (counted, *_broken_by(window, kept, (*window.responses, kept), here, world))


def cite(rule: str) -> Mapping[str, Any]:
    """A rule of the record with its source, as an event that decides names them."""
    return {"rule": rule, "citation": RECORD[rule]}


def _asks_for_wording(response: Response) -> bool:
    """Whether it wants another text than the one under silence, whatever it calls itself."""
    return response.kind in HARMLESS and bool(response.wording.strip())


def _harmless(response: Response) -> bool:
    return response.kind in HARMLESS and not _asks_for_wording(response)


def _late(window: Window, order: Order, world: DecisionContext) -> bool:
    """At or after the deadline; a stopped clock makes nobody late.

    For history only what is certainly late is called so, by the days of the body.
    """
    if window.suspended:
        return False
    if not order.attested:
        return order.received_at >= window.closes.latest
    return is_before(order.when, window.closes, world.body(window.body).zone) is False


def _margin(window: Window, response: Response, order: Order) -> timedelta:
    """How far around the deadline the clocks cannot tell; zero for a response outside of that.

    It is what the policy allows for, and what the clock that stamped the receipt was measured
    to be off. Within it nothing that may break the silence is decided by milliseconds.
    """
    none = timedelta(0)
    if order.attested or window.suspended or _harmless(response):
        return none
    allowed = timedelta(seconds=window.policy.margin_seconds)
    margin = allowed + timedelta(milliseconds=abs(order.offset_ms or 0))
    end = window.closes.latest
    return (
        margin if margin and shift(end, -margin) <= order.received_at < shift(end, margin) else none
    )


def _after_close(
    window: Window, found: ReceivedResponse, here: Stream, world: DecisionContext
) -> tuple[NewEvent, ...]:
    """Received in time, found after the close: it suspends what it may break.

    That is what it breaks, if two persons rule so, together with all else that came in time:
    with what was counted before the close, and with what was found after it and waits, too.
    """
    told = ResponseFoundAfterClose(
        number=found.number, response=found.response, suspends=False, waits=found.waits
    )
    asked = (
        window.approved_parts_concerned(found.response) if found.broke_silence is not False else ()
    )
    against = Voices.of_window(window, world).parts_at_threshold(asked, (*_possible(window), found))
    if not against:
        return (NewEvent(here, told),)
    parts = tuple(part for part in asked if part in against)
    suspending = structs.replace(
        told,
        suspends=True,
        items=tuple(part for part in parts if part),
        responses=_numbers(against.values()),
        **cite("members-counted-alike"),
    )
    facts = [NewEvent(here, suspending)]
    if window.subject.agenda:
        items = window.items_of(parts) or window.subject.items
        agenda = Stream(Kind.AGENDA, window.subject.agenda)
        facts.append(NewEvent(agenda, ApprovalSuspended(items=items, window=window.id)))
    return tuple(facts)


def _possible(window: Window) -> tuple[ReceivedResponse, ...]:
    """What broke or may have broken an approved text: counted before the close or found after."""
    counted = (one for one in window.responses if one.effective and one.broke_silence)
    return (*counted, *window.found_after_close)


def _certain(window: Window) -> tuple[ReceivedResponse, ...]:
    """The same, without what was found after the close and was not ruled to break."""
    return tuple(one for one in _possible(window) if one.effective or one.ruled)


def _numbers(against: Iterable[Opposition]) -> tuple[int, ...]:
    """The responses that stand against any of the parts."""
    return tuple(sorted({number for one in against for number in one.responses}))


def _broken_by(
    window: Window,
    one: ReceivedResponse,
    responses: Sequence[ReceivedResponse],
    here: Stream,
    world: DecisionContext,
) -> tuple[NewEvent, ...]:
    """What a response breaks, where it makes objections reach the threshold among `responses`."""
    if not one.broke_silence or window.broken_whole:
        return ()
    breaking = [other for other in responses if other.broke_silence and other.effective]
    asked = [part for part in window.parts_concerned(one.response) if part not in window.broken]
    against = Voices.of_window(window, world).parts_at_threshold(asked, breaking)
    if not against:
        return ()
    items = tuple(part for part in asked if part and part in against)
    by = _numbers(against.values())
    facts = [NewEvent(here, SilenceBroken(items=items, by=by, **cite("objection-breaks")))]
    if window.subject.agenda:
        told = ItemsNotApproved(
            items=items or window.subject.items, window=window.id, reason="silence broken"
        )
        facts.append(NewEvent(Stream(Kind.AGENDA, window.subject.agenda), told))
    return tuple(facts)


def rule_on_response(
    window: Window, command: RuleOnResponse, order: Order, world: DecisionContext
) -> Decision:
    """The presiding officer rules on a doubtful response, or on one found after the close."""
    one = window.received(command.number)
    officer = order.attested or order.actor.role is Role.PRESIDING_OFFICER
    require("live-role", officer, "the presiding officer rules on responses")
    require("empty", command.reason, "a ruling needs its reason")
    ruling = ResponseRuledUpon(
        number=command.number, breaks=command.breaks, reason=command.reason, second=command.second
    )
    facts = [NewEvent(command.stream, ruling)]
    if one.standing == "found after the close":
        doubtful = one.number in window.unruled_late_responses
        require("stage", doubtful, f"response {one.number} suspends no approval of {window.id}")
        two = order.attested or _seconded(order, command)
        require("two-persons", two, "two persons rule once an approval was recorded")
        return Decision((*facts, *_settled(window, one, command, world)))
    require("stage", one.effective, f"response {command.number} is {one.standing}")
    require("stage", not window.is_over, f"window {window.id} has ended")
    near = not window.suspended and one.near(window.closes)
    unclear = one.response.kind not in {"objection", "amendment"}
    may = unclear or near or command.breaks
    require("stage", may, "an objection breaks; no ruling makes it none")
    one_is_enough = order.attested or command.breaks or not near
    because = "two persons say that an objection did not come in time"
    require("two-persons", one_is_enough or _seconded(order, command), because)
    ruled = structs.replace(one, ruled=command.breaks)
    others = [other for other in window.responses if other is not one]
    return Decision((*facts, *_broken_by(window, ruled, (*others, ruled), command.stream, world)))


def _seconded(order: Order, command: RuleOnResponse) -> bool:
    """Whether a second person is named, other than who rules."""
    actor, second = order.actor, command.second
    oneself = (str(actor.role), actor.seat, actor.principal)
    another = letters(second) not in map(letters, oneself)
    return may_name_person(second) and another and not may_be_same_person(second, actor.name)


def _settled(
    window: Window, one: ReceivedResponse, command: RuleOnResponse, world: DecisionContext
) -> tuple[NewEvent, ...]:
    """What a ruling after the close does to what is suspended: revoked, confirmed, or neither.

    A part falls once what is certain reaches the threshold. It stands again once nothing that
    waits for a ruling could still bring it there. Else it stays suspended.
    """
    after = _with_ruling(window, one, command)
    asked = [
        part for part in window.approved_parts_concerned(one.response) if part in window.in_doubt
    ]
    voices = Voices.of_window(window, world)
    fallen = voices.parts_at_threshold(asked, _certain(after))
    waiting = voices.parts_at_threshold(asked, _possible(after))
    revoked = tuple(part for part in asked if part in fallen)
    confirmed = tuple(part for part in asked if part not in {*fallen, *waiting})
    by = _numbers(fallen.values())
    told = cite("members-counted-alike")
    ruled = tuple(other.number for other in after.responses if _ruled_after_close(other))
    return (
        *_changed(window, revoked, ApprovalRevoked, responses=by, **told),
        *_changed(window, confirmed, ApprovalConfirmed, responses=ruled, **told),
    )


def _with_ruling(window: Window, one: ReceivedResponse, command: RuleOnResponse) -> Window:
    """The window as it stands with this ruling."""
    responses = [
        structs.replace(other, ruled=command.breaks) if other is one else other
        for other in window.responses
    ]
    return structs.replace(window, responses=tuple(responses))


def _ruled_after_close(one: ReceivedResponse) -> bool:
    return one.standing == "found after the close" and one.ruled is not None


def _changed(
    window: Window,
    parts: tuple[str, ...],
    made: type[ApprovalRevoked] | type[ApprovalConfirmed],
    **told: Any,
) -> tuple[NewEvent, ...]:
    """These parts are approved again, or not any more; the agenda is told, where there is one."""
    if not parts:
        return ()
    items = window.items_of(parts)
    facts = [NewEvent(Stream(Kind.WINDOW, window.id), made(items=items, **told))]
    if window.subject.agenda:
        named = items or window.subject.items
        fact: Fact = ItemsApproved(items=named, window=window.id, by=window.body, manner="silence")
        if made is ApprovalRevoked:
            fact = ItemsNotApproved(items=named, window=window.id, reason="silence broken")
        facts.append(NewEvent(Stream(Kind.AGENDA, window.subject.agenda), fact))
    return tuple(facts)


def withdraw_objection(
    window: Window, command: WithdrawObjection, order: Order, world: DecisionContext
) -> Decision:
    """Withdraw an objection: noted beside it; the window's break stays, as NATO 2003 shows.

    Each seat withdraws for itself, and for those that it may act for where it names them, as long
    as its power lasts; staff for a seat with the paper that asks for it. Nobody else does.
    """
    one = window.received(command.number)
    require("stage", not one.withdrawn, f"response {command.number} is withdrawn already")
    names = command.seats
    if not order.attested:
        names = _withdrawn_for(window, one, command, order, world)
    strange = ", ".join(name for name in names if name not in one.names)
    require("known", not strange, f"response {command.number} does not speak for {strange}")
    standing = [name for name in names if name in one.speakers_at()]
    because = f"response {command.number} is withdrawn already for {', '.join(names)}"
    require("stage", standing or not names, because)
    fact = ObjectionWithdrawn(
        number=command.number,
        reason=command.reason,
        seats=tuple(names),
        evidence=command.evidence,
    )
    return Decision((NewEvent(command.stream, fact),))


def _withdrawn_for(
    window: Window,
    one: ReceivedResponse,
    command: WithdrawObjection,
    order: Order,
    world: DecisionContext,
) -> tuple[str, ...]:
    """For whom a live act withdraws. Raises Refused for whom its actor may not."""
    role, number = order.actor.role, command.number
    if role in {Role.SECRETARIAT, Role.PRESIDING_OFFICER}:
        because = "who withdraws for a seat cites the paper in which it asks for that"
        require("evidence-kept", command.evidence, because)
        named = command.seats or (one.names if len(one.names) == 1 else ())
        require("empty", named, "several objected together: say for which it is withdrawn")
        return named
    require("live-role", role is Role.SEAT, f"a seat withdraws, or staff for it; not the {role}")
    seats = {seat.seat: seat for seat in roster.decode_roster(world.content(window.roster_hash))}
    seat = seats.get(order.actor.seat)
    require("responder-on-roster", seat, f"not on the roster: {order.actor.seat}")
    assert seat is not None  # noqa: S101 (told to the type checker; insist looked)
    own = tuple(name for name in (seat.seat, seat.holder) if name in one.names)
    powers = world.body(window.body).may_act_for(seat.seat, order.when)
    beyond = {*(command.seats or own)} - {*own, *(powers & {*seat.acts_for})}
    who = ", ".join(sorted(beyond)) or f"seat {seat.seat}"
    mine = bool(command.seats or own) and not beyond
    require("empowered-to-act", mine, f"response {number} is not withdrawn by {seat.seat}: {who}")
    return command.seats or own
