"""The list of items as a table with a first line that names its columns: CSV, or a spreadsheet."""

from __future__ import annotations

from typing import Final

from msgspec import structs

from workflows.acts.parameter import N_, Choice
from workflows.editing.delimited_text import cells_of, column_names, rows_of
from workflows.editing.editing import Say
from workflows.editing.item_list import item_columns
from workflows.editing.item_list_acts import HEADING
from workflows.editing.partial_numbers import NumberReader
from workflows.editing.rows import KIND, Column, Fault, Row

NO_ITEM: Final = N_("No item stands above “%(text)s”.")
_MARKS: Final = {"", "#", "＃"}
"""What stands in place of the number of a heading."""


def columns_named(kinds: tuple[Choice, ...] = ()) -> tuple[Column, ...]:
    """The columns that a table can name."""
    return tuple(column for column in item_columns(kinds) if column.name != KIND)


def is_table(text: str, language: str, say: Say) -> bool:
    """Whether the first line names a column of numbers and one of titles."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    rows, _ = _rows(f"{first}\n{first}", language, say)
    named = {*rows[0].cells} if rows else set()
    return "number" in named and any(name.startswith("title-") for name in named)


def read(text: str, language: str, say: Say) -> tuple[list[Row], list[Fault]]:
    """The rows of a table, and what is wrong with it. A line without a number is a heading.

    A sub-item may be numbered `(a)` below its item, as in lines.
    """
    rows, faults = _rows(text, language, say)
    numbers = NumberReader()
    found = []
    for row in rows:
        if row.text("number") in _MARKS:
            found.append(_as_heading(row))
            continue
        number = numbers.read(row.text("number").strip())
        if not number:
            faults.append(Fault(line=row.line, why=NO_ITEM, words={"text": row.text("number")}))
        found.append(structs.replace(row, cells={**row.cells, "number": number}))
    return found, faults


def _as_heading(row: Row) -> Row:
    titles = {name: cell for name, cell in row.cells.items() if name.startswith("title-")}
    return Row(cells={KIND: HEADING, **titles}, line=row.line)


def _rows(text: str, language: str, say: Say) -> tuple[list[Row], list[Fault]]:
    lines, unread = cells_of(text)
    columns = columns_named()
    names = [("title", f"title-{language}"), *column_names(columns, say)]
    rows, faults = rows_of(lines, columns, names)
    return rows, [*unread, *faults]
