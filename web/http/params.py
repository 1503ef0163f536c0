"""What stands in an address: a moment, a position, a stream. Read here, and refused when wrong."""

from __future__ import annotations

from domain.instants import UnclearTime
from domain.rules import Refused
from domain.streams import Stream
from domain.times import When
from workflows.projections.pagination import Cursor

LONGEST_MOMENT = 60
HIGHEST_POSITION = 10**12
YEARS = range(1000, 9000)
"""In which years a moment may lie; near the ends of time no zone can tell its hour."""


def parse_moment(text: str) -> str:
    """The moment in an address: a position, or a time with hour and zone. Raises UnclearTime."""
    moment = text.strip().replace(" ", "+")
    if len(moment) > LONGEST_MOMENT or (moment.isdecimal() and not moment.isascii()):
        raise UnclearTime("a moment is a position such as 41, or a time with hour and zone")
    if moment and not moment.isdecimal():
        _require_time(moment)
    if moment.isdecimal() and int(moment) > HIGHEST_POSITION:
        raise UnclearTime(f"{moment} is no position")
    return moment


def _require_time(moment: str) -> None:
    """Raise UnclearTime for whatever is no time, in whatever way it is none."""
    try:
        exact = When(moment).exact
        if exact.year not in YEARS:
            raise UnclearTime(f"{moment!r} lies too far away")
    except UnclearTime:
        raise
    except (ValueError, ArithmeticError, LookupError, OSError) as error:
        raise UnclearTime(f"{moment!r} is no time that is known here") from error


def parse_after(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 13 else None


def parse_page(text: str) -> str:
    """The row beside which a page begins. Raises Refused for what was never written by us."""
    return str(Cursor.parse(text)) if text else ""


def parse_number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(HIGHEST_POSITION))):
        raise Refused("known", f"no event {text}")
    return int(text)


def parse_stream(kind: str, name: str) -> Stream:
    try:
        return Stream.parse(f"{kind}/{name}")
    except ValueError as error:
        raise Refused("known", str(error)) from error


def without_secrets(path: str) -> str:
    return "/" if path == "/board.json" else path.removesuffix(".json")
