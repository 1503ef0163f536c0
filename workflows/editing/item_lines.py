"""The list of an agenda's items as lines, which can be pasted: written, read, and recognised."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from msgspec import structs

from domain.agenda.item_numbers import item_key
from workflows.acts.parameter import N_
from workflows.editing.item_list_acts import HEADING
from workflows.editing.partial_numbers import LEVEL, NumberReader
from workflows.editing.rows import KIND, Fault, Row, keyed

NO_LINE: Final = N_(
    "A line begins with the number of the item, and its title follows; a heading without a number"
    " begins with #."
)
_TOP: Final = r"(?:\d{1,4}(?:\.\d{1,4})*\.?|[^\W\d_]{1,4}\.)"
_LINE: Final = re.compile(
    rf"(?P<sub>{LEVEL}(?:\s*{LEVEL})*)\s+(?P<rest>\S.*)"
    rf"|(?P<number>{_TOP}(?:\s*{LEVEL})*)[\s.]+(?P<title>\S.*)"
)
_HEADING: Final = re.compile(r"(?:\s*[#＃]\s*|\s*\t\s*(?=\S))(?P<title>.*)")
_ALONE: Final = re.compile(rf"{_TOP}(?:\s*{LEVEL})*\.?")


def text(shown_rows: Sequence[Row], language: str) -> str:
    """The list as lines in one language: the number, or `#` for a heading, and the title behind."""
    lines = (
        f"{'#' if row.kind == HEADING else row.text('number')}\t"
        f"{row.text(f'title-{language}')}".rstrip()
        for row in shown_rows
    )
    return "\n".join(lines)


def read(text_: str, language: str) -> tuple[list[Row], list[Fault]]:
    """Rows of lines such as `2. Title`, `2 (a) Title` or, under an item `2`, `(a) Title`.

    A line with a tab has its number before it and its title behind. `# Title` is a heading, and
    so is a title behind a tab with nothing before it.
    """
    found: list[Row] = []
    faults: list[Fault] = []
    numbers = NumberReader()
    for line, written in enumerate(text_.replace("\r\n", "\n").split("\n"), start=1):
        if not written.strip():
            continue
        if heading := _HEADING.fullmatch(written):
            cells = {KIND: HEADING, f"title-{language}": heading["title"].strip()}
            found.append(Row(cells=cells, line=line))
            continue
        number, title = _parts(written)
        number = numbers.read(number)
        if not number:
            faults.append(Fault(line=line, why=NO_LINE, words={"text": written.strip()}))
        found.append(Row(cells={"number": number, f"title-{language}": title}, line=line))
    return found, faults


def _parts(written: str) -> tuple[str, str]:
    """The number and the title of a line; no number where it begins with none."""
    before, tab, behind = written.strip().partition("\t")
    if tab:
        return before.strip().rstrip("."), behind.strip()
    found = _LINE.fullmatch(written.strip())
    if found and found["sub"]:
        return found["sub"], found["rest"]
    if found:
        return found["number"].rstrip("."), found["title"]
    if _ALONE.fullmatch(written.strip()):
        return written.strip().rstrip("."), ""
    return "", written.strip()


def identify(base: Sequence[Row], written: Sequence[Row], language: str) -> tuple[Row, ...]:
    """Rows with the items that they mean: by number and title, by the title, by the number.

    `base` are the items as they stood when the writing began.
    """
    column = f"title-{language}"
    free = keyed(base)
    keys: dict[int, str] = {}

    def number_of(row: Row) -> str:
        return item_key(row.text("number"))

    def both_of(row: Row) -> object:
        return (row.kind, number_of(row), row.text(column))

    def title_of(row: Row) -> object:
        return row.text(column) and (row.kind, row.text(column))

    for key_of in (both_of, title_of, number_of):
        known: dict[object, list[str]] = {}
        for key, row in free.items():
            known.setdefault(key_of(row), []).append(key)
        for place, row in enumerate(written):
            meant = known.get(key_of(row), []) if key_of(row) else []
            if place not in keys and len(meant) == 1 and meant[0] in free:
                keys[place] = meant[0]
                del free[meant[0]]
    _identify_headings(written, keys, free)
    by_key = keyed(base)
    return tuple(
        structs.replace(row, key=keys[place], cells={**by_key[keys[place]].cells, **row.cells})
        if place in keys
        else row
        for place, row in enumerate(written)
    )


def _identify_headings(
    written: Sequence[Row], keys: dict[int, str], free: Mapping[str, Row]
) -> None:
    """Headings have no number: as many as are left over on both sides are the same, in order."""
    others = [n for n, row in enumerate(written) if row.kind == HEADING and n not in keys]
    left = [key for key, row in free.items() if row.kind == HEADING]
    if len(others) == len(left):
        keys.update(zip(others, left, strict=True))
