"""The same log always makes the same rows, and the same cases the same log, byte for byte."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec import structs

from domain.erasures import SEALED, replace_event_texts
from domain.messages import FoldableEvent
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


def test_states_read_the_same_of_what_is_decoded_for_them(played: Placet) -> None:
    """Of each event of all cases: what is decoded for a fold is what the whole event says.

    But for sealed texts, in whose place a mark stands: no state depends on them.
    """
    fields = sorted(name for name, field in vars(FoldableEvent).items() if is_property(field))
    count = 0
    for organisation in played.store.organisations():
        history = played.store.history(organisation)
        for whole, lean in zip(
            history.since(0, 10_000), history.foldable_since(0, 10_000), strict=True
        ):
            seen = replace_event_texts(whole, dict.fromkeys(whole.sealed, SEALED))
            expected = [getattr(seen, name) for name in fields]
            assert expected == [getattr(lean, name) for name in fields]
            count += 1

    assert len(GOLDEN.read_text().splitlines()) == count
    assert {"fact", "effective", "attested"} <= {*fields}


def is_property(field: object) -> bool:
    return isinstance(field, property)


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
