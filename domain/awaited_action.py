"""From whom something is awaited, and what: the answer to "whose turn is it?"."""

from __future__ import annotations

from typing import Final

from msgspec import Struct


class Awaited(Struct, frozen=True):
    """Who has to act next and what is awaited of them, in the words of the status board.

    `who` is a role (`secretariat`, `presiding officer`, `seat` ...). Both are empty, and the value
    is false, where nothing is awaited.
    """

    who: str = ""
    what: str = ""

    def __bool__(self) -> bool:
        return bool(self.what)


NOTHING: Final = Awaited()
