"""Checking a log: everything in it is read and compared with its hashes and counters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final, Protocol

from adapters.envelope import Row
from adapters.preparing import sortable
from adapters.proving import told
from adapters.turns import row_of
from domain.body.events import RulePackAdopted
from domain.facts import Recorded
from domain.ports import Unavailable
from domain.texts import digest

_EVENTS: Final = (
    "SELECT organisation, position, stream, version, name, state, command_id, recorded_at, hash"
    " FROM event ORDER BY organisation, position"
)
_CONTENTS: Final = "SELECT organisation, hash, bytes FROM content"
_COUNTERS: Final = "SELECT organisation, position, recorded_at FROM counter WHERE position > 0"


@dataclass(frozen=True, kw_only=True)
class Report:
    """What a check found: how much was read, and each fault in a sentence."""

    organisations: int
    events: int
    contents: int
    faults: tuple[str, ...]

    @property
    def sound(self) -> bool:
        return not self.faults


class Tables(Protocol):
    """The tables of a log as they stand at one moment."""

    def rows(self, query: str) -> Iterable[tuple[Any, ...]]:
        """What a query finds, not all of it in memory at once. Raises Unavailable."""

    def faults(self) -> Iterator[str]:
        """What is wrong with the place itself: its file, its triggers. Raises Unavailable."""


def check(tables: Tables) -> Report:
    """Check a whole log; whatever cannot be read to its end is a fault."""
    checking = _Checking(tables)
    faults = [fault for part in checking.parts for fault in _until_damage(part)]
    return Report(
        organisations=len(checking.last),
        events=checking.events,
        contents=len(checking.contents),
        faults=tuple(faults),
    )


def _until_damage(part: Iterator[str]) -> Iterator[str]:
    try:
        yield from part
    except Unavailable as error:
        yield f"Damaged, and not to be read to its end: {error}"


class _Checking:
    """One check on its way through the tables; each part yields the faults that it finds."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self.events = 0
        self.contents: set[tuple[str, str]] = set()
        self.last: dict[str, tuple[int, str]] = {}
        self._heads: dict[tuple[str, str], int] = {}
        self._named: dict[tuple[str, str], int] = {}

    @property
    def parts(self) -> tuple[Iterator[str], ...]:
        log = (self._all_contents(), self._all_events(), self._counters(), self._references())
        return (self._tables.faults(), *log)

    def _all_contents(self) -> Iterator[str]:
        for organisation, name, content in self._tables.rows(_CONTENTS):
            self.contents.add((organisation, name))
            if digest(bytes(content)) != name:
                yield f"Content {name[:12]} of {organisation} is not what its hash says."

    def _all_events(self) -> Iterator[str]:
        for organisation, *columns in self._tables.rows(_EVENTS):
            self.events += 1
            row = row_of(tuple(columns))
            yield from self._place(organisation, row)
            yield from self._version(organisation, row)
            yield from self._meaning(organisation, row)

    def _place(self, organisation: str, row: Row) -> Iterator[str]:
        position, recorded_at = self.last.get(organisation, (0, ""))
        if row.id != position + 1:
            yield f"Events of {organisation} are missing between positions {position} and {row.id}."
        if row.recorded_at < recorded_at:
            yield f"Event {row.id} of {organisation} was recorded before the one that it follows."
        self.last[organisation] = (row.id, row.recorded_at)

    def _version(self, organisation: str, row: Row) -> Iterator[str]:
        stream, version = str(row.originator_id), row.originator_version
        head = self._heads.get((organisation, stream), 0)
        if version != head + 1:
            place = f"Event {row.id} of {organisation}"
            yield f"{place} is version {version} of {stream} and follows upon version {head}."
        self._heads[organisation, stream] = version

    def _meaning(self, organisation: str, row: Row) -> Iterator[str]:
        try:
            event = told(organisation, row)
        except Unavailable as error:
            yield f"Position {row.id}: {error}"
            return
        if (event.command_id, sortable(event.recorded_at)) != (row.command_id, row.recorded_at):
            yield f"Event {row.id} of {organisation} has columns that differ from its bytes."
        for name in _referred(event):
            self._named.setdefault((organisation, name), row.id)

    def _counters(self) -> Iterator[str]:
        counted = {name: (last, at) for name, last, at in self._tables.rows(_COUNTERS)}
        for organisation in sorted(counted.keys() | self.last.keys()):
            says, has = counted.get(organisation), self.last.get(organisation)
            if says != has:
                yield f"The last event of {organisation} should be {says}, but it is {has}."

    def _references(self) -> Iterator[str]:
        for (organisation, name), position in self._named.items():
            if (organisation, name) not in self.contents:
                what = f"content {name[:12]}, which is not in the store"
                yield f"Event {position} of {organisation} refers to {what}."


def _referred(event: Recorded) -> Iterator[str]:
    """The hashes of contents that an event needs: text, roster, rule pack."""
    names = [event.pack, *(getattr(event.fact, x, "") for x in ("text_hash", "roster_hash"))]
    if isinstance(event.fact, RulePackAdopted):
        names.append(event.fact.hash)
    return (name for name in names if name)
