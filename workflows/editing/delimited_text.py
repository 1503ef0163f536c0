"""Rows as text: pasted from a spreadsheet, from a CSV file, or written by hand."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final

from domain.confusables import comparison_key
from domain.languages import LANGUAGES
from workflows.acts.parameter import N_
from workflows.editing.editing import Say
from workflows.editing.rows import Column, Fault, Row

MOST_LINES: Final = 5_000
"""How many lines one list may have."""
SEPARATORS: Final = ("\t", ";", ",")
FORMULA: Final = N_("This begins like a formula, and none is evaluated: write its value.")
TOO_MANY_CELLS: Final = N_("There is more here than the columns: “%(text)s”.")
UNKNOWN_COLUMN: Final = N_("There is no column “%(text)s”. The columns are: %(columns)s.")
TWICE: Final = N_("There are two columns “%(text)s”.")
TOO_LONG: Final = N_("A list may have 5,000 lines at most.")
UNREADABLE: Final = N_("This line cannot be read: quotation marks do not fit.")

Cells = tuple[int, Sequence[str]]
"""A line by its number, and what stands in its cells."""


def cells_of(text: str) -> tuple[list[Cells], list[Fault]]:
    """The cells of a text, line by line, and what cannot be read.

    Cells are told apart by tabs where there are any, else by semicolons, else by commas; a cell
    with one of these in it stands in quotation marks.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    separator = next((mark for mark in SEPARATORS if mark in lines), ",")
    reader = csv.reader(
        io.StringIO(lines), delimiter=separator, skipinitialspace=separator != "\t", strict=True
    )
    found: list[Cells] = []
    first = 1
    try:
        for cells in reader:
            if len(found) >= MOST_LINES:
                return found, [Fault(line=first, why=TOO_LONG)]
            if any(cell.strip() for cell in cells):
                found.append((first, cells))
            first = reader.line_num + 1
    except csv.Error:
        return found, [Fault(line=first, why=UNREADABLE)]
    return found, []


def text_of(rows: Iterable[Sequence[str]]) -> str:
    """Rows of cells as text, told apart by semicolons."""
    target = io.StringIO()
    csv.writer(target, delimiter=";", lineterminator="\n").writerows(rows)
    return target.getvalue()


def column_names(columns: Sequence[Column], say: Say) -> list[tuple[str, str]]:
    """By what names columns can be called, each with the column's own name.

    These are its own name, and its label in English and in the language of the reader.
    """
    found = []
    for column in columns:
        language = LANGUAGES.get(column.language, "")
        found += [
            (column.name, column.name),
            (column.label % {"language": language}, column.name),
            (say(column.label) % {"language": say(language) if language else ""}, column.name),
        ]
    return found


def rows_of(
    lines: Sequence[Cells], columns: Sequence[Column], names: Sequence[tuple[str, str]]
) -> tuple[list[Row], list[Fault]]:
    """Rows of lines of cells, by a first line that names columns, or else in their own order.

    `names` holds names by which a column can be called, each with the column's name.
    """
    if not lines:
        return [], []
    known = {comparison_key(called): name for called, name in names}
    labels = " · ".join({name: called for called, name in names}.values())
    number, cells = lines[0]
    heads = [known.get(comparison_key(cell.strip()), "") for cell in cells]
    faults: list[Fault] = []
    if any(heads):
        for cell, name in zip(cells, heads, strict=True):
            if cell.strip() and not name:
                words = {"text": cell.strip(), "columns": labels}
                faults.append(Fault(line=number, why=UNKNOWN_COLUMN, words=words))
            elif name and heads.count(name) > 1:
                faults.append(Fault(line=number, why=TWICE, words={"text": cell.strip()}))
        lines = lines[1:]
    else:
        heads = [column.name for column in columns]
    rows = []
    for number, cells in lines:
        faults += _faults(number, cells, heads)
        pairs = zip(heads, [*cells, *[""] * len(heads)], strict=False)
        given = heads if len(cells) >= len(heads) else heads[: len(cells)]
        rows.append(
            Row(cells={name: cell for name, cell in pairs if name and name in given}, line=number)
        )
    return rows, faults


def _faults(number: int, cells: Sequence[str], heads: Sequence[str]) -> list[Fault]:
    found = [
        Fault(line=number, why=TOO_MANY_CELLS, words={"text": cell.strip()})
        for cell in cells[len(heads) :]
        if cell.strip()
    ]
    if any(cell.lstrip().startswith("=") for cell in cells):
        found.append(Fault(line=number, why=FORMULA))
    return found
