"""The roster of a window, frozen at its opening as a content of its own."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from domain.body import Body
from domain.texts import canonical
from domain.times import When


@dataclass(frozen=True)
class FrozenSeat:
    """One entitled seat: who holds it, in what capacity, and whom it may act for."""

    seat: str
    holder: str
    names: Mapping[str, str]
    capacity: str
    acts_for: tuple[str, ...]
    zone: str = ""


def freeze(body: Body, at: When) -> bytes:
    """The canonical bytes of the roster that holds at `at`; empty for an unknown roster."""
    seats = [
        {
            "seat": seat.seat,
            "holder": seat.holder,
            "names": dict(seat.names),
            "capacity": seat.capacity,
            "acts_for": sorted(body.may_act_for(seat.seat, at) - {seat.seat}),
        }
        | ({"zone": seat.zone} if seat.zone else {})
        for seat in body.roster_at(at)
    ]
    return canonical({"body": body.id, "at": str(at), "seats": seats}) if seats else b""


def holders(content: bytes) -> Mapping[str, str]:
    """Which member holds each seat; a member may hold several, in different capacities."""
    return {one.seat: one.holder for one in thaw(content)}


@lru_cache(maxsize=64)
def thaw(content: bytes) -> tuple[FrozenSeat, ...]:
    """Read a frozen roster back."""
    told: Iterable[Mapping[str, object]] = json.loads(content)["seats"]
    return tuple(
        FrozenSeat(
            seat=str(one["seat"]),
            holder=str(one["holder"]),
            names=one["names"],  # type: ignore[arg-type]
            capacity=str(one["capacity"]),
            acts_for=tuple(one["acts_for"]),  # type: ignore[arg-type]
            zone=str(one.get("zone", "")),
        )
        for one in told
    )
