"""Document symbols: reading, joining, and reserving each of them once for ever."""

from __future__ import annotations

import re
from dataclasses import dataclass

from domain.facts import Fact, Kind, Recorded, Stream, changed
from domain.rules import Refused

_JOINT = re.compile(r"\s*-\s*(?=[A-Z]+/)")
_PART = re.compile(r"^[A-Z][A-Za-z0-9.()]*(/[A-Za-z0-9.()-]+)+$")


@dataclass(frozen=True)
class Symbol:
    """A symbol: one part, or the parts of a joint symbol; `*` marks a reissue of the same one.

    Source: research.un.org/en/docs/symbols; joint symbols join whole symbols by a hyphen.
    """

    parts: tuple[str, ...]
    reissue: bool = False

    @classmethod
    def parse(cls, text: str) -> Symbol:
        """Read a symbol such as `CTOC/COP/WG.7/2023/1` or a joint one. Raises Refused."""
        plain = " ".join(text.split())
        reissue = plain.endswith("*")
        parts = tuple(_JOINT.split(plain.rstrip("* ")))
        for part in parts:
            if not _PART.match(part):
                raise Refused("symbol-form", f"{text!r} is not a document symbol")
        return cls(parts, reissue)

    @property
    def plain(self) -> str:
        """The symbol in its one normal spelling, without the mark of a reissue."""
        return "-".join(self.parts)

    def __str__(self) -> str:
        return self.plain + ("*" if self.reissue else "")


@dataclass(frozen=True, kw_only=True)
class SymbolReserved(Fact):
    """A symbol was given to a document, for ever."""

    document: str


@dataclass(frozen=True, kw_only=True)
class Reservation:
    """Which document a symbol stands for; none as long as it is free."""

    document: str = ""

    @staticmethod
    def stream(part: str) -> Stream:
        """The stream of one part of a symbol."""
        return Stream(Kind.SYMBOL, part)

    def evolve(self, recorded: Recorded) -> Reservation:
        """Remember one fact. Never refuses: it already happened."""
        match recorded.fact:
            case SymbolReserved(document=document):
                return changed(self, document=document)
        return self
