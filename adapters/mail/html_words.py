"""The words of HTML that somebody sent, for people who read a message as text."""

from __future__ import annotations

import html
import re
import string
from collections.abc import Iterator
from typing import Final

SILENT: Final = frozenset({"script", "style", "head", "title"})
"""Elements whose words are not for readers."""
BLOCKS: Final = frozenset({"p", "br", "div", "tr", "li", "h1", "h2", "h3", "blockquote"})
"""Elements that begin a line."""
_LOWER: Final = {ord(letter): ord(letter) + 32 for letter in string.ascii_uppercase}
_SPACES: Final = re.compile(r"\s+")
_TAG: Final = re.compile(r"[a-z0-9]{1,10}")


class _Words:
    """Takes the words out of HTML in one pass: parsers of the library take quadratic time."""

    def __init__(self, content: str) -> None:
        self._html, self._lower, self._missing = content, content.translate(_LOWER), set[str]()

    def pieces(self) -> Iterator[str]:
        """The words, with the ends of lines."""
        at = 0
        while (begin := self._html.find("<", at)) >= 0:
            yield self._html[at:begin]
            tag = _TAG.match(self._lower, begin + 1)
            name = tag[0] if tag else ""
            if self._html.startswith("<!--", begin):
                begin = max(begin, self._find("-->", begin))
            elif name in SILENT:
                begin = max(begin, self._find(f"</{name}", begin))
            elif name in BLOCKS:
                yield "\n"
            if (end := self._find(">", begin)) < 0:
                yield self._html[begin:]
                return
            at = end + 1
        yield self._html[at:]

    def _find(self, mark: str, at: int) -> int:
        """Where a mark comes next; what was missing once is not looked for again."""
        found = -1 if mark in self._missing else self._lower.find(mark, at)
        if found < 0:
            self._missing.add(mark)
        return found


def words_of(content: str) -> str:
    """The words of HTML, a line for each block; what is never closed stays."""
    words = _Words(content).pieces()
    pieces = ("\n" if piece == "\n" else _SPACES.sub(" ", piece) for piece in words)
    lines = html.unescape("".join(pieces)).split("\n")
    return "\n".join(line.strip() for line in lines)
