"""Document symbols: reading, joining, comparing, and reserving each of them once for ever."""

from __future__ import annotations

import re
import unicodedata
from contextlib import suppress
from functools import lru_cache
from typing import Final

from msgspec import Struct, structs

from domain.messages import Fact, FoldableEvent
from domain.rules import Refused
from domain.streams import Stream, StreamKind

LONGEST: Final = 500
"""How many characters a symbol may have; joint ones of many bodies stay far below it."""

_WORD: Final = r"[A-Za-z0-9]+"
_SECTION: Final = rf"\({_WORD}(?:(?:[.,-] ?|/| ){_WORD})*\)"
_GROUP: Final = rf" ?{_SECTION}"
_LINK: Final = rf"\.{_WORD}|-(?!(?<=[0-9]-)[A-Za-z]{{3}}){_WORD}"
"""What goes on within a segment; after a number a hyphen leads to no word: `1-CTOC` is none."""
_REST: Final = rf"(?:{_LINK}|{_GROUP}(?:{_WORD})?|\[[A-Z](?:-[A-Z])?\])*"
_SEGMENT: Final = rf"(?:{_WORD}|{_SECTION}){_REST}"
_CLASSES: Final = {
    "organ": rf"[A-Z][A-Za-z0-9]*{_REST}",
    "session": r"[0-9]+[A-Z]?(?:\([A-Z]+\))?",
    "serial": rf"{_SEGMENT}(?:/{_SEGMENT})*",
    "letter": r"[A-Z](?:-[A-Z])?",
}
"""What stands for what in a form."""
FORMS: Final = (
    "{organ}/{serial}",
    "{organ}/RES/{serial} {letter}",
    "{organ}/MED IG.{serial}",
    "{organ}/MED WG.{serial}",
    "{organ} {session}/{serial}",
    "{session} {organ}/{serial}",
)
"""Symbols of the United Nations and of organisations of its system: `A/66/380 (Part II)`,
`A/RES/49/221 B`, `UNEP/MED IG.25/27`, `MEPC 84/1`, `216 EX/1`.

Sources: research.un.org/en/docs/symbols; documents of UNEP, IMO and FAO, and of UNESCO.
"""
_ENDING: Final = re.compile(r"(?: (?:PROV|Prov)\.?(?: ?[0-9]+)?| (?:Add|Amend|Corr|Rev)\.[0-9]+)+$")
"""What may follow a whole symbol: `PROV. 2` (WIPO), `Rev.1` (FAO, WHO)."""
_CHANGE: Final = re.compile(r"(?:[/ ](?:Add|Amend|Corr|Rev)\.[0-9]+)+$")
"""By what the symbol of a change follows upon the one that is changed."""
_UNNUMBERED: Final = re.compile(
    r"[/ ](?:Add|Amend|Corr|Rev)(?![A-Za-z])(?!\.?0*[1-9])", re.IGNORECASE
)
"""A change that does not tell which one it is."""
_BEGINS: Final = re.compile(r"[A-Z][A-Za-z0-9.()-]*(?: [0-9]+)?/|[0-9]+ [A-Z]+/")
"""How another symbol begins after the hyphen of a joint one."""
_NOT_IN_CAPITALS: Final = (
    *("Add", "Amend", "Corr", "Rev", "Sub"),
    *("Part", "Parts", "Resumption", "Sect", "Vol"),
    *("ExCOP", "OzL"),
)
_OWN_SPELLING: Final = {word.upper(): word for word in _NOT_IN_CAPITALS}
"""Words that symbols do not write in capitals."""
_NUMBERED: Final = re.compile(
    r"(?<![A-Z])(AC|ADD|AMEND|C|CN|CONF|CORR|CRP|EA|GE|INF|L|NGO|PC|PROV|PV|R|REV|SR|SUB|WG|WP)"
    r"(?=[0-9])"
)
"""Words of symbols before whose number a dot belongs, whether or not it was written."""


class Symbol(Struct, frozen=True):
    """A symbol: one part, or the parts of a joint symbol; `*` marks a reissue of the same one.

    Source: research.un.org/en/docs/symbols; joint symbols join whole symbols by a hyphen.
    """

    parts: tuple[str, ...]
    reissue: bool = False

    @classmethod
    def parse(cls, text: str, further: str = "") -> Symbol:
        """Read a symbol such as `CTOC/COP/WG.7/2023/1` or a joint one. Raises Refused.

        Any dash joins, and invisible characters are no part of it. `further` are forms
        that a rule pack adds to FORMS, such as `{organ} Doc. {serial}`, by commas.
        """
        if len(text) <= LONGEST and not any(map(_raised, text)):
            plain = _tidied(text)
            parts = tuple(part.rstrip("*") for part in _cut(plain, further))
            if all(_whole(part, further) for part in parts) and "****" not in plain:
                return cls(parts, "*" in plain)
        raise Refused("symbol-form", f"{text[:LONGEST]!r} is not a document symbol")

    @property
    def plain(self) -> str:
        """The symbol in its one normal spelling, without the mark of a reissue."""
        return "-".join(self.parts)

    @property
    def keys(self) -> frozenset[str]:
        """Its parts as they are compared: alike for all spellings of one symbol."""
        return frozenset(map(symbol_key, self.parts))

    def __str__(self) -> str:
        return self.plain + ("*" if self.reissue else "")


def symbol_key(part: str) -> str:
    """One part of a symbol in the spelling by which it is reserved and compared.

    `A/75/L.7/REV.1`, `A/75/L7/Rev.1` and `A / 75 / L.7 / Rev.01` are one symbol; for most it is
    the spelling in print.
    """
    spelling = re.sub(r"\b0+(?=[0-9])|\.$", "", _tidied(part).replace(" ", "").upper())
    words = _NUMBERED.sub(r"\1.", spelling)
    return re.sub(r"[A-Z]+", lambda word: _OWN_SPELLING.get(word[0], word[0]), words)


def changed_symbol(part: str) -> str:
    """The symbol that a corrigendum, revision or addendum changes, by its own; or nothing."""
    base = _CHANGE.sub("", part)
    return base if base != part else ""


def printed_form(text: str) -> tuple[str, ...]:
    """The parts of a symbol with its asterisk, to be joined by hyphens; other words as they are."""
    with suppress(Refused):
        symbol = Symbol.parse(text)
        *others, last = symbol.parts
        return (*others, last + "*" * symbol.reissue)
    return (text,)


@lru_cache(maxsize=4096)
def symbol_keys(text: str, further: str = "") -> frozenset[str]:
    """The parts of what may be a symbol, as they are compared; none of what is no symbol."""
    with suppress(Refused):
        return Symbol.parse(text, further).keys
    return frozenset()


def is_same_document(symbol: str, other: str, further: str = "") -> bool:
    """Whether two texts name one document: by a part that both have, or by the same words."""
    return symbol == other or not symbol_keys(symbol, further).isdisjoint(
        symbol_keys(other, further)
    )


def _tidied(text: str) -> str:
    """Without invisible characters; any dash a hyphen, any blank one blank, none round / and -."""
    plain = "".join(map(_plain, unicodedata.normalize("NFKC", text)))
    return re.sub(r" (?=[/*-])|(?<=[/-]) ", "", " ".join(plain.split()))


def _raised(char: str) -> bool:
    """Whether a character is the mark of a footnote, or a like one: no figure of the symbol."""
    return unicodedata.decomposition(char).startswith(
        ("<super>", "<sub>", "<circle>", "<fraction>")
    )


def _plain(part: str) -> str:
    """A character as it counts: any dash or minus a hyphen, nothing for an invisible one."""
    kind = unicodedata.category(part)
    return "-" if kind == "Pd" or part == "\N{MINUS SIGN}" else "" if kind == "Cf" else part


def _cut(plain: str, further: str) -> list[str]:
    """The parts of a symbol: it is cut where one whole symbol ends and another begins."""
    parts, begun = [], 0
    for place, char in enumerate(plain):
        if char == "-" and _BEGINS.match(plain, place + 1):
            piece = plain[begun:place].rstrip("*")
            if _whole(piece, further):
                parts.append(piece)
                begun = place + 1
    return [*parts, plain[begun:].rstrip("*")]


def _whole(part: str, further: str) -> bool:
    """Whether this is one symbol: it has one of the forms, and a number in it."""
    shapes = [_shape(form) for form in (*FORMS, *_listed(further))]
    spellings = {part, _ENDING.sub("", part)}
    formed = any(shape.fullmatch(spelling) for shape in shapes for spelling in spellings)
    return formed and not _UNNUMBERED.search(part) and any(char.isdigit() for char in part)


def _listed(further: str) -> list[str]:
    return [stripped for stripped in (form.strip() for form in further.split(",")) if stripped]


@lru_cache(maxsize=256)
def _shape(form: str) -> re.Pattern[str]:
    """The pattern of a form: what stands in braces by its class, all else for itself."""
    pieces = re.split(r"\{(\w+)\}", form)
    patterns = [_CLASSES[piece] if n % 2 else re.escape(piece) for n, piece in enumerate(pieces)]
    return re.compile("".join(patterns))


class SymbolReserved(Fact, frozen=True, kw_only=True):
    """A symbol was given to a document, for ever."""

    document: str
    printed: str = ""
    """The symbol as it is printed, where the stream has another spelling of it."""


class Reservation(Struct, frozen=True, kw_only=True):
    """Which document a symbol stands for; none as long as it is free."""

    document: str = ""

    @staticmethod
    def stream(part: str) -> Stream:
        """The stream of one part of a symbol, the same for all its spellings."""
        return Stream(StreamKind.SYMBOL, symbol_key(part))

    @staticmethod
    def streams(part: str) -> tuple[Stream, ...]:
        """All streams where a part may be reserved: its own, and that of its spelling in print.

        Reservations were once kept under the spelling in print alone.
        """
        spelled = Stream(StreamKind.SYMBOL, part)
        return tuple(dict.fromkeys((Reservation.stream(part), spelled)))

    def evolve(self, recorded: FoldableEvent) -> Reservation:
        """The reservation after one event, of which there is one kind. Never refuses."""
        event = recorded.fact
        if not isinstance(event, SymbolReserved):
            return self
        return structs.replace(self, document=event.document)
