"""What the inner code needs from outside; adapters provide it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from domain.facts import Recorded, Stream
from domain.rules import RulePack


class ChangedMeanwhile(Exception):
    """A stream that the decision relied upon has moved on. Decide again on its new state."""


class TooLarge(Exception):
    """An event is over the cap. Large contents belong into the content store."""


class Unavailable(Exception):
    """The store cannot be read or written now (full disk, damage, lock); nothing was changed."""


class History(Protocol):
    """One organisation's log with the contents that it refers to."""

    @property
    def organisation(self) -> str: ...

    def of(self, stream: Stream) -> Sequence[Recorded]:
        """The stream's events in order of version; empty for a stream that does not exist."""

    def append(
        self,
        events: Sequence[Recorded],
        fences: Mapping[Stream, int],
        contents: Mapping[str, bytes],
    ) -> Sequence[Recorded]:
        """Append all of it in one durable transaction, or nothing; return it with positions.

        `fences` holds, for each stream that was read or is written, the version it must still
        have. `position` and `recorded_at` of the given events are proposals: positions become
        dense, and `recorded_at` never runs behind an earlier position's. Appending a command
        whose events are stored already (its answer was lost) returns those.
        Raises ChangedMeanwhile, TooLarge, Unavailable.
        """

    def since(self, position: int, limit: int) -> Sequence[Recorded]:
        """At most `limit` events after `position`, in order, none skipped."""

    def by_command(self, command_id: str) -> Sequence[Recorded]:
        """The events that a command caused, in order; empty when it never happened."""

    def last_position(self) -> int:
        """The position of the newest event; 0 for an empty log."""

    def position_at(self, instant: datetime) -> int:
        """The position of the last event recorded at or before `instant` (UTC); 0 for none."""

    def content(self, digest: str) -> bytes:
        """The bytes with this SHA-256. Raises KeyError when the store does not hold them."""


class Log(Protocol):
    """A store of one or several organisations' histories."""

    def organisations(self) -> Sequence[str]: ...

    def history(self, organisation: str) -> History: ...


class Packs(Protocol):
    """The rule packs that ship with the program, and those kept as contents."""

    def shipped(self) -> Mapping[str, RulePack]: ...

    def read(self, content: bytes) -> RulePack: ...

    def content_of(self, pack: RulePack) -> bytes: ...


class Codec(Protocol):
    """Facts and commands to and from plain values (text, numbers, lists, maps)."""

    def plain(self, value: object) -> object: ...

    def of_plain(self, value: object, kind: type) -> Any: ...
