"""Numbered seats and items as ranges, such as `s1-s12` or `1-6`; what is unclear is refused."""

from __future__ import annotations

import re
from collections.abc import Set
from typing import Any, Final

from adapters.files.field_checks import Checks, Place, shorten

RANGE_FIELDS: Final = frozenset({"seats", "items", "on_behalf_of", "acts_for"})
"""The fields, of acts and of expectations, in which ranges may stand."""
MOST: Final = 1000
"""How many a range may name."""
_RANGE: Final = re.compile(
    r"^(?P<before>[^\d]*)(?P<first>\d{1,6})\s*[-\u2013]\s*(?P<again>[^\d]*)(?P<last>\d{1,6})$"
)
_DOTS: Final = re.compile(r"^\S+?\s*\.{2,3}\s*\S+$")


class Ranges:
    """Writes out the ranges of a file; `names` are its seats and items as they are entered."""

    def __init__(self, checks: Checks, names: Set[str]) -> None:
        self._checks, self._names = checks, names

    def expand(self, place: Place, value: Any) -> Any:
        """The same fields, with every range in them written out. Raises CaseError."""
        if not isinstance(value, dict):
            return value
        return {
            key: self._list((*place, key), field)
            if key in RANGE_FIELDS
            else self._below(place, key, field)
            for key, field in value.items()
        }

    def _below(self, place: Place, key: str, value: Any) -> Any:
        here = (*place, key)
        return self.expand(here, value) if key in {"subject", "expect"} else value

    def _list(self, place: Place, value: Any) -> Any:
        if isinstance(value, dict):
            return value if place[-1] != "seats" else self._by_group(place, value)
        if isinstance(value, str):
            found = self._range(place, value)
            if found is None:
                because = f"write a list, [{value:.40}], or a range of numbers such as s1-s12"
                self._checks.fail(place, because)
            return found
        if not isinstance(value, list):
            return value
        expanded: list[Any] = []
        for number, item in enumerate(value):
            found = self._range((*place, number), item) if isinstance(item, str) else None
            expanded += [item] if found is None else found
        return expanded

    def _by_group(self, place: Place, value: dict[str, Any]) -> dict[str, Any]:
        """Seats by what they did, as expectations have them."""
        return {key: self._list((*place, key), seats) for key, seats in value.items()}

    def _range(self, place: Place, text: str) -> list[str] | None:
        """What a range names; None for what is none."""
        if _DOTS.match(text) and text not in self._names:
            self._checks.fail(
                place, f"{shorten(text)}: a range is written with a hyphen, as s1-s12"
            )
        found = _RANGE.match(text)
        if not found or found["again"] not in {"", found["before"]} or self._one_word(found):
            return None
        first, last = found["first"], found["last"]
        if text in self._names:
            self._checks.fail(place, f"{shorten(text)} is both a name in this file and a range")
        padded = first.startswith("0") or last.startswith("0")
        if padded and len(first) != len(last):
            because = f"{shorten(text)}: both ends of a range have as many digits, or no zero leads"
            self._checks.fail(place, because)
        count = int(last) - int(first) + 1
        if not 1 < count <= MOST:
            because = f"{shorten(text)}: a range goes up, over at most {MOST} numbers"
            self._checks.fail(place, because)
        width = len(first) if padded else 0
        return [
            f"{found['before']}{number:0{width}}" for number in range(int(first), int(last) + 1)
        ]

    @staticmethod
    def _one_word(found: re.Match[str]) -> bool:
        """Whether it is a name with a year or number at its end, such as `wg7-10`."""
        return bool(found["before"]) and not found["again"]
