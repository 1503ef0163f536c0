"""The roster as lines of text: which columns are written, and by what names lines call them."""

from __future__ import annotations

from collections.abc import Sequence

from domain.languages import LANGUAGES
from workflows.editing import roster
from workflows.editing.delimited_text import cells_of, rows_of, text_of
from workflows.editing.editing import Say
from workflows.editing.rows import Column, Fault, Row


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
    rows, faults = rows_of(lines, roster.COLUMNS, _names(roster.COLUMNS, say))
    return roster.identify(base, rows), [*unread, *faults]


def _names(columns: Sequence[Column], say: Say) -> list[tuple[str, str]]:
    """By what names the columns can be called: their own, and their labels."""
    found = []
    for column in columns:
        language = LANGUAGES.get(column.language, "")
        found += [
            (column.name, column.name),
            (column.label % {"language": language}, column.name),
            (say(column.label) % {"language": say(language) if language else ""}, column.name),
        ]
    return [*found, ("name", "name-en")]
