"""What a decision may look at: the folded streams, the contents, and the rules in force."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from domain.agenda import Agenda
from domain.body import Body
from domain.canonical import digest
from domain.corrections import FactCorrected
from domain.documents import Document
from domain.folding import fold
from domain.lent_states import LentStates
from domain.messages import RecordedEvent
from domain.ports.event_store import StreamReader
from domain.ports.rule_packs import RulePackRepository
from domain.rules import Refused, RulePack, require
from domain.session import Session
from domain.silence import Window
from domain.state_cache import StagedStates
from domain.streams import Stream, StreamKind
from domain.symbols import Reservation
from domain.times import When

NO_RULES = RulePack(id="none", version="0", title="No rule pack is in force", rules={})


CanLogIn = Callable[[str], bool]
"""Whether the person of a principal can log in now. Raises Unavailable."""


def anybody(_: str) -> bool:
    """Where nobody keeps accounts, as in a case, each principal counts."""
    return True


class DecisionContext:
    """The record as one decision sees it; it remembers what it was asked for.

    `can_log_in` is the one thing beside the record that it knows: accounts are no part of it.
    `fences` holds the version of each stream that was looked at: the decision stands only if
    none of them has moved when its events are appended. What `staged` knows is not read; what had
    to be read it is told of.
    """

    def __init__(
        self,
        history: StreamReader,
        packs: RulePackRepository,
        tzdata: str,
        staged: StagedStates | LentStates | None = None,
        can_log_in: CanLogIn = anybody,
    ) -> None:
        self._history, self.packs, self.tzdata = history, packs, tzdata
        self._staged, self.can_log_in = staged, can_log_in
        self.fences: dict[Stream, int] = {}
        self._events: dict[Stream, Sequence[RecordedEvent]] = {}
        self._states: dict[Stream, Any] = {}
        self._added: dict[Stream, list[RecordedEvent]] = {}
        self._contents: dict[str, bytes] = {}

    def events(self, stream: Stream) -> Sequence[RecordedEvent]:
        """The stream's events; empty for one that does not exist."""
        if stream not in self._events:
            self._events[stream] = self._history.events_of(stream)
            self.fences[stream] = len(self._events[stream])
        if stream in self._added:
            return [*self._events[stream], *self._added[stream]]
        return self._events[stream]

    def count_in(self, events: Sequence[RecordedEvent], contents: Iterable[bytes]) -> None:
        """Let further decisions of the same order see what those before them cause.

        `fences` stay where they are: the order as a whole relies on what the record holds.
        """
        for event in events:
            state = self.state(event.stream)
            self._added.setdefault(event.stream, []).append(event)
            corrected = isinstance(event.fact, FactCorrected)
            self._states[event.stream] = (
                fold(event.stream.kind, self.events(event.stream))
                if corrected
                else state.evolve(event)
            )
        self._contents |= {digest(content): content for content in contents}

    def state(self, stream: Stream) -> Any:
        """The folded state of any stream, existing or not."""
        if stream not in self._states:
            self._states[stream] = self._known(stream)
        return self._states[stream]

    def version(self, stream: Stream) -> int:
        """The stream's last version; 0 for one that does not exist."""
        if stream not in self.fences:
            self.state(stream)
        version = self.fences[stream]
        return version + len(self._added[stream]) if stream in self._added else version

    def _known(self, stream: Stream) -> Any:
        kept = self._staged.state(stream) if self._staged else None
        if kept:
            self.fences[stream] = kept[0]
            return kept[1]
        state = fold(stream.kind, self.events(stream))
        if self._staged:
            self._staged.stage(stream, self.fences[stream], state)
        return state

    def _existing(self, kind: StreamKind, name: str) -> Any:
        stream = Stream(kind, name)
        require("known", self.version(stream), f"{kind} {name} is not in the record")
        return self.state(stream)

    def body(self, name: str) -> Body:
        """A body. Raises Refused when it is not in the record, like the others below."""
        found: Body = self._existing(StreamKind.BODY, name)
        return found

    def session(self, name: str) -> Session:
        found: Session = self._existing(StreamKind.SESSION, name)
        return found

    def agenda(self, name: str) -> Agenda:
        found: Agenda = self._existing(StreamKind.AGENDA, name)
        return found

    def window(self, name: str) -> Window:
        found: Window = self._existing(StreamKind.WINDOW, name)
        return found

    def document(self, name: str) -> Document:
        found: Document = self._existing(StreamKind.DOCUMENT, name)
        return found

    def reservation(self, part: str) -> Reservation:
        """Which document a symbol stands for, if any, in whatever spelling it was reserved."""
        states: list[Reservation] = [self.state(stream) for stream in Reservation.streams(part)]
        return next((reservation for reservation in states if reservation.document), states[0])

    def content(self, name: str) -> bytes:
        """The content with this hash. Raises Refused when the store lost it."""
        if name in self._contents:
            return self._contents[name]
        if self._staged and (known := self._staged.content(name)) is not None:
            return known
        try:
            found = self._history.content(name)
        except KeyError as error:
            raise Refused("known", f"content {name[:12]} is not in the store") from error
        if self._staged:
            self._staged.stage_content(name, found)
        return found

    def pack_of(self, body: Body, at: When) -> RulePack:
        """The rule pack in force for a body at `at`, from the contents kept with the record."""
        found = body.pack_at(at)
        if not found:
            return NO_RULES
        known = self._staged.packs if self._staged else {}
        if found not in known:
            known[found] = self.packs.read(self.content(found))
        return known[found]
