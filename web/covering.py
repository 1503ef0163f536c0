"""Names that a window withholds, kept off pages and twins where its own stream is left.

`workflows.disclosure` covers the events of the window itself. An answer may also move the agenda:
that event has the same actor, and so the same name. A reason for refusing a response, and the
hash of a command, tell the name too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from domain.facts import Fact, Kind, Recorded, Role
from domain.silence import Window
from domain.silence.events import NoticesRecorded, ResponseRefused
from domain.silence.responses import Received
from workflows.disclosure import WITHHELD

Withholds = Callable[[str], bool]


def events(shown: Iterable[Recorded], withholds: Withholds) -> tuple[Recorded, ...]:
    """The events as they may be shown."""
    return tuple(_event(one, withholds) for one in shown)


def _event(one: Recorded, withholds: Withholds) -> Recorded:
    named = one.stream.id if one.stream.kind is Kind.WINDOW else getattr(one.fact, "window", "")
    by_seat = one.actor.role is Role.SEAT
    if not named or not (by_seat or one.stream.kind is Kind.WINDOW) or not withholds(named):
        return one
    actor = replace(one.actor, seat=WITHHELD, name="", principal="") if by_seat else one.actor
    fact = _fact(one.fact)
    return replace(one, fact=fact, actor=actor, command_id=WITHHELD, command_hash=WITHHELD)


def _fact(fact: Fact) -> Fact:
    match fact:
        case ResponseRefused():
            return replace(fact, reason=WITHHELD)
        case NoticesRecorded(seats=seats):
            return replace(fact, seats=(WITHHELD,) * len(seats))
    return fact


def window(told: Window, responses: Iterable[Received]) -> Window:
    """A window as it may be shown: with the responses as they may be shown, without seats."""
    if not told.policy.names_withheld:
        return told
    return replace(
        told, responses=tuple(responses), delivered=frozenset(), failed=frozenset(), roster_hash=""
    )
