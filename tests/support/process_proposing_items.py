"""A process of its own that proposes items of one agenda, beside another that proposes the same."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from adapters.store_factory import open_store
from domain.agenda.events import ItemProposed
from domain.rules import Refused
from process_issuing_commands import PROCESSES
from process_silence_clock import append_late
from story import ORGANISATION, Story

AGENDA = "agenda/a"
START_TIMEOUT = 60
"""Seconds after which who waits at the start learns that the other will not come."""


def both_propose(place: str, items: int, *, unsafe: bool = False) -> list[tuple[str, str, str]]:
    """Let two processes propose the same items at once; who was told what of which item.

    It is "recorded", or the rule that refused it.
    """
    start, values = PROCESSES.Barrier(2), PROCESSES.SimpleQueue()
    words = ((place, name, items, unsafe, (start, values)) for name in ("one", "other"))
    processes = [PROCESSES.Process(target=propose, args=word) for word in words]
    for process in processes:
        process.start()
    for process in processes:  # what they tell fits into the pipe
        process.join()
        assert 0 == process.exitcode
    return [entry for _ in processes for entry in values.get()]


def propose(place: str, name: str, items: int, unsafe: bool, meeting: Any) -> None:
    """Meet the other at the start, propose the items, and tell what came of each."""
    start, found = meeting
    if unsafe:
        append_late()
    received = []
    with open_store(place) as store:
        story = Story(store)
        story.now += timedelta(days=1)
        story.state(AGENDA)
        start.wait(START_TIMEOUT)
        for number in range(10, 10 + items):
            try:
                story.propose(str(number), id=f"{name} {number}", titles={"en": f"By {name}"})
            except Refused as refused:
                received.append((name, str(number), refused.rule))
            else:
                received.append((name, str(number), "recorded"))
    found.put(received)


def titles(place: str, *, unsafe: bool = False) -> list[tuple[str, str]]:
    """Each item that was proposed, with its title, in the order of the record.

    What unsafe writers relied on had changed meanwhile, and a check finds just that.
    """
    with open_store(place) as store:
        faults = store.check().faults
        assert unsafe == bool(faults)
        assert all("relies on version" in fault for fault in faults)
        log = store.history(ORGANISATION).since(0, 10_000)
    facts: list[Any] = [event.fact for event in log if isinstance(event.fact, ItemProposed)]
    return [(fact.item, fact.titles["en"]) for fact in facts if fact.titles["en"].startswith("By ")]
