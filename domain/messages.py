"""What every event of the record has in common: who, when, on what basis, in which stream."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final, Protocol
from uuid import NAMESPACE_URL, UUID, uuid5

from msgspec import Struct, field

from domain.actors import Actor
from domain.rules import Finding
from domain.streams import Stream
from domain.times import UNKNOWN, When

UNDER_WAY: Final = timedelta(seconds=60)
"""How long a live order may be under way between its receipt and its decision."""


class Fact(Struct, frozen=True):
    """Something that happened. Its docstring says what, in a sentence for auditors."""


class Command(Protocol):
    """Something that somebody wants to happen, addressed to one stream."""

    @property
    def stream(self) -> Stream: ...


class CitedMessage(Struct, frozen=True, kw_only=True):
    """A message that an order registers, and how much is known to rest on it already."""

    sha256: str
    known: int = 0
    """The number of such responses of the procedure; refused if there are more by now."""


class Order(Struct, frozen=True, kw_only=True):
    """A command with its circumstances: who, when, on what basis and by what authority.

    `at` is the recording clock's instant in UTC; `received_at` the server's receipt, stamped
    before anything was read. A `source` makes the order attested: it tells history, starts no
    clock, and `effective` says when it happened. Without a source the order is live and takes
    effect at `received_at`, or, for an act of a meeting that is entered afterwards, when it is
    stated to have `happened`. `waivers` maps a rule's id to the reason for which it is waived.
    `offset_ms` is by how many milliseconds the recording clock was measured to be off; None when
    that was not measured.
    """

    command: Command
    command_id: str
    actor: Actor
    at: datetime
    received_at: datetime
    source: str = ""
    effective: When = UNKNOWN
    happened: When = UNKNOWN
    """When a live act happened, as who enters it states (`domain.stated_times`); unknown: now."""
    authority: str = ""
    waivers: Mapping[str, str] = field(default_factory=dict)
    virtual: bool = False
    offset_ms: int | None = None
    further: tuple[Command, ...] = ()
    """Commands to the same stream that are carried out after this one, all of them or none."""
    seen: int | None = None
    """The version of the stream that its sender looked at; refused if it is another one by now."""
    cites: CitedMessage | None = None
    """The message that it registers as a response."""
    second: Actor | None = None
    """Who confirmed it after logging in, where it takes two persons; the other one is `actor`."""

    @property
    def attested(self) -> bool:
        return bool(self.source)

    @property
    def commands(self) -> tuple[Command, ...]:
        """All that is ordered, in turn."""
        return (self.command, *self.further)

    @property
    def stated(self) -> bool:
        """Whether who enters it states when it happened."""
        return self.happened is not UNKNOWN and self.happened.known

    @property
    def when(self) -> When:
        """When the ordered act takes effect."""
        if self.happened is not UNKNOWN and self.happened.known:
            return self.happened
        return self.effective if self.source else When.from_instant(self.received_at)

    @property
    def judged_at(self) -> When:
        """The time whose rules judge it: of a live act that of its entry, whatever is stated."""
        return self.effective if self.attested else When.from_instant(self.received_at)


class NewEvent(Struct, frozen=True):
    """A fact that a decision adds to a stream; `effective` only where it is not the order's."""

    stream: Stream
    fact: Fact
    effective: When | None = None


class Decision(Struct, frozen=True):
    """What an order causes: facts in one or several streams, appended together or not at all."""

    facts: tuple[NewEvent, ...] = ()
    findings: tuple[Finding, ...] = ()
    contents: tuple[bytes, ...] = ()
    pack: str = ""
    """Hash of the rule pack that was applied; empty when none was."""


class FoldableEvent(Protocol):
    """What a state reads of an event: its fact and place, and when and by whom it was done.

    States take no more than this, so that who folds a whole log need not decode the rest.
    """

    @property
    def stream(self) -> Stream: ...

    @property
    def version(self) -> int: ...

    @property
    def position(self) -> int: ...

    @property
    def fact(self) -> Fact: ...

    @property
    def effective(self) -> When: ...

    @property
    def actor(self) -> Actor: ...

    @property
    def attested(self) -> bool: ...

    @property
    def stated(self) -> bool: ...

    @property
    def virtual(self) -> bool: ...

    @property
    def offset_ms(self) -> int | None: ...


class RecordedEvent(Struct, frozen=True, kw_only=True):
    """A fact in the record: the fact, its place, its three times, and by which rules it stands.

    `effective` is when it took effect, `received_at` when the server received the order,
    `recorded_at` when it was appended (UTC; never before an earlier position's). `reads` holds
    the version of every stream that the decision relied upon; `offset_ms` by how much the clock
    that stamped it was measured to be off. `command_hash` is that of the command; of several events
    of a command the first has it, and those further ones that were recorded when all had it.
    """

    organisation: str
    stream: Stream
    version: int
    position: int
    name: str
    fact: Fact
    effective: When
    received_at: datetime
    recorded_at: datetime
    actor: Actor
    source: str = ""
    authority: str = ""
    findings: tuple[Finding, ...] = ()
    waivers: Mapping[str, str] = field(default_factory=dict)
    pack: str = ""
    command_id: str = ""
    command_hash: str = ""
    caused_by: str = ""
    reads: Mapping[str, int] = field(default_factory=dict)
    virtual: bool = False
    offset_ms: int | None = None
    stated: bool = False
    """Whether `effective` is what the person stated who entered it, and not what was computed."""
    hash: str = ""
    """SHA-256 over stream, version, name and the stored bytes; without the position."""
    sealed: tuple[str, ...] = ()
    """The paths of the texts that are stored under a key that can be erased."""

    @property
    def attested(self) -> bool:
        return bool(self.source)

    @property
    def basis(self) -> str:
        """`attested` (a source tells it), `computed` (Placet applied the rules, at its own time) or
        `stated` (Placet applied the rules; who entered it stated when it happened)."""
        return "attested" if self.attested else "stated" if self.stated else "computed"

    @property
    def event_id(self) -> UUID:
        """Derived from organisation, stream and version, so that a copy keeps it."""
        return uuid5(NAMESPACE_URL, f"placet:{self.organisation}/{self.stream}@{self.version}")


class DatedStep(Struct, frozen=True, kw_only=True):
    """When a step was taken, whether a source attests it, and at which position it stands.

    `stated`: who entered it stated when it was taken.
    """

    when: When
    attested: bool
    position: int
    note: str = ""
    stated: bool = False

    @classmethod
    def from_event(cls, recorded: FoldableEvent, note: str = "") -> DatedStep:
        return cls(
            when=recorded.effective,
            attested=recorded.attested,
            position=recorded.position,
            note=note,
            stated=recorded.stated,
        )
