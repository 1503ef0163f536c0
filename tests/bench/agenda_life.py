"""One agenda's life in sixteen steps, as orders: what benchmarks carry out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zlib import crc32

from domain.actors import Actor, Role
from domain.messages import Order
from domain.type_registry import COMMANDS
from wiring import CODEC

BEGAN = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
LANGUAGES = ("ar", "zh", "en", "fr", "ru", "es")
SEATS = ("east", "west", "north")
SECRETARIAT = Actor(role=Role.SECRETARIAT)
CLOCK = Actor(role=Role.CLOCK)
BODY = Actor(role=Role.BODY)


def order_of(number: str, verb: str, at: datetime, actor: Actor, **fields: Any) -> Order:
    """A live order that was received and is recorded at this instant."""
    return Order(
        command=CODEC.from_plain(CODEC.to_plain(fields), COMMANDS[verb]),
        command_id=number,
        actor=actor,
        at=at,
        received_at=at,
        offset_ms=0,
    )


def setting() -> Iterator[Order]:
    """What each store needs once: a body with its rules and three seats."""

    def order(n: int, verb: str, **fields: Any) -> Order:
        return order_of(f"set-{n}", verb, BEGAN, SECRETARIAT, body="b", **fields)

    yield order(1, "establish body", names={"en": "Bureau"}, zone="Europe/Vienna")
    yield order(2, "adopt rule pack", pack="generic")
    for n, seat in enumerate(SEATS):
        yield order(n + 3, "fill seat", seat=seat, holder=seat.title(), since="2026-01-01")


def symbol_of(life: str) -> str:
    """The symbol of the agenda's document."""
    return f"B/{life}/1"


def beginning(life: str) -> Iterator[Order]:
    """What an agenda needs before its sixteen steps: itself and its document."""
    values = {"agenda": life, "body": "b", "approved_by": "b"}
    yield order_of(f"{life}-a", "start agenda", BEGAN, SECRETARIAT, **values)
    document = {
        "document": life,
        "body": "b",
        "symbol": symbol_of(life),
        "type": "provisional agenda",
    }
    yield order_of(
        f"{life}-b",
        "register document",
        BEGAN,
        SECRETARIAT,
        **document,
        agenda=life,
        original="en",
    )


def steps(life: str) -> Iterator[Order]:
    """The sixteen steps of a life, at instants to the microsecond that no other life has."""
    at = BEGAN + timedelta(microseconds=1 + crc32(life.encode()) % 999_999)
    count = 0

    def order(verb: str, actor: Actor = SECRETARIAT, **fields: Any) -> Order:
        nonlocal count
        count += 1
        return order_of(f"{life}-{count}", verb, at + timedelta(seconds=count), actor, **fields)

    yield order(
        "propose item",
        agenda=life,
        item="1",
        titles={"en": "Adoption of the agenda and organization of work"},
        proposer_kind="secretariat",
        subjects=["adoption of the agenda", "report"],
    )
    yield order("submit items", agenda=life)
    subject = {"type": "agenda items", "agenda": life}
    yield order("open silence", window=life, body="b", subject=subject)
    for seat, kind in zip(
        SEATS, ("no objection", "no objection", "editorial comment"), strict=True
    ):
        text = "A comma is missing." if kind == "editorial comment" else ""
        actor = Actor(role=Role.SEAT, seat=seat)
        yield order("respond", actor, window=life, kind=kind, seats=[seat], text=text)
    at += timedelta(hours=73)
    yield order("record lapse", CLOCK, window=life)
    for language in LANGUAGES:
        yield order("issue version", document=life, language=language)
    yield order("adopt agenda", BODY, agenda=life)
    yield order("draft report", agenda=life, by="secretariat")
    yield order("adopt report", BODY, agenda=life)
