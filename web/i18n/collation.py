"""Collation: in which order names stand in each of the six languages.

It knows what lists of States, bodies and seats need, and no more of the Unicode Collation
Algorithm (UTS #10): accents and case count last, numbers count by their value, and letters that a
language counts as its own (Spanish ñ, Russian й) follow the letter that they are made from. Chinese
stands in the order of GB 18030, which is that of pinyin for its 3755 most frequent characters.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

OWN_LETTERS: Final = {"es": {"ñ": "n~"}, "ru": {"й": "и~"}}
"""Letters of their own that Unicode takes apart; the tilde stands behind all letters."""
NUMBER: Final = re.compile(r"\d+")
DIGITS: Final = 12
"""To how many digits numbers are filled up, so that 2 stands before 10."""

CollationKey = tuple[str, str]


def collation_key(text: str, language: str) -> CollationKey:
    """What a text is compared by in lists of this language."""
    folded = unicodedata.normalize("NFC", text).casefold()
    for letter, placed in OWN_LETTERS.get(language, {}).items():
        folded = folded.replace(letter, placed)
    plain = "".join(
        letter
        for letter in unicodedata.normalize("NFKD", folded)
        if not unicodedata.combining(letter)
    )
    plain = NUMBER.sub(lambda number: str(int(number[0])).zfill(DIGITS), plain)
    if language == "zh":
        plain = plain.encode("gb18030", "replace").decode("latin-1")
    return plain, text
