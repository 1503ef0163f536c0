"""Folded states that are kept between commands, and those that a pending append would make."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from typing import Any, Final

from domain.corrections import changes_reading
from domain.folding import PAGE, STATES
from domain.messages import RecordedEvent
from domain.ports.event_store import AppendTransaction, Head
from domain.rules import RulePack
from domain.streams import Stream

SMALL: Final = 16 * 1024
"""Up to how many bytes a content is kept, such as the roster that each response is held against."""
CachedState = tuple[int, Any]
"""The version of a stream, and its state at that version."""


class StateCache:
    """What is known of one organisation's streams at one position of its log, its head.

    It holds at most `most` states and as many contents, and lets go of the ones that were asked
    for longest ago. States are values that never change, so that they are shared and never
    copied. Without a head it knows nothing, not even where the log ends.
    """

    def __init__(self, most: int = 1_000) -> None:
        self.head: Head | None = None
        self.packs: dict[str, RulePack] = {}
        self._most = most
        self._kept: OrderedDict[Stream, CachedState] = OrderedDict()
        self._contents: OrderedDict[str, bytes] = OrderedDict()

    def state(self, stream: Stream) -> CachedState | None:
        """Version and state of a stream, where they are known."""
        found = self._kept.get(stream)
        if found:
            self._kept.move_to_end(stream)
        return found

    def content(self, digest: str) -> bytes | None:
        """The bytes with this SHA-256, where they are known."""
        found = self._contents.get(digest)
        if found is not None:
            self._contents.move_to_end(digest)
        return found

    def peek(self, stream: Stream) -> CachedState | None:
        """The same for a reader in another thread, whose looking changes nothing."""
        return self._kept.get(stream)

    def peek_content(self, digest: str) -> bytes | None:
        """The same for a reader in another thread, whose looking changes nothing."""
        return self._contents.get(digest)

    def replace(
        self, states: Mapping[Stream, CachedState | None], head: Head, contents: Mapping[str, bytes]
    ) -> None:
        """Go on to another head, with these states; None for one that has to be read again.

        The head is moved last, so that those who find it find no state that is older; see
        `LentStates`.
        """
        self.keep_contents(contents)
        for stream, kept in states.items():
            self._kept.pop(stream, None)
            if kept:
                self.keep(stream, kept)
        self.head = head

    def keep(self, stream: Stream, kept: CachedState) -> None:
        """Know a state of this stream that is right at the head."""
        self._kept[stream] = kept
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)

    def keep_contents(self, contents: Mapping[str, bytes]) -> None:
        """Know these contents from now on."""
        self._contents.update(contents)
        while len(self._contents) > self._most:
            self._contents.popitem(last=False)

    def catch_up(self, transaction: AppendTransaction) -> None:
        """Follow the log to its end, or start empty there when that is far."""
        last = transaction.head()
        if self.head is None or last.position - self.head.position > PAGE:
            self._kept.clear()
            self.head = last
        seen = StagedStates(self)
        seen.apply(transaction.since(seen.head.position, PAGE))
        seen.commit()


class StagedStates:
    """A memory as it would be after events that are not stored yet.

    What is kept here changes the memory only once it is settled. Raises ValueError for a memory
    without a head.
    """

    def __init__(self, memory: StateCache) -> None:
        if memory.head is None:
            raise ValueError("nothing follows upon a memory that knows no end of the log")
        self.head, self.packs = memory.head, memory.packs
        self._memory = memory
        self._kept: dict[Stream, CachedState | None] = {}
        self._contents: dict[str, bytes] = {}

    def state(self, stream: Stream) -> CachedState | None:
        """Version and state of a stream, where they are known."""
        return self._kept[stream] if stream in self._kept else self._memory.state(stream)

    def stage(self, stream: Stream, version: int, state: Any) -> None:
        """Know this state from now on."""
        self._kept[stream] = version, state

    def content(self, digest: str) -> bytes | None:
        """The bytes with this SHA-256, where they are known."""
        return self._contents.get(digest) or self._memory.content(digest)

    def stage_content(self, digest: str, content: bytes) -> None:
        """Know a content from now on, unless it is large."""
        if len(content) <= SMALL:
            self._contents[digest] = content

    def apply(self, events: Iterable[RecordedEvent]) -> None:
        """Carry known states on; what a correction changes has to be read again as a whole."""
        for event in events:
            self.head = Head(event.position, event.recorded_at)
            kept = self.state(event.stream)
            if event.version == 1:
                kept = 0, STATES[event.stream.kind]()
            if kept is None or changes_reading(event.fact):
                self._kept[event.stream] = None
            else:
                self._kept[event.stream] = event.version, kept[1].evolve(event)

    def commit(self) -> None:
        """All of it is stored: the memory knows it from now on."""
        self._memory.replace(self._kept, self.head, self._contents)
