"""Tables that people hand in: read as text within bounds, and nothing in them is evaluated."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

import openpyxl
import pytest

from adapters.files import spreadsheets
from adapters.files.spreadsheets import read_table
from domain.ports.spreadsheets import LARGEST_TABLE, UnreadableTable


def workbook(*rows: list[Any], change: Callable[[Any], None] | None = None) -> bytes:
    """A workbook whose first sheet holds these rows."""
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    if change:
        change(book)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def packed(**files: bytes) -> bytes:
    """A zip with these files."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(name, content)
    return target.getvalue()


def test_cells_of_a_workbook_are_written_as_people_write_them() -> None:
    row = [
        "Côte d'Ivoire",
        7,
        7.0,
        2.5,
        True,
        False,
        date(2026, 1, 31),
        datetime(2026, 1, 31),  # noqa: DTZ001 (a cell knows no zone)
        datetime(2026, 1, 31, 9, 30),  # noqa: DTZ001 (the same)
        time(9, 30),
        None,
        "end",
    ]
    days = "2026-01-31\t2026-01-31\t2026-01-31 09:30:00\t09:30"

    assert f"Côte d'Ivoire\t7\t7\t2.5\tyes\tno\t{days}\t\tend" == read_table(workbook(row))


def test_a_formula_stands_there_as_it_is() -> None:
    assert "=1+1\t=HYPERLINK(1)" == read_table(workbook(["=1+1", "=HYPERLINK(1)"]))


def test_lines_stay_where_they_stand_and_a_single_column_is_no_list_by_commas() -> None:
    assert "Korea, Republic of\t\n\t\nEast\t" == read_table(
        workbook(["Korea, Republic of"], [], ["East"])
    )


def test_the_first_sheet_that_is_to_be_seen_is_read() -> None:
    def hide(book: Any) -> None:
        book.create_sheet("shown").append(["shown", "here"])
        book.worksheets[0].sheet_state = "hidden"

    assert "shown\there" == read_table(workbook(["hidden", "here"], change=hide))


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("a;b\r\nc;d".encode("utf-8-sig"), "a;b\r\nc;d"),
        ("a\tö".encode("utf-16"), "a\tö"),
        (b"", ""),
    ],
)
def test_a_text_is_read_as_it_is(content: bytes, text: str) -> None:
    assert text == read_table(content)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"a" * (LARGEST_TABLE + 1), "4 MiB"),
        (b"Stra\xdfe", "byte 5 is not UTF-8"),
        (b"a\0b", "no text"),
        (b"PK\3\4 and no zip", "no workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "old kind"),
        (packed(**{"a.txt": b"no workbook"}), "no workbook"),
        (packed(**{f"{n}": b"" for n in range(501)}), "500 files"),
        (packed(big=b"\0" * (2 * 2**20)), "far more"),
        (packed(**{f"{n}": b"\0" * 2**20 for n in range(65)}), "64 MiB"),
    ],
    ids=["large", "latin", "bytes", "broken", "old", "other", "many", "bomb", "sum"],
)
def test_what_is_no_table_or_too_large_is_refused(content: bytes, why: str) -> None:
    with pytest.raises(UnreadableTable, match=why):
        read_table(content)


def test_a_sheet_with_too_many_lines_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever size it states of itself."""
    monkeypatch.setattr(spreadsheets, "MOST_LINES", 3)

    assert "\t\n\t\n1\t" == read_table(workbook([], [], [1]))
    with pytest.raises(UnreadableTable, match="more than 2 lines"):
        read_table(workbook([], [], [], [1]))


def test_a_workbook_without_a_sheet_to_be_seen_is_refused() -> None:
    with zipfile.ZipFile(io.BytesIO(workbook(["a", "b"]))) as made:
        files = {name: made.read(name) for name in made.namelist()}
    book = files["xl/workbook.xml"]
    files["xl/workbook.xml"] = book.replace(b'state="visible"', b'state="hidden"')

    assert book != files["xl/workbook.xml"]
    with pytest.raises(UnreadableTable, match="no sheet"):
        read_table(packed(**files))
