"""A log in memory, for tests that ask the real rules thousands of times: a store without a disk."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import RLock
from typing import Any

from adapters.eventstore.encoding import EncodedRows, encode_append
from adapters.eventstore.event_store import require_own_encoding
from adapters.eventstore.recorder import require_end
from domain.messages import FoldableEvent, Order, RecordedEvent
from domain.ports.errors import VersionConflict
from domain.ports.event_store import EncodedAppend, Head
from domain.silence import Window
from domain.streams import Stream
from domain.times import When
from domain.type_registry import COMMANDS
from story import NOON, ORGANISATION, actor
from wiring import CODEC, PACKS, Quiet
from workflows.commands.command_result import CommandResult
from workflows.commands.handler import CommandHandler
from workflows.processes import silence_clock


class InMemoryLog:
    """The port `EventLog`, as lists."""

    def __init__(self) -> None:
        self._histories: dict[str, InMemoryHistory] = {}

    def organisations(self) -> Sequence[str]:
        """The organisations that have events, in alphabetical order."""
        return sorted(name for name, history in self._histories.items() if history.last_position())

    def heads(self, organisation: str = "") -> Mapping[str, Head]:
        """Where each log ends, or only that of one organisation."""
        return {
            name: Head(history.last_position(), history.events[-1].recorded_at)
            for name, history in self._histories.items()
            if history.events and organisation in {"", name}
        }

    def history(self, organisation: str) -> InMemoryHistory:
        """An organisation's history."""
        return self._histories.setdefault(organisation, InMemoryHistory(organisation))

    def __enter__(self) -> InMemoryLog:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing is open."""


class Rows:
    """What can be read of events and contents, in whatever state they are."""

    def __init__(self, events: Sequence[RecordedEvent], contents: Mapping[str, bytes]) -> None:
        self.events, self.contents = [*events], dict(contents)

    def events_of(self, stream: Stream, limit: int | None = None) -> Sequence[RecordedEvent]:
        return tuple(event for event in self.events if event.stream == stream)[:limit]

    def since(self, position: int, limit: int) -> Sequence[RecordedEvent]:
        return tuple(self.events[position : position + limit])

    def foldable_since(self, position: int, limit: int) -> Sequence[FoldableEvent]:
        return self.since(position, limit)

    def events_of_command(self, command_id: str) -> Sequence[RecordedEvent]:
        return tuple(event for event in self.events if event.command_id == command_id)

    def content(self, digest: str) -> bytes:
        return self.contents[digest]


class InMemoryTransaction(Rows):
    """The port `Turn`: what is added here becomes the history's own at the end of the turn."""

    def head(self) -> Head:
        return Head(len(self.events), self.events[-1].recorded_at) if self.events else Head()

    def add(self, prepared: EncodedAppend) -> None:
        for event in require_own_encoding(prepared).events:
            if (event.position, event.version) != (
                len(self.events) + 1,
                len(self.events_of(event.stream)) + 1,
            ):
                raise VersionConflict(
                    f"{event.stream} has a version {event.version} already, or lacks the one"
                    " before it: events follow each other without a gap"
                )
            self.events.append(event)
        self.contents |= prepared.contents


class InMemoryHistory(Rows):
    """The port `EventStore`."""

    def __init__(self, organisation: str) -> None:
        super().__init__((), {})
        self.organisation = organisation
        self._lock = RLock()

    def last_position(self) -> int:
        return len(self.events)

    def position_at(self, instant: datetime) -> int:
        return len([event for event in self.events if event.recorded_at <= instant])

    def encode(
        self, events: Sequence[RecordedEvent], contents: Mapping[str, bytes], after: Head
    ) -> EncodedRows:
        return encode_append(self.organisation, events, contents, after)

    def append_after(self, position: int, prepared: Sequence[EncodedAppend]) -> None:
        with self.append_transaction() as transaction:
            require_end(len(transaction.events), position)
            for entry in map(require_own_encoding, prepared):
                if entry.events and transaction.events_of_command(entry.command_id):
                    raise VersionConflict("one of these commands has happened before")
                transaction.add(entry)

    @contextmanager
    def append_transaction(self) -> Iterator[InMemoryTransaction]:
        with self._lock:
            transaction = InMemoryTransaction(self.events, self.contents)
            yield transaction
            self.events, self.contents = transaction.events, transaction.contents


class Cast:
    """A body of a few seats and one window `w`, with the real handling on a log in memory."""

    def __init__(self, seats: Sequence[str], **silence: object) -> None:
        store = InMemoryLog()
        self.log = store.history(ORGANISATION)
        self.handling = CommandHandler(store, PACKS, CODEC, tzdata="t", logger=Quiet())
        self.now, self.count = NOON, 0
        self.do("establish body", body="b", names={"en": "Body"}, zone="Europe/Vienna")
        self.do("adopt rule pack", body="b", pack="generic", parameters={})
        for seat in seats:
            self.do("fill seat", body="b", seat=seat, holder=seat.title(), since="2026-01-01")
        text = {"subject": {"type": "decision text"}, "text": {"en": "The body decides."}}
        self.do("open silence", window="w", body="b", **(text | silence))

    def do(self, verb: str, **fields: Any) -> CommandResult:
        """Carry out a live act now, as `who`, received when `received` says."""
        self.count += 1
        received = fields.pop("received", self.now)
        who = fields.pop("who", "secretariat")
        order = Order(
            command=CODEC.from_plain(CODEC.to_plain(fields), COMMANDS[verb]),
            command_id=f"act-{self.count}",
            actor=actor(who),
            at=self.now,
            received_at=received,
        )
        return self.handling.handle(ORGANISATION, order)

    def officer(self, verb: str, **fields: Any) -> CommandResult:
        """The same, by the presiding officer, on the window."""
        return self.do(verb, who="presiding officer", window="w", **fields)

    def clock(self) -> None:
        """Let the silence clock look, now."""
        silence_clock.record_due(self.handling, self.log, ["w"], self.now)

    def wait(self, until: datetime) -> None:
        """Time goes on; it never runs back."""
        self.now = max(self.now + timedelta(seconds=1), until)

    @property
    def window(self) -> Window:
        """Window `w` as it stands."""
        return self.handling.decision_context(self.log).window("w")

    @property
    def ends(self) -> datetime:
        """The end in force."""
        return self.window.closes.exact

    @property
    def phase(self) -> str:
        """Where the window stands now."""
        return str(self.window.phase(self.now))

    def later(self, hours: float) -> When:
        """A moment this long after the end in force."""
        return When.from_instant(self.ends + timedelta(hours=hours))
