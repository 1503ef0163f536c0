"""Characters that nobody sees, as documents and spreadsheets leave them in what is pasted.

Soft hyphens, spaces without width and controls of direction would be recorded with a text, and
nobody could see or remove them: they are taken out, and pages name them to those who wrote the
text. What letters of some languages are written with stays: joiners (U+200C, U+200D) and the marks
of direction that stand for one letter (U+200E, U+200F, U+061C). Source of what each does: Unicode
Standard 16.0, chapter 23, "Special Areas and Format Characters".
"""

from __future__ import annotations

import re
import unicodedata
from itertools import islice
from typing import Final

from msgspec import Struct

_UNSEEN: Final = re.compile(
    "[\x00-\x08\x0b-\x0c\x0e-\x1f\x7f-\x9f\xad\u200b\u2028-\u202e\u2060\u2066-\u2069\ufeff"
    "\ufff9-\ufffb]"
)
_BREAKS: Final = frozenset("\x0b\x0c\x85\u2028\u2029")
"""Those that end a line, as a word processor writes a new line within a paragraph."""
MOST: Final = 20
"""How many of them are named of one text."""


class UnseenCharacter(Struct, frozen=True):
    """One of them, and in which line of the text it stood, counted from 1."""

    character: str
    line: int

    @property
    def named(self) -> str:
        """Its number in Unicode, and its name there if it has one."""
        return f"U+{ord(self.character):04X} {unicodedata.name(self.character, '')}".strip()


def take_out(text: str, line_break: str = "\n") -> tuple[str, tuple[UnseenCharacter, ...]]:
    """A text without them, and those that were taken out, at most 20.

    In the place of what ends a line comes `line_break`, which is not one of those.
    """
    matches = (match for match in _UNSEEN.finditer(text) if match[0] not in _BREAKS)
    found = tuple(
        UnseenCharacter(match[0], text.count("\n", 0, match.start()) + 1)
        for match in islice(matches, MOST)
    )
    return _UNSEEN.sub(lambda match: line_break if match[0] in _BREAKS else "", text), found
