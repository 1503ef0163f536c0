"""The difference of two texts, word by word."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

_WORD: Final = re.compile(
    r"[\u3040-\u30ff\u3400-\u9fff]|[^\W\u3040-\u30ff\u3400-\u9fff]+|\s+|[^\w\s]"
)
"""A word, a Chinese or Japanese character, a space, or a sign."""


@dataclass(frozen=True)
class DiffPiece:
    """A run of words that are in both texts (`kept`), new (`added`) or gone (`removed`)."""

    kind: str
    text: str


def diff_words(before: str, after: str) -> list[DiffPiece]:
    """How `before` became `after`, in order; what was removed stands before what was added."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    found: list[DiffPiece] = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            found.append(DiffPiece("kept", "".join(old[a:b])))
            continue
        found += _told("removed", old[a:b]) + _told("added", new[c:d])
    return found


def _told(kind: str, words: Sequence[str]) -> list[DiffPiece]:
    return [DiffPiece(kind, "".join(words))] if words else []
