"""Two officers register one message at once: it is registered once, and the other is told so."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from adapters.store_factory import open_store
from process_registering_mail import both_register, prepare
from story import ORGANISATION, Story
from two_processes import empty_store

WINDOWS = 20


@pytest.fixture(params=["SQLite", "PostgreSQL"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a store of each kind is, with procedures that one message may answer."""
    where = empty_store(request, tmp_path)
    prepare(where, WINDOWS)
    return where


def responses(place: str) -> dict[str, int]:
    """How many responses each procedure has."""
    with open_store(place) as store:
        story = Story(store)
        return {f"w{n}": len(story.state(f"window/w{n}").responses) for n in range(WINDOWS)}


def test_of_two_officers_one_registers_it_and_the_other_is_told(place: str) -> None:
    """The message may answer every procedure, and all events are noted with it."""
    answers = both_register(place, WINDOWS)
    print(f"{WINDOWS} procedures, two officers: {dict(Counter(what for _, what in answers))}")

    assert {"recorded": WINDOWS, "registered-once": WINDOWS} == Counter(what for _, what in answers)
    assert dict.fromkeys((f"w{n}" for n in range(WINDOWS)), 1) == responses(place)
    with open_store(place) as store:
        message = store.incoming_mail().find(1)
        assert message is not None
        noted = {each.position: each.window for each in message.registered}
        recorded = {
            event.position: event.stream.id
            for event in store.history(ORGANISATION).since(0, 10_000)
            if event.name.startswith("window.response_received")
        }
    assert recorded == noted


def test_without_the_fence_it_is_registered_twice_without_a_word(place: str) -> None:
    """The control: the same officers, whose programs append wherever the log stands."""
    both_register(place, WINDOWS, unsafe=True)
    twice = [name for name, number in responses(place).items() if number > 1]
    print(f"in {len(twice)} of {WINDOWS} procedures twice")

    assert twice
