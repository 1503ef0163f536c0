"""The difference of two texts: word by word in one text, or character by character in two."""

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
        found += _piece("removed", old[a:b]) + _piece("added", new[c:d])
    return found


def _piece(kind: str, words: Sequence[str]) -> list[DiffPiece]:
    return [DiffPiece(kind, "".join(words))] if words else []


@dataclass(frozen=True)
class SidePiece:
    """A stretch of one of two texts; `mark` says that it is only here, or is missing here."""

    text: str
    mark: str = ""


def diff_side_by_side(
    first: str, second: str
) -> tuple[tuple[SidePiece, ...], tuple[SidePiece, ...]]:
    """Two short texts, such as titles, each cut where they differ."""
    here: list[SidePiece] = []
    there: list[SidePiece] = []
    matcher = SequenceMatcher(None, first, second, autojunk=False)
    for act, from_1, to_1, from_2, to_2 in matcher.get_opcodes():
        same = act == "equal"
        for pieces, text in ((here, first[from_1:to_1]), (there, second[from_2:to_2])):
            mark = "" if same else "only here" if text else "missing"
            pieces.append(SidePiece(text, mark))
    return tuple(here), tuple(there)
