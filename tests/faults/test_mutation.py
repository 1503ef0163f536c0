"""The single changes that are made to the program, to see whether a test notices."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.mutation.equivalent_mutants import EQUIVALENT_MUTANTS
from tests.mutation.mutants import Mutant, mutants
from tests.mutation.runner import ROOT, Tree
from tests.mutation.targets import TABLE

SOURCE = '''
def due(now: int, end: int, held: bool) -> bool:
    """Whether the end has come."""
    with lock:
        return now >= end and not held
'''


def changes() -> set[str]:
    """What each change puts in."""
    return {mutant.change[-1][1:].strip() for mutant in mutants("m.py", SOURCE)}


def test_a_bound_a_condition_and_a_lock_are_changed_one_by_one() -> None:
    """Each change stands alone; words that only explain are left as they are."""
    assert {
        "return (now > end) and not held",
        "return (now >= end or not held)",
        "return (not held)",
        "return now >= end and (held)",
        "return True",
        "return None",
        "with __import__('contextlib').nullcontext():",
    } <= changes()
    assert all(1 == mutant.diff.count("\n+") - 1 for mutant in mutants("m.py", SOURCE))
    assert not any("Whether" in change for change in changes())


def test_the_same_changes_are_made_each_time() -> None:
    """So that a number names one of them."""
    assert mutants("m.py", SOURCE) == mutants("m.py", SOURCE)


def test_what_is_tried_is_the_changed_copy(tmp_path: Path) -> None:
    """A test that fails on the change passes without it."""
    tree = Tree(tmp_path)
    kept = (ROOT / "domain/canonical.py").read_text()
    broken = Mutant("domain/canonical.py", 1, "broken", (1, 1), kept, kept + "\nassert False\n")

    assert tree.folder == tree.where()
    assert "passed" == tree.test(["tests/domain/test_times.py"], 60)
    with tree.changed(broken):
        assert "passed" != tree.test(["tests/domain/test_times.py"], 60)
    assert kept == (tree.folder / "domain/canonical.py").read_text()
    assert "not run" == tree.test(["tests/domain/test_times.py::test_that_nobody_wrote"], 60)


@pytest.mark.parametrize("pattern", TABLE)
def test_the_table_names_what_there_is(pattern: str) -> None:
    """A module or a file of tests that was renamed would be passed over."""
    assert list(ROOT.glob(pattern))
    assert all((ROOT / entry).is_file() for entry in TABLE[pattern])


def test_what_makes_no_difference_is_still_there() -> None:
    """A change that is passed over is one that would be made."""
    for module, changed in EQUIVALENT_MUTANTS.items():
        made = {mutant.change for mutant in mutants(module, (ROOT / module).read_text())}
        assert set() == changed.keys() - made, module
