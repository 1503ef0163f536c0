"""The rows of an editing page, what is wrong with them, and the acts that they make."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Final

from msgspec import Struct, field, structs

from domain.messages import Command
from domain.times import UNKNOWN, When
from workflows.acts.parameter import Choice

KIND: Final = "kind"
"""The column that says of what kind a row is."""


class Column(Struct, frozen=True, kw_only=True):
    """One thing that each row tells. Labels and hints are message ids."""

    name: str
    label: str
    language: str = ""
    """Of a text: its language, which the label then names as `%(language)s`."""
    hint: str = ""
    """How it is written, where its label does not say so."""
    kind: str = "text"
    """`text`, `long`, `several` (choices to tick), `day`, `hour`, or `hidden`."""
    choices: tuple[Choice, ...] = ()
    fold: bool = False
    """Whether a page folds it away behind the others."""
    new_only: bool = False
    """Whether only a new row has it: it cannot be changed later."""
    not_for: str = ""
    """The kind of rows that do not have it."""


class Row(Struct, frozen=True, kw_only=True):
    """One line of a list, with what it says of each column that it mentions."""

    cells: Mapping[str, str]
    key: str = ""
    """What it is in the record; empty for a new one."""
    line: int = 0
    """Where it stands in what somebody wrote, counted from 1."""

    def text(self, column: str) -> str:
        """What it says there, without spaces around; empty where it says nothing."""
        return self.cells.get(column, "").strip()

    def entries(self, column: str) -> tuple[str, ...]:
        """What it says there, line by line."""
        return tuple(line.strip() for line in self.text(column).split("\n") if line.strip())

    @property
    def kind(self) -> str:
        """What kind of row it is, where there are several; empty for the first of them."""
        return self.text(KIND)

    @property
    def blank(self) -> bool:
        """Whether it says nothing at all."""
        return not any(cell.strip() for name, cell in self.cells.items() if name != KIND)


class Fault(Struct, frozen=True, kw_only=True):
    """What is wrong in a line, as a message id with its words; line 0 is the page as a whole."""

    line: int
    why: str
    words: Mapping[str, str] = field(default_factory=dict)
    column: str = ""


class Fate(StrEnum):
    """What becomes of a line."""

    NEW = "new"
    CHANGED = "changed"
    REMOVED = "removed"
    UNCHANGED = "unchanged"


class Line(Struct, frozen=True, kw_only=True):
    """A line as it is called, and what becomes of it."""

    called: str
    fate: Fate
    line: int = 0


class Plan(Struct, frozen=True, kw_only=True):
    """What a table of rows means: commands in their order, or what is wrong with it."""

    commands: tuple[Command, ...] = ()
    lines_of: tuple[int, ...] = ()
    """The line from which each command comes."""
    lines: tuple[Line, ...] = ()
    faults: tuple[Fault, ...] = ()
    authority: str = ""
    """By what authority all of it is done; empty where none is named."""
    happened: When = UNKNOWN
    """When all of it happened, where that is stated."""

    def of(self, fate: Fate) -> list[Line]:
        """The lines of this fate."""
        return [line for line in self.lines if line.fate == fate]


class Draft(Struct, frozen=True, kw_only=True):
    """What somebody wrote: the rows, the answers above them, and the rows that they began with."""

    rows: tuple[Row, ...]
    base: tuple[Row, ...]
    answers: Mapping[str, str] = field(default_factory=dict)

    def answer(self, name: str) -> str:
        """The answer to a question above the rows; empty where there is none."""
        return self.answers.get(name, "").strip()

    @property
    def removed(self) -> list[str]:
        """The keys of rows with which it began, and which are not there any more."""
        kept = {row.key for row in self.rows}
        return [row.key for row in self.base if row.key not in kept]


def keyed(rows: Iterable[Row]) -> dict[str, Row]:
    """Rows by what they are in the record."""
    return {row.key: row for row in rows if row.key}


def rebase(draft: Draft, current: Sequence[Row]) -> tuple[Draft, tuple[Row, ...]]:
    """A draft after the record has gone on, and the rows that both have changed.

    A cell that the writer left as it was takes its present value; one that the writer changed
    stays. So does the order: it is the writer's if the writer changed it, else that of the record.
    A row that is new on either side stands behind the row that it followed there. A row that was
    changed in the record and taken off in the draft comes back, and one that is gone from the
    record becomes a new one where the writer has changed it, so that nothing of anybody is lost.
    """
    began, now = keyed(draft.base), keyed(current)
    rows: list[Row] = []
    both: list[Row] = []
    for row in draft.rows:
        before, after = began.get(row.key), now.get(row.key)
        if before is None:
            rows.append(row)
        elif after is None:
            if _differs(row, before):
                rows.append(structs.replace(row, key=""))
                both.append(before)
        else:
            rows.append(structs.replace(row, cells=_merged(row, before, after)))
            if _clash(row, before, after):
                both.append(after)
    written = {row.key for row in draft.rows}
    back = [
        after
        for key, after in now.items()
        if key in began and key not in written and _differs(after, began[key])
    ]
    both += back
    theirs = [row for row in current if row.key not in began or row.key in written or row in back]
    merged = _in_one_order(draft, rows, theirs)
    numbered = (structs.replace(row, line=number) for number, row in enumerate(merged, start=1))
    return structs.replace(draft, rows=tuple(numbered), base=tuple(current)), tuple(both)


def _in_one_order(draft: Draft, own: Sequence[Row], theirs: Sequence[Row]) -> list[Row]:
    """The rows of both, in the order of the one of them that has changed it."""
    kept = {row.key for row in own if row.key} & {row.key for row in theirs}
    was = [row.key for row in draft.base if row.key in kept]
    if was != [row.key for row in own if row.key in kept]:
        return _woven(own, theirs)
    written = {row.key: row for row in own if row.key}
    return _woven([written.get(row.key, row) for row in theirs], own)


def restore(rows: Sequence[Row], base: Sequence[Row], key: str) -> tuple[Row, ...]:
    """The rows with one that was taken off again, behind the row that it followed at first."""
    kept = {row.key for row in rows if row.key}
    wanted = [row for row in base if row.key == key or row.key in kept]
    found = _woven(rows, wanted) if key not in kept else rows
    return tuple(structs.replace(row, line=number) for number, row in enumerate(found, start=1))


def _woven(first: Sequence[Row], other: Sequence[Row]) -> list[Row]:
    """The first rows with those that only the others have, each behind what it followed there."""
    merged = list(first)
    keys = {row.key for row in first if row.key}
    place = 0
    for row in other:
        if row.key and row.key in keys:
            place = 1 + next(n for n, known in enumerate(merged) if known.key == row.key)
        else:
            merged.insert(place, row)
            place += 1
    return merged


def _merged(row: Row, before: Row, after: Row) -> dict[str, str]:
    own = {name: cell for name, cell in row.cells.items() if cell.strip() != before.text(name)}
    return {**after.cells, **own}


def _differs(row: Row, other: Row) -> bool:
    return any(row.text(name) != other.text(name) for name in row.cells)


def _clash(row: Row, before: Row, after: Row) -> bool:
    """Whether one cell was changed by both, to different texts."""
    return any(
        row.text(name) != before.text(name) != after.text(name) != row.text(name)
        for name in row.cells
    )
