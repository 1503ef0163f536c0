"""The list of faults names tests that there are, and a control for each (docs/faults.md)."""

from __future__ import annotations

import re
from pathlib import Path

TESTS = Path(__file__).parents[1]
DOCS = TESTS.parent / "docs" / "faults.md"
NAMED = re.compile(r"`(tests/\w+/test_\w+\.py): (test_\w+)`")


def rows() -> list[list[str]]:
    """The cells of each row."""
    lines = [text_line for text_line in DOCS.read_text().splitlines() if text_line.startswith("| ")]
    return [
        text_line.strip("| ").split(" | ")
        for text_line in lines
        if not text_line.startswith("| fault")
    ]


def test_each_fault_has_a_promise_a_test_a_figure_a_control_and_a_path() -> None:
    assert len(rows()) > 25
    for row in rows():
        assert 6 == len(row), row
        assert all(row), row
        assert NAMED.findall(row[2]), row


def test_each_test_that_is_named_is_there() -> None:
    for row in rows():
        for file, name in NAMED.findall(" ".join(row)):
            assert f"def {name}(" in (TESTS.parent / file).read_text(), (file, name)
