"""A list as an editing page sent it: rows or lines, answers, and the rows it began with."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final
from uuid import UUID, uuid5

from domain.ports.spreadsheets import TableReader, UnreadableTable
from web.forms.fields import LONGEST, Values
from web.forms.posted_form import PostedForm
from web.i18n.labels import N_
from workflows.editing.editing import Editing, Say
from workflows.editing.rows import KIND, Draft, Fault, Row, rebase

TABLE: Final = "table"
LINES: Final = "lines"
COUNT: Final = "count"
MOST_FIELDS: Final = 1_500
"""How many fields a table may have on a page; above that there are lines only."""
SPARE: Final = 3
"""How many empty rows are added at once."""
TOO_LONG: Final = N_("This is too long: at most 20,000 characters can be taken.")
UNREADABLE: Final = N_("The file “%(text)s” cannot be read: %(other)s.")


@dataclass(frozen=True)
class Sent:
    """An editing page as it was sent, or as it begins."""

    rows: tuple[Row, ...]
    base: tuple[Row, ...]
    answers: Mapping[str, str]
    mode: str
    text: str = ""
    """The lines as they were written, where the page has lines."""
    seen: int = 0
    """The version of the stream that the sender looked at."""
    faults: Sequence[Fault] = field(default_factory=tuple)
    """What cannot be read of it."""

    @property
    def draft(self) -> Draft:
        return Draft(rows=self.rows, base=self.base, answers=self.answers)

    def command_id(self, form_id: str) -> str:
        """The id under which this is done once: of the form, and of what stands in it.

        So a second click does nothing, and what is written differently is another act.
        """
        rows = [[row.key, *sorted(row.cells.items())] for row in self.rows]
        said = self.text if self.mode == LINES else rows
        content = json.dumps([said, sorted(self.answers.items()), self.seen])
        return str(uuid5(UUID(form_id), content))

    @property
    def base_as_text(self) -> str:
        """The rows with which it began, for a hidden field."""
        return json.dumps([[row.key, dict(row.cells)] for row in self.base], ensure_ascii=False)


def begins(editing: Editing[Any], shown: Any, language: str) -> Sent:
    """An editing page as it is opened."""
    rows = tuple(editing.rows(shown))
    answers = {answer.name: answer.value(shown) for answer in editing.questions(shown)}
    mode = (
        LINES if editing.lines and (editing.lines.first or is_long(editing, shown, rows)) else TABLE
    )
    text = editing.lines.write(shown, rows, language) if editing.lines else ""
    spare = [Row(cells={})] if mode is TABLE and editing.grows and not rows else []
    return Sent((*rows, *spare), rows, answers, mode, text, shown.version)


def is_long(editing: Editing[Any], shown: Any, rows: Sequence[Row]) -> bool:
    """Whether a table would have more fields than a page takes."""
    return len(rows) * (len(editing.columns(shown)) + 1) > MOST_FIELDS


def read(
    editing: Editing[Any],
    shown: Any,
    sent: PostedForm,
    *,
    read_table: TableReader,
    say: Say,
    language: str,
) -> Sent:
    """What was sent; a file takes the place of the lines."""
    values = sent.values
    answers = {answer.name: values.text(f"a-{answer.name}") for answer in editing.questions(shown)}
    seen = values.text("seen")
    mode = LINES if editing.lines and values.text("mode") == LINES else TABLE
    text = _raw(values, "text")
    faults: list[Fault] = []
    base = _base(values)
    if mode == LINES and editing.lines:
        name, content = sent.files.get("file", ("", b""))
        if content and editing.lines.files:
            try:
                text = read_table(content)
            except UnreadableTable as error:
                words = {"text": name, "other": str(error)}
                faults.append(Fault(line=0, why=UNREADABLE, words=words, column="file"))
        rows, wrong = editing.lines.read(base, text, language, say)
        faults += wrong
    else:
        rows, wrong = _table(editing, shown, values)
        faults += wrong
    number = int(seen) if re.fullmatch(r"\d{1,12}", seen) else -1
    return Sent(tuple(rows), base, answers, mode, text, number, faults)


def _raw(values: Values, name: str) -> str:
    """A text with the spaces and tabs at its ends, which may tell cells apart.

    Of several choices, each stands on a line of its own.
    """
    given = values.texts.get(name, ())
    text = "\n".join(filter(None, given)) if len(given) > 1 else "".join(given)
    return text.replace("\r\n", "\n")


def _table(
    editing: Editing[Any], shown: Any, values: Values
) -> tuple[Sequence[Row], Sequence[Fault]]:
    count = values.text("rows")
    most = int(count) if re.fullmatch(r"\d{1,4}", count) else 0
    columns = [column.name for column in editing.columns(shown)]
    rows, faults = [], []
    for number in range(1, most + 1):
        cells = {
            name: _raw(values, f"r{number}-{name}")
            for name in columns
            if f"r{number}-{name}" in values.texts
        }
        rows.append(Row(cells=cells, key=values.text(f"r{number}-key"), line=number))
        faults += [
            Fault(line=number, why=TOO_LONG, column=name)
            for name, cell in cells.items()
            if len(cell) > LONGEST
        ]
    return rows, faults


def _base(values: Values) -> tuple[Row, ...]:
    """The rows with which the page began; none where that field was tampered with."""
    try:
        found = json.loads(values.text("base") or "[]")
        rows = [
            Row(key=str(key), cells={str(n): str(c) for n, c in cells.items()})
            for key, cells in found
        ]
    except (ValueError, TypeError, AttributeError):
        return ()
    return tuple(rows)


def ordered(editing: Editing[Any], shown: Any, written: Sent, order: str, language: str) -> Sent:
    """The page after a button for its rows, or for another way to write them."""
    if order == LINES and editing.lines:
        kept = [row for row in written.rows if row.key or not row.blank]
        return replace(written, mode=LINES, text=editing.lines.write(shown, kept, language))
    if order == TABLE:
        if written.faults or is_long(editing, shown, written.rows):
            return written
        return replace(written, mode=TABLE, rows=numbered(written.rows))
    if order == COUNT and editing.counted:
        return replace(written, rows=editing.counted(written.rows))
    return replace(written, rows=rearranged(written.rows, order))


def rebased(
    editing: Editing[Any], shown: Any, written: Sent, now: tuple[Row, ...], language: str
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
        text = editing.lines.write(shown, draft.rows, language)
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
