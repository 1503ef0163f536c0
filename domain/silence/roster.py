"""The roster of a window, frozen at its opening as a content of its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

import msgspec
from msgspec import Struct

from domain.body import Body
from domain.body.body import Seat
from domain.canonical import canonical_json
from domain.confusables import comparison_key
from domain.rules import RulePack
from domain.times import When


class FrozenSeat(Struct, frozen=True):
    """One entitled seat: who holds it, in what capacity, and whom it may act for."""

    seat: str
    holder: str
    names: Mapping[str, str]
    capacity: str
    acts_for: tuple[str, ...]
    zone: str = ""
    voice: bool = True
    """Whether it may break the silence."""


def encode_roster(body: Body, at: When, pack: RulePack) -> bytes:
    """The canonical bytes of the roster that holds at `at`; empty for an unknown roster.

    Whether a seat has a voice is said by the seat, or else by the rule pack for its capacity.
    """
    voiceless = _voiceless(pack)
    seats = [
        {
            "seat": seat.seat,
            "holder": seat.holder,
            "names": dict(seat.names),
            "capacity": seat.capacity,
            "acts_for": sorted(body.may_act_for(seat.seat, at) - {seat.seat}),
        }
        | ({"zone": seat.zone} if seat.zone else {})
        | ({} if _has_voice(seat, voiceless) else {"voice": False})
        for seat in body.roster_at(at)
    ]
    return canonical_json({"body": body.id, "at": str(at), "seats": seats}) if seats else b""


def _voiceless(pack: RulePack) -> frozenset[str]:
    """The capacities without a voice; observers have none unless a pack says so."""
    capacities = pack.parameters.get("no-voice-capacities", "observer")
    return frozenset(" ".join(word.split()).casefold() for word in capacities.split(","))


def _has_voice(seat: Seat, voiceless: frozenset[str]) -> bool:
    capacity = " ".join(seat.capacity.split()).casefold()
    return capacity not in voiceless if seat.voice is None else seat.voice


def holders(content: bytes) -> Mapping[str, str]:
    """Which member holds each seat that has a voice; a member may hold several of them.

    A name that is visibly the same is one member: it stands as the first of its seats has it.
    """
    seats = [seat for seat in decode_roster(content) if seat.voice]
    first = {comparison_key(seat.holder): seat.holder for seat in reversed(seats)}
    return {seat.seat: first[comparison_key(seat.holder)] for seat in seats}


@lru_cache(maxsize=64)
def members(content: bytes) -> Mapping[str, str]:
    """Which member speaks by the name of a seat that has a voice, or by its own name."""
    held = holders(content)
    return {seat.holder: held[seat.seat] for seat in decode_roster(content) if seat.voice} | dict(
        held
    )


@lru_cache(maxsize=64)
def decode_roster(content: bytes) -> tuple[FrozenSeat, ...]:
    """Read a frozen roster back."""
    seats: Iterable[Mapping[str, object]] = msgspec.json.decode(content)["seats"]
    return tuple(
        FrozenSeat(
            seat=str(seat["seat"]),
            holder=str(seat["holder"]),
            names=seat["names"],  # type: ignore[arg-type]
            capacity=str(seat["capacity"]),
            acts_for=tuple(seat["acts_for"]),  # type: ignore[arg-type]
            zone=str(seat.get("zone", "")),
            voice=seat.get("voice", True) is not False,
        )
        for seat in seats
    )
