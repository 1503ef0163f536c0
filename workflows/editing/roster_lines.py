"""The roster as lines of text: which columns are written, and by what names lines call them."""

from __future__ import annotations

from collections.abc import Sequence

from workflows.editing import roster
from workflows.editing.delimited_text import cells_of, column_names, rows_of, text_of
from workflows.editing.editing import Say
from workflows.editing.rows import Fault, Row


def write(rows: Sequence[Row]) -> str:
    """All seats with the columns of which something is said."""
    used = {
        column.name
        for column in roster.COLUMNS
        if any(row.text(column.name) for row in rows) or column.name in {"holder", "seat"}
    }
    names = [column.name for column in roster.COLUMNS if column.name in used]
    return text_of([names, *([row.text(name) for name in names] for row in rows)])


def read(base: Sequence[Row], text: str, _: str, say: Say) -> tuple[Sequence[Row], Sequence[Fault]]:
    """The rows of lines, as those which stood before, and what is wrong with them."""
    lines, unread = cells_of(text)
    names = [*column_names(roster.COLUMNS, say), ("name", "name-en")]
    rows, faults = rows_of(lines, roster.COLUMNS, names)
    return roster.identify(base, rows), [*unread, *faults]
