"""Numbers of items counted anew in the order of a list, each on its level and in its spelling."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from msgspec import Struct, structs

from domain.agenda.item_numbers import normalize_number, parent_key
from workflows.editing.item_list_acts import HEADING
from workflows.editing.rows import Row

_LAST: Final = re.compile(
    r"(?P<before>.*?)(?P<open>\s*\(|\.|\s+)(?P<own>[^\s().]+)(?P<close>\)?\.?)"
)
_ROMAN: Final = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


class _Level(Struct):
    """The items counted on one level below one item, and how their numbers are spelt."""

    above: str
    open: str
    close: str
    style: str
    """The own part of the first number: `1`, `a`, `A`, `i` or `I` say how it goes on."""
    count: int = 0

    def next(self) -> str:
        self.count += 1
        return f"{self.above}{self.open}{_counted(self.count, self.style)}{self.close}"


def counted(rows: Sequence[Row]) -> tuple[Row, ...]:
    """The rows with numbers from 1 on, and those of sub-items from the first of their level on.

    A row without a number goes on where the row before it stands. Rows that are blank and
    headings keep what they have, and so do numbers of scripts that are not counted here.
    """
    levels: list[_Level] = []
    above: list[str] = []
    found = []
    for row in rows:
        if row.kind == HEADING or row.blank:
            found.append(row)
            continue
        number = normalize_number(row.text("number"))
        depth = min(_depth(number) if number else max(len(above) - 1, 0), len(above))
        del levels[depth + 1 :], above[depth:]
        if depth == len(levels):
            levels.append(_level(number, depth, above))
        level = levels[depth]
        new = level.next() if _is_counted(level.style) else _below(level.above, number)
        above.append(new)
        found.append(structs.replace(row, cells={**row.cells, "number": new}))
    return tuple(found)


def _depth(number: str) -> int:
    """On how many items a number says that it stands below."""
    depth, level = 0, parent_key(number)
    while level:
        depth, level = depth + 1, parent_key(level)
    return depth


def _level(number: str, depth: int, above: Sequence[str]) -> _Level:
    """A level that begins with this number."""
    if not depth:
        return _Level(above="", open="", close="", style="1")
    parts = _LAST.fullmatch(number)
    if parts is None:
        return _Level(above=above[-1], open=" (", close=")", style="a")
    return _Level(
        above=above[-1], open=parts["open"], close=parts["close"], style=_style(parts["own"], depth)
    )


def _below(above: str, number: str) -> str:
    """A number as it is spelt, below an item that may bear another number now."""
    parts = _LAST.fullmatch(number)
    return f"{above}{number[parts.end('before') :]}" if parts else number


def _style(own: str, depth: int) -> str:
    if own.isascii() and own.isdecimal():
        return "1"
    roman = depth > 1 and not own.casefold().strip("ivx")
    if own.isascii() and own.isalpha() and (roman or len(own) == 1):
        style = "i" if roman else "a"
        return style if own.islower() else style.upper()
    return own


def _is_counted(style: str) -> bool:
    return style in {"1", "a", "A", "i", "I"}


def _counted(number: int, style: str) -> str:
    if style == "1":
        return str(number)
    text = _roman(number) if style in {"i", "I"} else _letters(number)
    return text.upper() if style.isupper() else text


def _letters(number: int) -> str:
    """`a` to `z`, then `aa`, `bb` and so on."""
    turns, place = divmod(number - 1, 26)
    return chr(ord("a") + place) * (turns + 1)


def _roman(number: int) -> str:
    found = ""
    for value, letters in _ROMAN:
        turns, number = divmod(number, value)
        found += letters * turns
    return found
