"""A process of its own whose seats answer in the last seconds of a window."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from datetime import datetime, timedelta

from adapters.store_factory import open_store
from domain.actors import Actor, Role
from domain.messages import Order
from domain.ports.errors import Unavailable, VersionConflict
from domain.silence.commands import Respond
from wiring import Placet, Quiet
from workflows.commands.queue import CommandQueue, PendingCommand

ORGANISATION = "fictional"


def once_more(text_line: CommandQueue, group: Sequence[PendingCommand]) -> None:
    """Read on, and decide once more, but without holding the log meanwhile."""
    with text_line._journal.append_transaction() as transaction:
        text_line._memory.catch_up(transaction)
    if not text_line._ahead(group):
        raise VersionConflict("others were faster twice")


def answer(place: str, seats: list[str], from_: str, *, in_turn: bool) -> None:
    """Wait for the word, let each seat object to nothing, and say what each was answered."""
    if not in_turn:
        CommandQueue._in_turn = once_more  # type: ignore[assignment, method-assign]
    placet = Placet(open_store(place), Quiet())
    placet.store.history(ORGANISATION).last_position()
    print("ready", flush=True)
    sys.stdin.readline()
    answers = []
    for number, seat in enumerate(seats):
        began = time.perf_counter()
        found = _respond(placet, seat, datetime.fromisoformat(from_) + timedelta(0, 0, number))
        answers.append([seat, found, time.perf_counter() - began])
    placet.close()
    print(json.dumps(answers), flush=True)


def _respond(placet: Placet, seat: str, now: datetime) -> int:
    """The number under which the response was recorded; 0 for none."""
    order = Order(
        command=Respond(window="w", kind="no objection", seats=(seat,)),
        command_id=f"answer of {seat}",
        actor=Actor(role=Role.SEAT, seat=seat),
        at=now,
        received_at=now,
    )
    try:
        recorded = placet.handling.handle(ORGANISATION, order).events[0]
    except Unavailable:
        return 0
    number: int = getattr(recorded.fact, "number", 0)
    return number


if __name__ == "__main__":
    answer(sys.argv[1], json.loads(sys.argv[2]), sys.argv[3], in_turn=sys.argv[4] == "in turn")
