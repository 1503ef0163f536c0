"""How long a window has to run at least, and whether it does.

Source: UNGA decision 74/544 of 27 March 2020, by which a silence procedure lasts 72 hours or more.
The rule pack says the length; for an amended text after a break it may say a shorter one.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from domain import deadlines
from domain.body import Body
from domain.deadlines import Deadline, Length
from domain.decision_context import DecisionContext
from domain.messages import Order
from domain.rules import Finding, RulePack, make_finding
from domain.silence import relaunch
from domain.silence.commands import OpenSilence
from domain.silence.window import Window
from domain.times import When

MINIMUM = "silence-minimum-length"


def deadline_after(
    length: str,
    opens: datetime,
    body: Body,
    pack: RulePack,
    world: DecisionContext,
    *,
    rule: str = MINIMUM,
) -> Deadline:
    """The deadline that this length makes for a window that opens then (UTC). Raises Refused."""
    return deadlines.compute_deadline(
        opens,
        Length.parse(length),
        zone=body.zone or "UTC",
        hour=pack.parameters.get("closing-hour", ""),
        calendars=body.working_days,
        rule=rule,
        tzdata=world.tzdata,
    )


def long_enough(
    command: OpenSilence,
    closes: When,
    text: tuple[str, tuple[bytes, ...]],
    order: Order,
    world: DecisionContext,
) -> Finding:
    """Never shorter than the pack's minimum; an amended text may have a minimum of its own.

    `text` is the hash of the text under silence, with its contents.
    """
    body = world.body(command.body)
    pack = world.pack_of(body, order.when)
    amended = relaunch.is_amended_relaunch(command, *text, order, world)
    shorter = amended or (amended is None and order.attested)
    minimum = pack.parameter(MINIMUM, "relaunch" if shorter else "length")
    because = f"the window is not certainly as long as {minimum}"
    as_the_pack_says = not (shorter or order.attested or command.length or command.closes.known)
    if not minimum or as_the_pack_says:
        return make_finding(MINIMUM, True, because)
    if not order.attested:
        least = deadline_after(minimum, order.received_at, body, pack, world).utc
        return make_finding(MINIMUM, closes.earliest >= least, because)
    held = _lasted_at_least(command, closes, minimum, order, body)
    if held and amended is None:
        whole = pack.parameter(MINIMUM, "length")
        held = _lasted_at_least(command, closes, whole, order, body) or None
    return make_finding(MINIMUM, held, because)


def runs_long_enough(
    window: Window, deadline: Deadline, order: Order, world: DecisionContext
) -> Finding:
    """Whether the window will have run as long as its rules want, or as it was to run at first."""
    body = world.body(window.body)
    pack = world.pack_of(body, order.when)
    opened = window.opened.latest
    minimum = pack.parameter(MINIMUM, "length")
    least = deadline_after(minimum, opened, body, pack, world).utc if minimum else opened
    wanted = min(least, window.terms.first_closes.latest) - opened
    left = wanted - window.clock.time_run
    held = deadline.utc - order.received_at >= left
    ran = f"it ran for {window.clock.time_run} before it was suspended"
    return make_finding(MINIMUM, held, f"{ran}; {left} of {wanted} is left")


def _lasted_at_least(
    command: OpenSilence, closes: When, minimum: str, order: Order, body: Body
) -> bool | None:
    """Whether a window of history lasted so long: by its times, or else by its stated length."""
    held = _spans(order.when, closes, minimum, body.zone)
    return deadlines.is_at_least(command.length, minimum) if held is None else held


def _spans(opens: When, closes: When, minimum: str, zone: str) -> bool | None:
    """Whether so much lies between two times, of which a source may leave something open.

    Working days are not counted for history.
    """
    length = Length.parse(minimum)
    if not (opens.known and closes.known) or length.unit == "working days":
        return None
    opens, closes = opens.in_zone(zone), closes.in_zone(zone)
    if opens.day and closes.day and not (opens.has_hour and closes.has_hour):
        return _days_span(closes.day - opens.day, length)
    least = _at_least(length)
    if closes.earliest - opens.latest >= least:
        return True
    return False if closes.latest - opens.earliest < least else None


def _days_span(days: timedelta, length: Length) -> bool | None:
    """The same for two days of which the hours are not told: these may add or take a day."""
    least, hours = _at_least(length), timedelta(days=1)
    if length.unit == "days":
        return days >= least
    if days - hours >= least:
        return True
    return False if days + hours <= least else None


def _at_least(length: Length) -> timedelta:
    return timedelta(hours=length.count) if length.unit == "hours" else timedelta(length.count)
