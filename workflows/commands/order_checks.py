"""What every order needs, whatever it asks for: times, ids, actor, a clock that is right."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Final

from domain.actors import Role
from domain.messages import UNDER_WAY, Order, RecordedEvent
from domain.ports.clock import CLOCK_TOLERANCE
from domain.ports.event_store import History
from domain.rules import Refused, require
from domain.silence.commands import Respond
from domain.times import UNKNOWN

PROGRAM_ID_PREFIXES: Mapping[str, Role] = {
    "clock:": Role.CLOCK,
    "intake:": Role.CLOCK,
    "notices:": Role.NOTICES,
    "restored:": Role.SECRETARIAT,
}
"""How the ids of commands begin that the program itself gives, and in whose function it does."""

_RESERVED: Final = tuple(PROGRAM_ID_PREFIXES)
MOST_ACTS: Final = 2_000
"""How many acts are carried out together at most."""
_PLAIN: Final = re.compile(r"[^\s/?#\\]+")


def require_evidence(order: Order, files: Mapping[str, bytes], history: History) -> None:
    """A paper that a live response cites comes along, or was cited in the same procedure before.

    The hash of a paper is shown to many who may not read it: it opens no paper of another one.
    """
    evidence: str = getattr(order.command, "evidence", "")
    if not (evidence or files):
        return
    cited = {evidence} - {""}
    strange = ", ".join(name[:12] for name in {*files} - cited)
    require("evidence-kept", not strange, f"nothing cites the file {strange}")
    for name in cited - {*files} if not order.attested else set():
        here = any(_cites(event, name) for event in history.events_of(order.command.stream))
        require("evidence-kept", here, f"the file {name[:12]} did not come along")


def _cites(event: RecordedEvent, name: str) -> bool:
    """Whether an event, or the response that it tells of, cites the file with this SHA-256."""
    facts = (event.fact, getattr(event.fact, "response", None))
    return any(getattr(fact, "evidence", "") == name for fact in facts)


def require_circumstances(order: Order, vouched: Callable[[], bool]) -> None:
    """What any order needs, whatever it asks for."""
    if order.further:
        _require_together(order)
    if order.source:
        ahead = order.effective.known and order.effective.earliest > order.at
        because = f"{order.effective} lies ahead; it cannot be attested yet"
        require("attested-past", not ahead, because)
    elif order.effective != UNKNOWN:
        because = f"a live act cannot be dated {order.effective}; history needs its source"
        raise Refused("live-now", because)
    _require_receipt(order, vouched)
    if order.command_id.startswith(_RESERVED):
        for beginning, role in PROGRAM_ID_PREFIXES.items():
            if order.command_id.startswith(beginning) and order.actor.role is not role:
                require_unreserved_id(order.command_id)
    if order.offset_ms and timedelta(milliseconds=abs(order.offset_ms)) > CLOCK_TOLERANCE:
        because = (
            f"the clock here is {order.offset_ms} ms off; only responses are taken until it is set"
        )
        require("one-clock", isinstance(order.command, Respond), because)
    if not _PLAIN.fullmatch(order.command.stream.id):
        because = f"{order.command.stream.id!r:.80}: write it without spaces and slashes"
        raise Refused("plain-id", because)
    if not (order.actor.role and order.command_id.strip()):
        raise Refused("empty", "an order names its actor and its command id")


def _require_together(order: Order) -> None:
    """Acts that are carried out together concern one noun, and are not too many."""
    stream = order.command.stream
    strange = {str(command.stream) for command in order.further} - {str(stream)}
    require("acts-together", not strange, f"{stream} and {', '.join(strange)}")
    number = 1 + len(order.further)
    because = f"{number} acts; at most {MOST_ACTS} go together"
    require("acts-together", number <= MOST_ACTS, because)


def require_unreserved_id(command_id: str) -> None:
    """Only the program itself takes one of its ids: else it could not act any more.

    Raises Refused.
    """
    taken = command_id.lower().startswith(_RESERVED)
    because = f"the id {command_id:.80} is kept for the program itself: take another one"
    require("ids-of-machines", not taken, because)


def _require_receipt(order: Order, vouched: Callable[[], bool]) -> None:
    """When an order was received fits when it is recorded.

    The time that the server itself took counts against no sender: what its intake vouches for
    may be old.
    """
    if order.at - order.received_at > UNDER_WAY and not vouched():
        on_behalf = isinstance(order.command, Respond) and order.actor.role is not Role.SEAT
        at = f"{order.received_at:%Y-%m-%d %H:%M} UTC"
        because = f"received {at}, brought in later: only responses are registered on behalf"
        require("live-now", on_behalf, because)
    if order.received_at > order.at:
        raise Refused("live-now", "nothing is received in the future")
