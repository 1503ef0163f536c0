"""The same log always makes the same rows, and the same cases the same log, byte for byte."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec import structs

from golden_log import GOLDEN, OLDER_GOLDEN, digest, log, older_log, play_all
from wiring import Placet
from workflows.projections import row_builders

TESTS = Path(__file__).parents[1]
SEEDS = ("1", "22", "333")


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Placet]:
    """A store in which all cases were played."""
    placet = play_all(tmp_path_factory.mktemp("played") / "store")
    yield placet
    placet.close()


def rebuilt(folder: Path, seed: str) -> list[str]:
    """What two rebuilds in a process of its own come to, with this seed of Python's hashes."""
    result = subprocess.run(
        [sys.executable, "golden_log.py", folder],
        cwd=TESTS / "support",
        env=os.environ | {"PYTHONHASHSEED": seed},
        capture_output=True,
        text=True,
        check=True,
    )
    return result.stdout.split()


def test_rows_made_anew_are_those_that_were_kept(played: Placet) -> None:
    """Kept page by page while the cases were played, and twice from the start, in three ways."""
    live, folder = digest(played), played.store.home
    found = {seed: rebuilt(folder, seed) for seed in SEEDS}

    assert {seed: [live, live] for seed in SEEDS} == found


def test_a_row_that_hangs_on_the_order_of_a_set_is_found(
    played: Placet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: a row with words in whatever order a set has."""
    window, found = row_builders.window_row, set()
    for seed in SEEDS:
        order = subprocess.run(
            [sys.executable, "-c", "print(*{'one', 'two', 'three', 'four', 'five', 'six'})"],
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        monkeypatch.setattr(
            row_builders,
            "window_row",
            lambda *state, words=order: structs.replace(window(*state), zone=words),
        )
        played.projections.rebuild()
        found.add(digest(played))
    monkeypatch.undo()
    played.projections.rebuild()

    assert len(SEEDS) == len(found)


def test_cases_are_decided_today_as_they_were(played: Placet) -> None:
    """Each event of each case, with its hash. Where a change is meant, make the file again.

    `python tests/support/golden_log.py > tests/samples/golden_log/2.txt`, from the folder of the
    project; the difference then shows which decisions have changed.
    """
    assert GOLDEN.read_text().splitlines() == [*log(played)]


def test_cases_were_stored_as_they_are_but_for_repetition(played: Placet) -> None:
    """The hashes of the older envelope are met by what is stored now with its repetitions."""
    assert OLDER_GOLDEN.read_text().splitlines() == [*older_log(played)]


def test_another_byte_in_a_decision_is_found(tmp_path: Path) -> None:
    """The control: with another time zone database every opened window says so."""
    golden = {*GOLDEN.read_text().splitlines()}
    placet = play_all(tmp_path / "store", tzdata="another")
    changed = [event.split()[3] for event in log(placet) if event not in golden]
    placet.close()

    assert changed
    assert {"window.opened.v2"} <= {*changed}
