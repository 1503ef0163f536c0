"""How much one seat may add to a window within an hour; what may stop the silence always may."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from domain.actors import Role
from domain.messages import NewEvent, Order
from domain.rules import require
from domain.silence.events import (
    Response,
    ResponseAtMargin,
    ResponseFoundAfterClose,
    ResponseReceived,
)
from domain.silence.responses import HARMLESS, ReceivedResponse
from domain.silence.window import Window

MOST: Final = 100
"""How many responses of one seat are kept within an hour without looking at what they say."""
HOUR: Final = timedelta(hours=1)


def require_within_rate_limit(
    window: Window, response: Response, order: Order, facts: Sequence[NewEvent]
) -> None:
    """Refuse a response of a seat that gave very many within an hour and now says nothing new.

    An objection that can count is new unless one of the same seats on the same items stands
    already. What is registered on behalf of a seat, and history, has no measure. `facts` are what
    would become of the response.
    """
    if order.attested or order.actor.role is not Role.SEAT:
        return
    seat, since = order.actor.seat, order.received_at - HOUR
    lately = [
        earlier
        for earlier in window.responses
        if seat in earlier.response.seats and earlier.received.latest > since
    ]
    because = f"seat {seat} gave {len(lately)} responses within an hour; this one says nothing new"
    require("responses-bounded", len(lately) < MOST or _new(window, response, facts), because)


def _new(window: Window, response: Response, events: Sequence[NewEvent]) -> bool:
    """Whether a response can count, may break the silence, and is not covered by another one."""
    counting = (ResponseReceived, ResponseAtMargin, ResponseFoundAfterClose)
    if response.kind in HARMLESS or not any(isinstance(event.fact, counting) for event in events):
        return False
    standing = _standing(window, response)
    if any(not earlier.response.items for earlier in standing):
        return False
    covered = {item for earlier in standing for item in earlier.response.items}
    return not response.items or not {*response.items} <= covered


def _standing(window: Window, response: Response) -> list[ReceivedResponse]:
    """What breaks already by the same seats; an unclear one is as good as one that waits."""
    wanted = (True, None) if response.kind == "unclear" else (True,)
    return [
        earlier
        for earlier in window.responses
        if earlier.breaks in wanted and _speaks_for(earlier, response)
    ]


def _speaks_for(earlier: ReceivedResponse, response: Response) -> bool:
    """Whether an earlier response was made by, or for, all for whom this one is made."""
    said = {*earlier.response.seats, *earlier.response.on_behalf_of}
    return {*response.seats, *response.on_behalf_of} <= said
