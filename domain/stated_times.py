"""When an act of a meeting happened, as somebody states who enters it afterwards.

The record holds both: when it was entered, by the server's clock, and when it happened, as is
stated. Which acts these are, `domain.entered_afterwards` says.
"""

from __future__ import annotations

from collections.abc import Iterable

from domain.messages import Order
from domain.rules import require
from domain.times import When, is_before


def require_stated_time(order: Order, zone: str, needed: Iterable[tuple[str, When]] = ()) -> None:
    """Raise Refused for a stated time that lies ahead, or is certainly before what the act needs.

    Days are those of `zone`. `needed` says what the act follows upon, and when that was.
    """
    if not order.stated:
        return
    at = order.happened.in_zone(zone)
    require("stated-time", at.earliest <= order.received_at, f"{order.happened} lies ahead")
    for what, when in needed:
        early = is_before(at, when, zone) is True
        require("stated-time", not early, f"{order.happened} is before {what}: {when}")
