"""Changes to a list being edited: rows moved, written otherwise, or brought up to date."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, Final

from web.forms.submitted_list import LINES, TABLE, Sent, is_long
from workflows.editing.editing import Editing
from workflows.editing.rows import KIND, Row, rebase, restore

COUNT: Final = "count"
"""The button that counts all items again."""
RESTORE: Final = "restore-"
"""The button that puts a row back as it is recorded; the key of the row follows."""
SPARE: Final = 3
"""How many empty rows are added at once."""


def ordered(editing: Editing[Any], shown: Any, written: Sent, order: str, language: str) -> Sent:
    """The page after a button for its rows, or for another way to write them."""
    if order == LINES and editing.lines:
        kept = [row for row in written.rows if row.key or not row.blank]
        text = editing.lines.write(shown, kept, language)
        return replace(written, mode=LINES, text=text, language=language)
    if order == TABLE:
        if written.faults or is_long(editing, shown, written.rows):
            return written
        return replace(written, mode=TABLE, rows=numbered(written.rows))
    if order.startswith(RESTORE):
        key = order.removeprefix(RESTORE)
        return replace(written, rows=restore(written.rows, written.base, key))
    if order == COUNT and editing.counted:
        return replace(written, rows=editing.counted(written.rows))
    return replace(written, rows=rearranged(written.rows, order))


def rebased(
    editing: Editing[Any], shown: Any, written: Sent, now: tuple[Row, ...]
) -> tuple[Sent, Sequence[Row]]:
    """The page on the rows as they are now; and those that both this writer and others changed.

    Where rows stand for things of the record, what others changed is taken into the draft
    wherever this writer has left it alone.
    """
    current = replace(written, seen=shown.version, base=now)
    if not editing.keyed or written.faults:
        return current, ()
    draft, both = rebase(written.draft, now)
    current = replace(current, rows=draft.rows)
    if written.mode == LINES and editing.lines:
        text = editing.lines.write(shown, draft.rows, written.language)
        current = replace(current, text=text)
    return current, both


def rearranged(rows: Sequence[Row], order: str) -> tuple[Row, ...]:
    """The rows after a button: `add`, or `up-3`, `down-3`, `insert-3`, `remove-3`.

    `insert-3-KIND` and `add-0-KIND` make a row of another kind than the usual one.
    """
    what, _, where = order.partition("-")
    number, _, kind = where.partition("-")
    found = list(rows)
    place = int(number) - 1 if re.fullmatch(r"\d{1,4}", number) else -1
    new = Row(cells={KIND: kind} if kind else {})
    if what == "add":
        found += [new] * (1 if kind else SPARE)
    elif 0 <= place < len(found):
        if what == "insert":
            found.insert(place, new)
        elif what == "remove":
            del found[place]
        elif what == "up" and place:
            found[place - 1 : place + 1] = [found[place], found[place - 1]]
        elif what == "down" and place + 1 < len(found):
            found[place : place + 2] = [found[place + 1], found[place]]
    return numbered(found)


def numbered(rows: Iterable[Row]) -> tuple[Row, ...]:
    """Rows with the numbers of their places."""
    return tuple(
        Row(key=row.key, cells=row.cells, line=number) for number, row in enumerate(rows, start=1)
    )
