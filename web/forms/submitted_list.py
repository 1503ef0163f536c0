"""A list as an editing page sent it: rows or lines, answers, and the rows it began with."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from domain.ports.spreadsheets import TableReader, UnreadableTable
from web.forms.fields import LONGEST, Values
from web.forms.form_ids import derived_id
from web.forms.unseen_characters import UNSEEN, TakenOut
from web.i18n import catalogues
from web.i18n.catalogues import NAMES
from web.i18n.labels import N_
from workflows.acts.unseen_characters import MOST, take_out
from workflows.editing.editing import Editing
from workflows.editing.rows import Draft, Fault, Row

TABLE: Final = "table"
LINES: Final = "lines"
FILE: Final = "file"
"""The field of a file that takes the place of the lines."""
WHY_UNREADABLE: Final = "why"
MOST_FIELDS: Final = 1_500
"""How many fields a table may have on a page; above that there are lines only."""
_CELL: Final = re.compile(r"r(?P<row>\d{1,4})-(?P<column>.+)")
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
    language: str = ""
    """The language in which the lines are written; that of the page may have changed since."""
    seen: int = 0
    """The version of the stream that the sender looked at."""
    faults: Sequence[Fault] = field(default_factory=tuple)
    """What cannot be read of it."""
    taken_out: Sequence[str] = ()
    """What was taken out of it because nobody sees it: the line, and the character."""

    @property
    def draft(self) -> Draft:
        return Draft(rows=self.rows, base=self.base, answers=self.answers)

    def command_id(self, form_id: str) -> str:
        """The id under which this is done once: of the form, and of what stands in it.

        So a second click does nothing, and what is written differently is another act.
        """
        rows = [[row.key, *sorted(row.cells.items())] for row in self.rows]
        said = [self.text, self.language] if self.mode == LINES else rows
        content = json.dumps([said, sorted(self.answers.items()), self.seen])
        return derived_id(form_id, content)

    @property
    def signs(self) -> list[TakenOut]:
        """What was taken out of it, as its pages tell it."""
        return [TakenOut("", *text.split(" ", 1)) for text in self.taken_out if " " in text]

    @property
    def removed(self) -> list[Row]:
        """The rows with which it began that were taken off since."""
        keys = {*self.draft.removed}
        return [row for row in self.base if row.key in keys]

    @property
    def base_as_text(self) -> str:
        """The rows with which it began, for a hidden field."""
        return json.dumps([[row.key, dict(row.cells)] for row in self.base], ensure_ascii=False)

    @property
    def fields(self) -> Mapping[str, str]:
        """All of it as the fields that a page sends, and that `read` reads."""
        found = {f"a-{name}": text for name, text in self.answers.items()}
        found |= {"seen": str(self.seen), "base": self.base_as_text, "mode": self.mode}
        if self.taken_out:
            found[UNSEEN] = "\n".join(self.taken_out)
        if self.mode == LINES:
            return {**found, "text": self.text, "language": self.language}
        found["rows"] = str(len(self.rows))
        for number, row in enumerate(self.rows, start=1):
            cells = {f"r{number}-{name}": cell for name, cell in row.cells.items()}
            found |= {f"r{number}-key": row.key, **cells}
        return found


def begins(editing: Editing[Any], shown: Any, language: str) -> Sent:
    """An editing page as it is opened."""
    rows = tuple(editing.rows(shown))
    answers = {answer.name: answer.value(shown) for answer in editing.questions(shown)}
    mode = (
        LINES if editing.lines and (editing.lines.first or is_long(editing, shown, rows)) else TABLE
    )
    text = editing.lines.write(shown, rows, language) if editing.lines else ""
    spare = [Row(cells={})] if mode is TABLE and editing.grows and not rows else []
    return Sent((*rows, *spare), rows, answers, mode, text, language, shown.version)


def is_long(editing: Editing[Any], shown: Any, rows: Sequence[Row]) -> bool:
    """Whether a table would have more fields than a page takes."""
    return len(rows) * (len(editing.columns(shown)) + 1) > MOST_FIELDS


def with_table(
    values: Values, files: Mapping[str, tuple[str, bytes]], read_table: TableReader
) -> tuple[Values, Mapping[str, str]]:
    """The values with the table of a file in the place of the lines; or why it cannot be read.

    So a file is kept as what was read of it, and need not be sent again.
    """
    name, content = files.get(FILE, ("", b""))
    if not content or values.text("mode") != LINES:
        return values, {}
    try:
        return Values({**values.texts, "text": [read_table(content)]}), {}
    except UnreadableTable as error:
        return values, {FILE: name, WHY_UNREADABLE: str(error)}


def read(
    editing: Editing[Any],
    shown: Any,
    values: Values,
    language: str,
    unread: Mapping[str, str] | None = None,
) -> Sent:
    """What was sent. Lines are read in the language in which they were written.

    `unread` is what `with_table` said of a file.
    """
    values, taken_out = _without_unseen(values, {c.name: c.kind for c in editing.columns(shown)})
    answers = {answer.name: values.text(f"a-{answer.name}") for answer in editing.questions(shown)}
    seen = values.text("seen")
    mode = LINES if editing.lines and values.text("mode") == LINES else TABLE
    text = _raw(values, "text")
    language = values.text("language") if values.text("language") in NAMES else language
    base = _base(values)
    if mode == LINES and editing.lines:
        say = catalogues.load_catalogue(language).texts.gettext
        rows, faults = editing.lines.read(base, text, language, say)
    else:
        rows, faults = _table(editing, shown, values)
    if unread:
        words = {"text": unread[FILE], "other": unread[WHY_UNREADABLE]}
        faults = [Fault(line=0, why=UNREADABLE, words=words, column=FILE), *faults]
    number = int(seen) if re.fullmatch(r"\d{1,12}", seen) else -1
    return Sent(tuple(rows), base, answers, mode, text, language, number, faults, taken_out)


def _without_unseen(values: Values, kinds: Mapping[str, str]) -> tuple[Values, Sequence[str]]:
    """The values without characters that nobody sees, but for the rows with which it began.

    Those are told by their lines: of the text, or of the table. `kinds` are those of its columns.
    """
    texts, removed = dict(values.texts), [*values.lines(UNSEEN)]
    for name, given in values.texts.items():
        in_row = _CELL.fullmatch(name)
        if not (in_row or name == "text" or name.startswith("a-")):
            continue
        long = in_row and kinds.get(in_row["column"]) == "long"
        cleaned = [take_out(each, "\n" if long else " ") for each in given]
        texts[name] = [each for each, _ in cleaned]
        signs = [sign for _, found in cleaned for sign in found]
        removed += [f"{in_row['row'] if in_row else sign.line} {sign.named}" for sign in signs]
    return Values(texts), list(dict.fromkeys(removed))[:MOST]


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
