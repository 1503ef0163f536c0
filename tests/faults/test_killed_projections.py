"""A follower is killed while it keeps rows: it goes on where it was, and no row is missing."""

from __future__ import annotations

import json
import signal
from random import Random

import pytest

from adapters.store_factory import open_store
from process_killed_while_projecting import follow
from story import Story
from wiring import Placet, Quiet

pytestmark = pytest.mark.heavy

ROUNDS, FEW = 20, 4
LAST = 32
"""The last statement at which a follower may die; some live to the end of the log."""

Rows = list[object]


def happens(place: str, number: int) -> None:
    """New bodies, and a window with an answer: some events in several streams."""
    with open_store(place) as store:
        story = Story(store)
        for entry in range(9):
            values = {"body": f"b{number}-{entry}", "names": {"en": "Body"}, "zone": "UTC"}
            story.do("establish body", id=f"{number} {entry}", **values)
        name = f"b{number}-0"
        story.do("adopt rule pack", id=f"{number} pack", body=name, pack="generic", parameters={})
        seat = {"seat": "east", "holder": "Eastland", "since": "2026-01-01"}
        story.do("fill seat", id=f"{number} seat", body=name, **seat)
        story.silence(id=f"{number} window", window=f"w{number}", body=name)
        story.respond("objection", window=f"w{number}", id=f"{number} no")


def rows(placet: Placet) -> Rows:
    return [(*where, json.loads(row)) for *where, row in placet.views.all_rows()]


def kept_and_rebuilt(place: str) -> tuple[Rows, Rows]:
    """The rows that are there at the end of the log, and those that a rebuild makes."""
    placet = Placet(open_store(place), Quiet())
    placet.projections.follow()
    kept = rows(placet)
    placet.projections.rebuild()
    rebuilt = rows(placet)
    placet.close()
    return kept, rebuilt


def killed(place: str, rounds: int, *, separately: bool = False) -> tuple[int, int]:
    """How many followers were killed, and after how many of them a row was missing or old."""
    chance, kills, wrong = Random(rounds), 0, 0  # noqa: S311 (when to die)
    for number in range(rounds):
        happens(place, number)
        ended = follow(place, chance.randrange(1, LAST), separately=separately)
        assert ended in {0, -signal.SIGKILL}
        kills += ended != 0
        kept, rebuilt = kept_and_rebuilt(place)
        wrong += kept != rebuilt
    return kills, wrong


@pytest.mark.parametrize("rounds", [FEW, pytest.param(ROUNDS, marks=pytest.mark.heavy)])
def test_a_follower_that_is_killed_while_it_keeps_rows_misses_none(place: str, rounds: int) -> None:
    kills, wrong = killed(place, rounds)
    print(f"{kills} followers killed in {rounds} rounds (Placet.follow, catch_up, Views.keep)")

    assert kills >= rounds // 3
    assert 0 == wrong


def test_with_the_position_in_a_transaction_of_its_own_rows_get_lost(place: str) -> None:
    """The control: the same kills of a follower that keeps position and rows one by one."""
    kills, wrong = killed(place, FEW, separately=True)
    print(f"{wrong} times wrong after {kills} kills")

    assert wrong
