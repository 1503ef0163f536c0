"""Numbers of items that are written in part, such as `(a)` under an item `2`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

LEVEL: Final = r"(?:\([^()\s]{1,9}\))"
"""One level of a number below its item."""
_ROMAN: Final = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")
_FIRST: Final = ("a", "i", "1")
"""How the first sub-item of an item can be called."""


class NumberReader:
    """Reads the numbers of a list in order; each may leave out what stands above it."""

    def __init__(self) -> None:
        self._above: list[str] = []

    def read(self, number: str) -> str:
        """The whole number; empty for none, and for a part of one above which no item stands."""
        levels = [level.strip("()") for level in re.findall(LEVEL, number)]
        if number.startswith("("):
            self._above = _below(self._above, levels)
            top, *below = self._above or [""]
            return f"{top} {' '.join(f'({level})' for level in below)}" if top else ""
        if number:
            self._above = [re.split(r"\s*\(", number)[0], *levels]
        return number


def _below(above: Sequence[str], levels: Sequence[str]) -> list[str]:
    """The levels of a sub-item that is written without its item, below the line before it.

    After `(h)` comes `(i)`; otherwise `(i)` begins a level of its own. Empty where no item stands
    above.
    """
    if not above or len(levels) != 1:
        return [*above[:1], *levels] if above else []
    level = levels[0].casefold()
    for depth in range(len(above) - 1, 0, -1):
        if _follows(above[depth].casefold(), level):
            return [*above[:depth], levels[0]]
    if level in _FIRST or len(above) == 1:
        return [*above, levels[0]]
    roman = len(level) > 1
    same = (d for d in range(len(above) - 1, 0, -1) if (len(above[d]) > 1) == roman)
    return [*above[: next(same, len(above) - 1)], levels[0]]


def _follows(level: str, following: str) -> bool:
    """Whether one level comes right after another in counting: by letters, Roman or digits."""
    if level.isdecimal() and following.isdecimal():
        return int(following) == int(level) + 1
    if level in _ROMAN and following in _ROMAN:
        return _ROMAN.index(following) == _ROMAN.index(level) + 1
    return len(level) == len(following) == 1 and ord(following) == ord(level) + 1
