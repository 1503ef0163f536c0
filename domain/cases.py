"""A case: a procedure written down step by step, with what each should lead to, as plain data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Final

from msgspec import Struct, field

from domain.actors import Actor
from domain.messages import CitedMessage, Command
from domain.streams import StreamKind
from domain.times import UNKNOWN, When

MODES: Final = ("attested", "simulated", "live")
"""History as a source tells it; live rules under a virtual clock; an act on a real store now."""

ALSO: Final = "also"
"""In place of a mode: the mode of the step before, and its time where no other is given."""

OUTCOMES: Final = ("approved", "broken", "open", "approval suspended", "unknown")
"""What can have become of a part of a text under silence."""

FOUND: Final = ("satisfied", "violated", "undeterminable", "not asked")
"""What a rule of a pack can have found when an act was decided."""

COUNTED: Final[Mapping[StreamKind, tuple[str, ...]]] = {
    StreamKind.BODY: ("roster",),
    StreamKind.SESSION: ("parts", "meetings", "interpreted", "not interpreted", "bodies"),
    StreamKind.AGENDA: ("items", "headings", "documents", "slots", "bodies"),
    StreamKind.WINDOW: (
        "seats",
        "notified",
        "delivery failed",
        "responses",
        "objected",
        "explicitly no objection",
        "waits for a ruling",
        "late",
        "bodies",
    ),
    StreamKind.DOCUMENT: ("versions",),
    StreamKind.SYMBOL: (),
    StreamKind.ORGANISATION: ("grants",),
}
"""What can be counted, by the kind of stream that it is counted in."""

NAMED: Final = (
    "roster",
    "told",
    "delivery failed",
    "answered",
    "objected",
    "explicitly no objection",
    "late",
    "silent",
)
"""The seats of a window that can be expected by their names."""

DATES: Final = ("part", "starts", "ends", "opened", "closed", "venue")
"""What can be expected of a part of a session: of the numbered one, else of the last."""

MASTHEAD: Final = (
    "symbol",
    "type",
    "date",
    "distribution",
    "original",
    "languages",
    "changes",
    "published",
)
"""What can be expected of a document."""

VACANT: Final = "nobody"
"""Who holds a seat that is vacant."""

NOTHING: Final = "nothing"
"""What a symbol stands for that was never given, and what a case asserts that says so."""


class Expectation(Struct, frozen=True, kw_only=True):
    """What must hold after a step; fields that are left out expect nothing."""

    of: str = ""
    stage: str = ""
    phase: str = ""
    outcome: Mapping[str, str] = field(default_factory=dict)
    deadline: str = ""
    items: Mapping[str, str] = field(default_factory=dict)
    dates: Mapping[str, str] = field(default_factory=dict)
    masthead: Mapping[str, str] = field(default_factory=dict)
    symbols: Mapping[str, str] = field(default_factory=dict)
    holders: Mapping[str, str] = field(default_factory=dict)
    seats: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    rules: Mapping[str, str] = field(default_factory=dict)
    refused: str = ""

    def asserted_places(self) -> Iterator[tuple[str, ...]]:
        """The place of each value that is expected; whose state it is, is no such value."""
        for field_name in self.__struct_fields__:
            value = getattr(self, field_name)
            if isinstance(value, Mapping):
                places = ((field_name, key) for key in value)
                yield from (place for place in places if place != ("dates", "part"))
            elif value and field_name != "of":
                yield (field_name,)


OF: Final[Mapping[str, tuple[StreamKind, ...]]] = {
    "stage": (StreamKind.AGENDA, StreamKind.WINDOW),
    "items": (StreamKind.AGENDA, StreamKind.WINDOW),
    "phase": (StreamKind.WINDOW,),
    "outcome": (StreamKind.WINDOW,),
    "deadline": (StreamKind.WINDOW,),
    "seats": (StreamKind.WINDOW,),
    "dates": (StreamKind.SESSION,),
    "masthead": (StreamKind.DOCUMENT, StreamKind.AGENDA),
    "holders": (StreamKind.BODY, StreamKind.WINDOW, StreamKind.SESSION, StreamKind.AGENDA),
}
"""Of which streams something can be expected; rules, refusals and symbols are of no stream."""


class Step(Struct, frozen=True, kw_only=True):
    """One step: an act, or (without a command) the passing of time until `when`."""

    line: int
    mode: str
    verb: str
    command: Command | None
    actor: Actor
    when: When = UNKNOWN
    received: When = UNKNOWN
    happened: When = UNKNOWN
    """When an act of a meeting happened that is entered afterwards."""
    source: str = ""
    authority: str = ""
    waivers: Mapping[str, str] = field(default_factory=dict)
    command_id: str = ""
    cites: CitedMessage | None = None
    """The message that a live act registers as a response."""
    offset_ms: int | None = None
    """By how much the clock is off in a simulated step; None where that is not stated."""
    expect: Expectation | None = None
    place: str = ""
    """Where it stands in its file, such as `steps.3`."""
    lines: Mapping[tuple[str, ...], int] = field(default_factory=dict)
    """The line of each of its fields."""

    def line_of(self, *place: str) -> int:
        """The line of a field, or of the nearest thing around it whose line is known."""
        for length in range(len(place), 0, -1):
            if place[:length] in self.lines:
                return self.lines[place[:length]]
        return self.line


class Case(Struct, frozen=True, kw_only=True):
    """A case file, read."""

    name: str
    title: str
    organisation: str
    source: str
    fictional: bool
    steps: tuple[Step, ...]
    timeline: tuple[str, ...] | None = None
    timeline_lines: tuple[int, ...] = ()
    """The line of each line of the timeline in the file."""
    now: When = UNKNOWN
    """The moment that stands for the present when the case is shown as a live one."""
    asserts: str = ""
    """`nothing` where the file says itself that it expects nothing."""
    missing: tuple[str, ...] = ()
    """What the sources tell and the case does not hold."""

    @property
    def expectation_counts(self) -> Mapping[str, int]:
        """How many values the case expects, by kind of expectation."""
        expectations = [step.expect for step in self.steps if step.expect]
        return Counter(
            place[0] for expectation in expectations for place in expectation.asserted_places()
        )
