"""A process of its own that proposes items of one agenda, beside another that proposes the same."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from adapters.store_factory import open_store
from domain.agenda.events import ItemProposed
from domain.rules import Refused
from story import ORGANISATION, Story
from two_processes import Meeting, run_two

AGENDA = "agenda/a"


def both_propose(place: str, items: int, *, unsafe: bool = False) -> list[tuple[str, str, str]]:
    """Let two processes propose the same items at once; who was told what of which item.

    It is "recorded", or the rule that refused it.
    """
    return run_two(propose, place, items, unsafe=unsafe)


def propose(place: str, items: int, *, meeting: Meeting) -> list[tuple[str, str, str]]:
    """Meet the other at the start, propose the items, and tell what came of each."""
    received = []
    with open_store(place) as store:
        story = Story(store)
        story.now += timedelta(days=1)
        story.state(AGENDA)
        meeting.wait()
        for number in range(10, 10 + items):
            try:
                story.propose(
                    str(number), id=f"{meeting.name} {number}", titles={"en": f"By {meeting.name}"}
                )
            except Refused as refused:
                received.append((meeting.name, str(number), refused.rule))
            else:
                received.append((meeting.name, str(number), "recorded"))
    return received


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
