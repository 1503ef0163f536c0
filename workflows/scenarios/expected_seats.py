"""What a case expects of seats: who holds them, and how they stand; and seats that are misnamed."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from typing import Any

from domain.body import Body
from domain.cases import VACANT, Expectation
from domain.decision_context import DecisionContext
from domain.rules import Refused
from domain.silence import Window, roster
from domain.streams import StreamKind
from workflows.scenarios.compared_values import (
    ComparedValue,
    RecordAfterStep,
)


def unknown_seat(name: str, known: set[str] | frozenset[str], of: str) -> str:
    """That there is no such seat, with the nearest that there is."""
    near = difflib.get_close_matches(name, known, n=1)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    return f"{name!r} is no seat of {of}{hint}"


def compare_holders(
    expect: Expectation, state: Any, moment: RecordAfterStep
) -> Iterator[ComparedValue]:
    body = state if isinstance(state, Body) else moment.world.body(state.body)
    held = {seat.seat: seat.holder for seat in body.roster_at(moment.at)}
    known = {seat.seat for seat in body.seats}
    for name, holder in expect.holders.items():
        found = held.get(name, VACANT) if name in known else unknown_seat(name, known, body.id)
        yield ComparedValue(("holders", name), f"holder of {name}", holder, found)


def compare_seats(
    expect: Expectation, window: Window, moment: RecordAfterStep
) -> Iterator[ComparedValue]:
    by_name = _by_name(window, moment.world)
    for name, wanted in expect.seats.items():
        found = by_name.get(name)
        so = sorted(found) if found is not None else "not told: the roster is not known"
        yield ComparedValue(("seats", name), f"seats: {name}", sorted(wanted), so)


def _by_name(window: Window, world: DecisionContext) -> dict[str, frozenset[str]]:
    """Seats by what they did or what became of them; what needs the roster only where it is."""
    counted = [response for response in window.responses if response.effective]
    late = [response for response in window.responses if response.standing == "late"]
    found = {
        "told": window.delivered,
        "delivery failed": window.unreached_seats,
        "answered": _who(counted),
        "objected": frozenset(
            name
            for response in window.responses
            if response.breaks
            for name in response.speakers_at(None)
        ),
        "explicitly no objection": _who(
            [
                response
                for response in counted
                if response.response.kind == "no objection" and not response.withdrawn
            ]
        ),
        "late": _who(late),
    }
    if window.roster_hash:
        seats = {seat.seat for seat in roster.decode_roster(world.content(window.roster_hash))}
        found |= {"roster": frozenset(seats), "silent": frozenset(seats) - found["answered"]}
    return found


def _who(responses: Any) -> frozenset[str]:
    return frozenset(
        name
        for response in responses
        for name in (*response.response.seats, *response.response.on_behalf_of)
    )


def unknown_seats(
    command: Any, actor_seat: str, world: DecisionContext
) -> Iterator[tuple[tuple[str, ...], str]]:
    """Seats that an act names and its body never had, each with its place in the step."""
    try:
        known, of = _known_seats(command, world)
    except Refused:  # the act is about a body or window that is not in the record
        return
    named: list[tuple[tuple[str, ...], str]]
    named = [(("seats", str(n)), name) for n, name in enumerate(getattr(command, "seats", ()), 1)]
    if actor_seat:
        named.append((("who",), actor_seat))
    if command.stream.kind is StreamKind.BODY and hasattr(command, "seat"):
        named.append((("seat",), command.seat))
    for place, name in named:
        if known and name not in known:
            yield place, unknown_seat(name, known, of)


def _known_seats(command: Any, world: DecisionContext) -> tuple[frozenset[str], str]:
    """All seats that the body of a command ever had, and the name of that body."""
    stream = command.stream
    if stream.kind is StreamKind.WINDOW and not hasattr(command, "subject"):
        body = world.body(world.window(stream.id).body)
    else:
        name = stream.id if stream.kind is StreamKind.BODY else getattr(command, "body", "")
        body = world.body(name) if name else Body()
    return frozenset(seat.seat for seat in body.seats), body.id
