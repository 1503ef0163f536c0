"""Headers of letters, written so that every reader gets back the text that went in.

The email package folds its output again, and in some versions blanks are lost or added there.
These bytes come from here alone: RFC 5322 for lines, RFC 2047 for text, RFC 2231 for names of
files.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final
from urllib.parse import quote

LINE: Final = 76
"""How long a line with an encoded word may be (RFC 2047, 2)."""
WORD: Final = 75
"""How long an encoded word may be (RFC 2047, 2)."""
_FRAME: Final = len("=?utf-8?q??=")
_BREAKS: Final = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")
_PLAIN: Final = re.compile(r"[!-~]+(?: [!-~]+)*")
_ITSELF: Final = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!*+-/")
"""What stands for itself in a Q word wherever that is (RFC 2047, 5 (3))."""
_SIMPLE_NAME: Final = re.compile(r"[A-Za-z0-9._-]{1,40}")
_PART: Final = 50
"""How much of a long file name stands in each of its parts."""


def text_header(name: str, value: str) -> bytes:
    """A header with free text. What would end a line becomes a blank; all else stays.

    Short plain text stays as it is. All else is encoded whole, with its blanks: those between
    encoded words are no part of the text (RFC 2047, 6.2).
    """
    text = _BREAKS.sub(" ", value)
    plain = _PLAIN.fullmatch(text) and "=?" not in text
    if plain and len(name) + 2 + len(text) <= LINE:
        return f"{name}: {text}\r\n".encode("ascii")
    return folded_header(name, list(_words(text, LINE - len(name) - 2)))


def folded_header(name: str, pieces: Sequence[str]) -> bytes:
    """A header of pieces in ASCII, each on a line of its own."""
    return f"{name}: ".encode("ascii") + "\r\n ".join(pieces).encode("ascii") + b"\r\n"


def list_header(name: str, values: Sequence[str]) -> bytes:
    """A header with a list, such as of addresses."""
    return folded_header(name, [*(f"{value}," for value in values[:-1]), *values[-1:]])


def attachment_header(name: str) -> bytes:
    """The header that calls a part an attachment with this file name (RFC 2183, RFC 2231)."""
    text = _BREAKS.sub(" ", name)
    if _SIMPLE_NAME.fullmatch(text):
        return folded_header("Content-Disposition", ["attachment;", f'filename="{text}"'])
    parts = [
        quote(part, safe="")
        for part in _cut(text, lambda character: len(quote(character, safe="")), _PART)
    ]
    if len(parts) == 1:
        return folded_header("Content-Disposition", ["attachment;", f"filename*=utf-8''{parts[0]}"])
    pieces = [f"filename*{n}*={'' if n else UTF8}{part}" for n, part in enumerate(parts)]
    ended = [f"{piece};" for piece in pieces[:-1]]
    return folded_header("Content-Disposition", ["attachment;", *ended, pieces[-1]])


UTF8: Final = "utf-8''"
"""How a text of RFC 2231 begins that is in UTF-8 and in no language."""


def _words(text: str, first: int) -> Iterator[str]:
    """The text as encoded words of whole characters, the first at most `first` long."""
    size = len(text.encode())
    if sum(map(_quoted_size, text)) <= (size + 2) // 3 * 4:
        for part in _cut(text, _quoted_size, WORD - _FRAME, first - _FRAME):
            yield f"=?utf-8?q?{''.join(map(_quoted, part))}?="
        return
    room, at_first = (WORD - _FRAME) // 4 * 3, (first - _FRAME) // 4 * 3
    for part in _cut(text, lambda character: len(character.encode()), room, at_first):
        yield f"=?utf-8?b?{base64.b64encode(part.encode()).decode('ascii')}?="


def _cut(
    text: str, size: Callable[[str], int], room: int, first: int | None = None
) -> Iterator[str]:
    """The text in parts of whole characters: at most `room` in each, and `first` in the first."""
    part, left = "", room if first is None else min(first, room)
    for character in text:
        needs = size(character)
        if needs > left:
            yield part
            part, left = "", room
        part, left = part + character, left - needs
    yield part


def _quoted(character: str) -> str:
    if character == " ":
        return "_"
    return "".join(chr(byte) if byte in _ITSELF else f"={byte:02X}" for byte in character.encode())


def _quoted_size(character: str) -> int:
    return len(_quoted(character))
