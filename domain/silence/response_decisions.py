"""Responses: which are kept, which of them count, and which come late or at the margin.

Whatever comes is kept. What can count is held against the deadline (OSCE Rules of Procedure 2006,
Annex 1(A): before the expiry), and may break the silence (`silence_break`).
"""

from __future__ import annotations

from datetime import timedelta

from msgspec import structs

from domain.agenda.item_numbers import known_spelling
from domain.decision_context import DecisionContext
from domain.erasures import without_marks
from domain.instants import shift
from domain.messages import Decision, NewEvent, Order
from domain.record_rules import RECORD
from domain.rules import Finding, enforce, make_finding, require
from domain.silence import admissibility
from domain.silence.admissibility import ResponsePart
from domain.silence.approval_suspension import suspension_events
from domain.silence.cited_messages import require_registered_once
from domain.silence.commands import Respond
from domain.silence.events import (
    LateResponseReceived,
    Response,
    ResponseAtMargin,
    ResponseReceived,
    ResponseRefused,
)
from domain.silence.rate_limit import require_within_rate_limit
from domain.silence.responses import HARMLESS, KINDS, ReceivedResponse
from domain.silence.silence_break import break_events
from domain.silence.window import Window
from domain.streams import Stream
from domain.times import is_before


def respond(window: Window, command: Respond, order: Order, world: DecisionContext) -> Decision:
    """Keep the response, whatever it is; nothing is dropped that says anything new.

    Raises Refused for an unknown kind of response, beyond the limit of `rate_limit`, and for a
    message that was registered before, unless its sender knows that.
    """
    require("known", command.kind in KINDS, f"{command.kind}: write {', '.join(sorted(KINDS))}")
    require_registered_once(window, order)
    response = _response(window, command)
    kept = _kept(window, response, command.stream, order, world)
    require_within_rate_limit(window, response, order, kept.facts)
    if not order.attested:
        return kept
    body = world.body(window.body)
    findings = (_stated_in_time(window, order, body.zone),)
    found = enforce(world.pack_of(body, order.when), findings, attested=True, waivers={})
    return structs.replace(kept, findings=found, pack=body.pack_at(order.when))


def _response(window: Window, command: Respond) -> Response:
    """The response as it is kept, its items in the spelling of the window."""
    items = (known_spelling(item, window.subject.items) for item in command.items)
    return Response(
        kind=command.kind,
        seats=command.seats,
        on_behalf_of=command.on_behalf_of,
        items=tuple(dict.fromkeys(items)),
        text=without_marks(command.text),
        wording=without_marks(command.wording),
        text_hash=command.text_hash,
        channel=command.channel,
        evidence=command.evidence,
    )


def _stated_in_time(window: Window, order: Order, zone: str) -> Finding:
    """What a source leaves open: whether what it tells came before a deadline that it tells."""
    because = f"received {order.when}, where the deadline is {window.closes}"
    return make_finding("received-in-time", is_before(order.when, window.closes, zone), because)


def _kept(
    window: Window, response: Response, here: Stream, order: Order, world: DecisionContext
) -> Decision:
    """What becomes of a response: the part that can count, and beside it what cannot."""
    number = len(window.responses) + 1
    parts = admissibility.split_response(window, response, order, world)
    if parts[0].rule == "window-open" and _late(window, order, world):
        parts = (ResponsePart(response),)  # to be late is what is the matter with it
    admitted = () if parts[0].rule else _admitted(window, number, parts[0].response, order, world)
    inadmissible = [part for part in parts if part.rule]
    refused = (
        NewEvent(here, _refused(n, part))
        for n, part in enumerate(inadmissible, number + bool(admitted))
    )
    return Decision((*admitted[:1], *refused, *admitted[1:]))


def _refused(number: int, part: ResponsePart) -> ResponseRefused:
    return ResponseRefused(
        number=number,
        response=part.response,
        rule=part.rule,
        reason=part.reason,
        citation=RECORD[part.rule],
    )


def _admitted(
    window: Window, number: int, response: Response, order: Order, world: DecisionContext
) -> tuple[NewEvent, ...]:
    """What becomes of what can count: late, at the margin, found after the close, or counted.

    First the response, then what follows from it.
    """
    here = order.command.stream
    late, margin = _late(window, order, world), _margin(window, response, order)
    if late and not margin:
        return (NewEvent(here, _late_response(number, response)),)
    received = ReceivedResponse(
        number=number,
        response=response,
        received=order.when,
        standing="found after the close" if window.lapsed else "counted",
        waits=not order.attested and _asks_for_wording(response),
    )
    if window.lapsed:
        return suspension_events(window, received, world)
    if margin and not window.is_over:
        return (NewEvent(here, _at_margin(number, response, margin)),)
    counted = ResponseReceived(number=number, response=response, waits=received.waits)
    broken = break_events(window, received, (*window.responses, received), world)
    return (NewEvent(here, counted), *broken)


def _late_response(number: int, response: Response) -> LateResponseReceived:
    return LateResponseReceived(
        number=number, response=response, rule="window-open", citation=RECORD["window-open"]
    )


def _at_margin(number: int, response: Response, margin: timedelta) -> ResponseAtMargin:
    return ResponseAtMargin(
        number=number,
        response=response,
        margin_ms=margin // timedelta(milliseconds=1),
        rule="one-clock",
        citation=RECORD["one-clock"],
    )


def _asks_for_wording(response: Response) -> bool:
    """Whether it wants another text than the one under silence, whatever it calls itself."""
    return response.kind in HARMLESS and bool(response.wording.strip())


def _harmless(response: Response) -> bool:
    return response.kind in HARMLESS and not _asks_for_wording(response)


def _late(window: Window, order: Order, world: DecisionContext) -> bool:
    """At or after the deadline; while the clock is stopped, nothing is late.

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
