"""The numbers of items as people write them: `2`, `1 (a)`, `4 (b) (i)`; when two are the same."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

_LIKE: Final = str.maketrans("аеорсухіјѕο", "aeopcyxijso")
"""Letters of other alphabets that look like Latin ones."""

_UNSEEN: Final = {"Cc", "Cf"}
_EMPTY: Final = {"\u034f", "\u115f", "\u1160", *map(chr, range(0xFE00, 0xFE10))}
"""Joiners, fillers and variation selectors: marks and letters that show nothing."""

_BARE: Final = re.compile(r"(?<![^\W\d_])(?<!\()([^\W\d_]+)\)")
"""A letter with its closing bracket only, as in `2 a)`."""

_LEVEL: Final = re.compile(r"(.+?)(\([^()]+\)|\.[^.()]+)")
"""A number whose last level stands in brackets (`4(b)(i)`) or behind a point (`4.2`)."""

_ROMAN: Final = {"i": 1, "v": 5, "x": 10, "l": 50}


@lru_cache(maxsize=4096)
def item_key(number: str) -> str:
    """What all spellings of one number have in common; empty for what shows nothing.

    Case, blanks, invisible characters, wide forms and the digits of other scripts make no other
    number; nor do a point at the end, or the bracket that `2 a)` leaves out.
    """
    folded = unicodedata.normalize("NFKC", number).casefold()
    seen = (char for char in folded if not (char.isspace() or _hidden(char)))
    text = "".join(map(_digit, seen)).translate(_LIKE).rstrip(".")
    return re.sub(r"\.(?=\()", "", _BARE.sub(r"(\1)", text))


def _hidden(char: str) -> bool:
    return char in _EMPTY or unicodedata.category(char) in _UNSEEN


def _digit(char: str) -> str:
    value = unicodedata.decimal(char, None)
    return char if value is None else str(value)


def normalize_number(number: str) -> str:
    """A number as it is kept and shown: as it was spelt, without invisible characters."""
    seen = (
        char for char in unicodedata.normalize("NFC", number) if char.isspace() or not _hidden(char)
    )
    return " ".join("".join(seen).split())


def parent_key(number: str) -> str:
    """The key of the number that this one is a level below (`2` of `2 (b)`); empty for none."""
    found = _LEVEL.fullmatch(item_key(number))
    return found[1] if found else ""


def sort_key(number: str) -> tuple[tuple[int, int, str], ...]:
    """What numbers are ordered by: `2` before `10`, `(b)` before `(c)`, `(b) (v)` before `(ix)`.

    Letters of the third level are read as Roman numerals where they can be.
    """
    parts = re.findall(r"\d+|[^\W\d_]+", item_key(number))
    return tuple(_rank(part, roman=place > 1) for place, part in enumerate(parts))


def _rank(part: str, *, roman: bool) -> tuple[int, int, str]:
    if part.isdecimal():
        return 0, int(part), ""
    values = [_ROMAN.get(char, 0) for char in part]
    if not roman or 0 in values:
        return 1, len(part), part
    pairs = zip(values, [*values[1:], 0], strict=True)
    return 0, sum(-value if value < after else value for value, after in pairs), ""


def known_spelling(number: str, known: Sequence[str]) -> str:
    """The spelling that is known of a number; the number as it is where none is known."""
    if number in known:
        return number
    key = item_key(number)
    return next((known_number for known_number in known if item_key(known_number) == key), number)


def repeated_numbers(numbers: Iterable[str]) -> tuple[str, ...]:
    """The numbers that stand for something named before, in whatever spelling."""
    seen: set[str] = set()
    again = []
    for number in numbers:
        key = item_key(number)
        if key in seen:
            again.append(number)
        seen.add(key)
    return tuple(again)
