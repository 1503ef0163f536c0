"""Whole lists from files on the command line: told line by line, and recorded together."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from cli_store import step
from cli_store import store as store
from command_line import Placet

pytestmark = pytest.mark.folder


def test_a_roster_from_a_workbook_is_recorded_together(
    placet: Placet, store: Path, tmp_path: Path
) -> None:
    file = tmp_path / "roster.xlsx"
    book = openpyxl.Workbook()
    for row in (["holder", "seat"], ["Eastland", "east"], ["North", "north"], ["South", None]):
        book.worksheets[0].append(row)
    book.save(file)
    code, out, err = placet(
        "body", "roster", "b", file, "--store", store, "--yes", "--json", "--id", "one"
    )
    events = [json.loads(line) for line in out.splitlines()] if out[:1] == "{" else json.loads(out)

    assert (0, 2) == (code, len(events)), err
    again = placet("body", "roster", "b", file, "--store", store, "--yes", "--id", "one")
    assert "had been done before" in again[2]
    assert (1, True) == _nothing(placet("body", "roster", "b", file, "--store", store, "--yes"))


def _nothing(answer: tuple[int, str, str]) -> tuple[int, bool]:
    return answer[0], "Nothing differs" in answer[2]


def test_faults_are_listed_by_line_and_nothing_is_recorded(
    placet: Placet, store: Path, tmp_path: Path
) -> None:
    file = tmp_path / "roster.csv"
    file.write_text("holder;capacity\nNorth;king\n;member\nSouth;member\n", encoding="utf-8")
    code, out, err = placet("body", "roster", "b", file, "--store", store, "--yes")

    assert (1, "") == (code, out)
    assert "line 2: “king” is no capacity" in err
    assert "line 3: Say who holds the seat." in err
    assert "Nothing was recorded." in err


def test_what_nobody_sees_is_taken_out_of_a_file_and_named(
    placet: Placet, store: Path, tmp_path: Path
) -> None:
    file = tmp_path / "roster.csv"
    file.write_text("Eastland;east\nNor\u202eth;north\u200b\n", encoding="utf-8")
    code, out, err = placet("body", "roster", "b", file, "--store", store, "--yes")

    assert (0, True) == (code, "North" in out), err
    assert "line 2: taken out, for nobody sees it: U+202E RIGHT-TO-LEFT OVERRIDE" in err
    assert "line 2: taken out, for nobody sees it: U+200B ZERO WIDTH SPACE" in err


def test_without_an_answer_nothing_is_done_and_all_is_said(
    placet: Placet, store: Path, tmp_path: Path
) -> None:
    file = tmp_path / "roster.csv"
    file.write_text("North\n", encoding="utf-8")
    day = ("--since", "2026-01-31")
    code, _, err = placet("body", "roster", "b", file, "--store", store, *day)
    kept = placet("body", "roster", "b", file, "--store", store, "--keep")

    assert 1 == code
    assert "new: North (north)" in err
    assert "taken off: Eastland (east)" in err
    assert "taken off" not in kept[2]


def test_the_items_of_an_agenda_come_from_lines(
    placet: Placet, store: Path, tmp_path: Path
) -> None:
    begin = step(tmp_path, "live: start agenda\nagenda: a\nbody: b\napproved_by: b\n")
    assert 0 == placet("agenda", "do", begin, "--store", store)[0]
    file = tmp_path / "items.txt"
    file.write_text("1. Opening\n2. Wells\n(a) Deep\n(b) Dry\n3. Report\n", encoding="utf-8")
    items = ("agenda", "items", "a", file, "--store", store, "--yes")
    assert 0 == placet(*items)[0]

    file.write_text("1. Opening\n2. Report\n", encoding="utf-8")
    code, _, err = placet(*items)
    assert (1, True) == (code, "Give the reason" in err)
    code, out, err = placet(*items, "--reason", "a shorter list")
    assert (0, True) == (code, "was taken back, with its sub-items 2 (a), 2 (b)" in out), err
    assert 2 == placet(*items, "--language", "tlh")[0]


def test_what_the_record_refuses_is_told_by_line(
    placet: Placet, store: Path, tmp_path: Path
) -> None:
    file = tmp_path / "roster.csv"
    file.write_text("holder;seat\nEastland;east\nFirst;caſt\nSecond;cast\n", encoding="utf-8")
    code, _, err = placet("body", "roster", "b", file, "--store", store, "--yes")

    assert (1, True) == (code, "line 4: " in err or "line 3: " in err), err
    assert "Nothing was recorded." in err


@pytest.mark.parametrize("content", [b"Stra\xdfe", b"PK\3\4"])
def test_a_file_that_is_no_table_is_told(
    placet: Placet, store: Path, tmp_path: Path, content: bytes
) -> None:
    file = tmp_path / "roster.csv"
    file.write_bytes(content)
    code, _, err = placet("body", "roster", "b", file, "--store", store, "--yes")

    assert (2, True) == (code, "cannot be read" in err)
