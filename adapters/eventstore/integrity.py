"""Checking a log: all of it is read, and compared with its hashes, with itself and with its tables.

What is kept meanwhile is on disk, so that a log may be of any length.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from itertools import islice
from types import UnionType
from typing import Any, Final, Protocol

from adapters.eventstore import event_invariants
from adapters.eventstore.columns import row_from_columns, state_bytes
from adapters.eventstore.content_references import references_of_event, references_of_text
from adapters.eventstore.decoding import decode_event
from adapters.eventstore.encoding import sortable_instant
from adapters.eventstore.envelope import EventRow
from adapters.eventstore.erasure import erased_key_ids
from adapters.eventstore.integrity_scratch import Scratch
from adapters.eventstore.sealing import sealed_values_of_event
from adapters.eventstore.text_keys import TextKeys
from adapters.files.rule_packs import MalformedPack, RulePacks
from domain.canonical import digest
from domain.erasures import TextErased
from domain.messages import RecordedEvent
from domain.ports.errors import Unavailable
from domain.rules import RulePack

MOST: Final = 1_000
"""How many faults are told one by one, and how many notes."""

_EVENTS: Final = (
    "SELECT organisation, position, stream, version, name, state, command_id, recorded_at, hash"
    " FROM event ORDER BY organisation, position"
)
_KINDS: Final[Sequence[type | UnionType]] = (str, int, str, int, str, bytes | str, str, str, str)
_CONTENTS: Final = "SELECT organisation, hash, bytes FROM content"
_CONTENT: Final = "SELECT bytes FROM content WHERE organisation = ? AND hash = ?"
_STATE: Final = "SELECT state FROM event WHERE organisation = ? AND stream = ? AND version = ?"
_OF_COMMAND: Final = (
    "SELECT state FROM event WHERE organisation = ? AND command_id <> '' AND command_id ="
    " (SELECT command_id FROM event WHERE organisation = ? AND stream = ? AND version = ?)"
)
_COUNTERS: Final = "SELECT organisation, position, recorded_at FROM counter WHERE position <> 0"
_MARKS: Final = "SELECT key, value FROM meta ORDER BY key"


@dataclass(frozen=True, kw_only=True)
class Report:
    """What a check found: how much was read, each fault in a sentence, and what else is worth
    knowing.
    """

    organisations: int
    events: int
    contents: int
    faults: tuple[str, ...]
    notes: tuple[str, ...] = ()

    @property
    def sound(self) -> bool:
        return not self.faults


class Tables(Protocol):
    """The tables of a log as they stand at one moment."""

    def rows(self, query: str, values: tuple[object, ...] = ()) -> Iterable[tuple[Any, ...]]:
        """What a query finds, not all of it in memory at once. Raises Unavailable."""

    def faults(self) -> Iterator[str]:
        """What is wrong with the place itself: its file, its tables. Raises Unavailable."""

    def notes(self) -> Iterator[str]:
        """What somebody added to the place that does no harm. Raises Unavailable."""

    def is_virtual(self) -> bool | None:
        """Whether it was made to be thrown away, told apart from its marks; None if unknown."""


def check(
    tables: Tables,
    keys: TextKeys | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Report:
    """Check a whole log; whatever cannot be read to its end is a fault.

    With its `keys` each sealed text is opened, and compared with what its event commits to.
    """
    with Scratch() as scratch:
        checking = _Checking(tables, scratch, now, keys)
        faults = _some(fault for part in checking.parts for fault in _until_damage(part))
        notes = _some(note for part in checking.note_parts for note in _until_damage(part))
    return Report(
        organisations=len(checking.last),
        events=checking.events,
        contents=checking.contents,
        faults=faults,
        notes=notes,
    )


def _some(said: Iterator[str]) -> tuple[str, ...]:
    """The first of what is said, and how much more there is."""
    shown = tuple(islice(said, MOST))
    more = sum(1 for _ in said)
    return (*shown, f"There are {more} more of these.") if more else shown


def _until_damage(part: Iterator[str]) -> Iterator[str]:
    try:
        yield from part
    except Unavailable as error:
        yield f"Damaged, and not to be read to its end: {error}"


def _version(row: EventRow) -> str:
    return f"version {row.originator_version} of {row.originator_id}"


class _SealedTexts:
    """Checks the keys of the texts of a log: missing ones, and ones that should be destroyed."""

    def __init__(self, tables: Tables, keys: TextKeys | None) -> None:
        self._tables, self._keys = tables, keys
        self._without_key: dict[tuple[str, str, int], tuple[int, Collection[str], bool]] = {}
        self._erased: set[tuple[str, str, int]] = set()

    def keys_of(self, organisation: str, row: EventRow) -> Mapping[str, bytes | None]:
        """The keys that an event names, as far as there are any."""
        named = {value.key for value in sealed_values_of_event(row.state).values()}
        if not named or self._keys is None:
            return {}
        found = self._keys.find(named)
        place = (organisation, str(row.originator_id), row.originator_version)
        if absent := {key for key in named if found.get(key) is None}:
            self._without_key[place] = row.id, absent, named <= found.keys()
        return found

    def add_erasure(self, event: RecordedEvent) -> None:
        """The texts of an event are erased."""
        if isinstance(event.fact, TextErased):
            place = (event.organisation, str(event.stream), event.fact.version)
            self._erased.add(place)

    def faults(self) -> Iterator[str]:
        erased = {
            key
            for place in self._erased
            if self._without_key
            for state in self._states(_STATE, place)
            for key in erased_key_ids(state, self._states(_OF_COMMAND, (place[0], *place)))
        }
        for place, (position, absent, destroyed) in self._without_key.items():
            if place not in self._erased and not (destroyed and erased.issuperset(absent)):
                why = "was destroyed, and nothing says why" if destroyed else "is missing"
                yield f"The key of the text of event {position} of {place[0]} {why}."

    def _states(self, query: str, values: tuple[object, ...]) -> Collection[bytes]:
        return [state_bytes(state) for (state,) in self._tables.rows(query, values)]

    def notes(self) -> Iterator[str]:
        for place in sorted(self._erased - self._without_key.keys()):
            if not any(map(sealed_values_of_event, self._states(_STATE, place))):
                continue
            organisation, stream, version = place
            text = f"the text of version {version} of {stream} of {organisation}"
            yield f"The key of {text}, which is erased, is destroyed when the store is served next."


class _Checking:
    """One check on its way through the tables; each part yields the faults that it finds."""

    def __init__(
        self,
        tables: Tables,
        scratch: Scratch,
        now: Callable[[], datetime],
        keys: TextKeys | None,
    ) -> None:
        self._tables, self._scratch, self._now = tables, scratch, now
        self._texts = _SealedTexts(tables, keys)
        self.events = self.contents = 0
        self.last: dict[str, tuple[int, str]] = {}
        self._command: tuple[str, str] = ("", "")
        self._first: RecordedEvent | None = None
        self._acts: Counter[str] = Counter()
        self._virtual = False
        self._pack = lru_cache(maxsize=64)(self._pack_of)
        self._named = lru_cache(maxsize=4096)(scratch.add_reference)

    @property
    def parts(self) -> tuple[Iterator[str], ...]:
        log = (self._all_contents(), self._all_events(), self._counters(), self._references())
        return (self._tables.faults(), self._marks(), *log, self._texts.faults())

    @property
    def note_parts(self) -> tuple[Iterator[str], ...]:
        return (
            self._tables.notes(),
            self._missing_attachments(),
            self._orphans(),
            self._unsimulated(),
            self._texts.notes(),
        )

    def _marks(self) -> Iterator[str]:
        marks = dict(self._tables.rows(_MARKS))
        said, made = marks.get("virtual"), self._tables.is_virtual()
        self._virtual = said == "yes"
        if said not in {"yes", "no"}:
            yield f"The store's mark virtual says {said!r:.40}, which is neither yes nor no."
        elif made is not None and made is not self._virtual:
            what = "to be thrown away" if made else "to be kept"
            yield f"The store was made {what}, and its mark virtual says {said}: it was changed."

    def _all_contents(self) -> Iterator[str]:
        for organisation, name, content in self._tables.rows(_CONTENTS):
            self.contents += 1
            kept = content if isinstance(content, bytes) else str(content).encode()
            self._scratch.add_content(organisation, name, references_of_text(kept))
            if digest(kept) != name:
                yield f"Content {name!s:.12} of {organisation} is not what its hash says."

    def _all_events(self) -> Iterator[str]:
        for columns in self._tables.rows(_EVENTS):
            self.events += 1
            if not all(
                isinstance(column, kind) for column, kind in zip(columns, _KINDS, strict=True)
            ):
                yield f"Event {columns[1]} of {columns[0]} has columns of a kind that none has."
                continue
            organisation, *rest = columns
            yield from self._event(organisation, row_from_columns(tuple(rest)))

    def _event(self, organisation: str, row: EventRow) -> Iterator[str]:
        """One row: its place, what it says, and how it fits to those before it."""
        begins = (organisation, row.command_id) != self._command
        if begins:
            self._command, self._first = (organisation, row.command_id), None
        yield from self._place(organisation, row)
        try:
            event = decode_event(organisation, row, self._texts.keys_of(organisation, row))
        except Unavailable as error:
            yield f"Position {row.id}: {error}"
            event = None
        for what in self._meaning(row, event, begins=begins):
            yield f"Event {row.id} of {organisation} {what} ({_version(row)})."
        yield from self._version(organisation, row)

    def _place(self, organisation: str, row: EventRow) -> Iterator[str]:
        position, recorded_at = self.last.get(organisation, (0, ""))
        if row.id != position + 1:
            yield f"Events of {organisation} are missing between positions {position} and {row.id}."
        if row.recorded_at < recorded_at:
            yield f"Event {row.id} of {organisation} was recorded before the one that it follows."
        self.last[organisation] = (row.id, row.recorded_at)

    def _version(self, organisation: str, row: EventRow) -> Iterator[str]:
        stream, version = str(row.originator_id), row.originator_version
        head = self._scratch.head(organisation, stream)
        if version != head + 1:
            place = f"Event {row.id} of {organisation}"
            yield f"{place} is {_version(row)} and follows upon version {head}."
        self._scratch.set_head(organisation, stream, version)

    def _meaning(
        self, row: EventRow, event: RecordedEvent | None, *, begins: bool
    ) -> Iterator[str]:
        before = (
            self._scratch.add_command(*self._command, row.id) if begins and row.command_id else 0
        )
        if before:
            yield f"is of the command {row.command_id}, which was done at position {before}"
        if event is None:
            return
        if (event.command_id, sortable_instant(event.recorded_at)) != (
            row.command_id,
            row.recorded_at,
        ):
            yield "has columns that differ from its bytes"
        if isinstance(event.fact, TextErased):
            self._texts.add_erasure(event)
        self._acts["simulated" if event.virtual else event.basis] += 1
        yield from event_invariants.check_event(event, None if self._virtual else self._now())
        if event.virtual and not self._virtual:
            yield "is simulated, which belongs in a throw-away store only"
        if begins:
            yield from event_invariants.check_first_event(event, self._head, self._pack)
            self._first = event
        elif self._first:
            yield from event_invariants.check_following_event(self._first, event)
        for reference in references_of_event(event):
            self._named(
                self._command[0],
                reference.hash,
                row.id,
                needed=reference.needed,
                text=reference.text,
            )

    def _head(self, stream: str) -> int:
        return self._scratch.head(self._command[0], stream)

    def _pack_of(self, organisation: str, name: str) -> RulePack | None:
        for (content,) in self._tables.rows(_CONTENT, (organisation, name)):
            try:
                return RulePacks().read(bytes(content))
            except MalformedPack:
                break
        return None

    def _counters(self) -> Iterator[str]:
        counted = {name: (last, at) for name, last, at in self._tables.rows(_COUNTERS)}
        for organisation in sorted(counted.keys() | self.last.keys()):
            says, has = counted.get(organisation), self.last.get(organisation)
            if says != has:
                yield f"The last event of {organisation} should be {says}, but it is {has}."

    def _references(self) -> Iterator[str]:
        for organisation, name, position, needed in self._scratch.missing():
            if needed:
                what = f"content {name[:12]}, which is not in the store"
                yield f"Event {position} of {organisation} refers to {what}."
        for organisation, name, position, text in self._scratch.missing_parts():
            what = f"content {name[:12]}, which is not in the store"
            yield f"The text {text[:12]} of event {position} of {organisation} refers to {what}."

    def _missing_attachments(self) -> Iterator[str]:
        for organisation, name, position, needed in self._scratch.missing():
            if not needed:
                what = f"a paper {name[:12]}, which is not in the store"
                yield f"Event {position} of {organisation} tells of {what}."

    def _orphans(self) -> Iterator[str]:
        for organisation, name in self._scratch.orphans():
            yield f"Nothing refers to content {name[:12]} of {organisation}."

    def _unsimulated(self) -> Iterator[str]:
        if self._virtual and self._acts["computed"] and not self._acts["simulated"]:
            yield "The store is marked as one to be thrown away, and nothing in it is simulated."
