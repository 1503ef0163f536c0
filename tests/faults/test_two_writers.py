"""Two processes write to one agenda at once: each item is proposed once, and both are heard."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from adapters.store_factory import open_store
from process_proposing_items import both_propose, titles
from story import Story
from two_processes import empty_store

ITEMS = 40


@pytest.fixture(params=["SQLite", "PostgreSQL"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a store of each kind is, which holds agenda `a`."""
    where = empty_store(request, tmp_path)
    with open_store(where) as store:
        story = Story(store)
        story.body()
        story.agenda()
    return where


def test_of_two_writers_on_one_agenda_each_decides_on_what_is_there(place: str) -> None:
    """Who comes second is refused by the rule, never told of a conflict."""
    found = both_propose(place, ITEMS)
    first = Counter(name for name, _, what in found if what == "recorded")
    print(f"{ITEMS} items by two processes (Handling.do): recorded {dict(first)}")

    assert sorted(titles(place)) == sorted(
        (item, f"By {name}") for name, item, what in found if what == "recorded"
    )
    assert {str(n): 1 for n in range(10, 10 + ITEMS)} == Counter(item for item, _ in titles(place))
    assert {"recorded", "new"} == {what for _, _, what in found}


def test_without_the_fence_some_items_are_proposed_twice(place: str) -> None:
    """The control: the same writers, who append wherever the log stands."""
    both_propose(place, ITEMS, unsafe=True)
    often = Counter(item for item, _ in titles(place, unsafe=True))
    twice = [item for item, times in often.items() if times > 1]
    print(f"{len(twice)} of {ITEMS} items twice")

    assert twice
