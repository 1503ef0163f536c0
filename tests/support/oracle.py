"""A second opinion on one silence window: told from bare events and from those who know the truth.

No rule of the program is asked. It knows what each sender said and when that truly came, by
which clock it was stamped, and which ends were set.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct

from domain.messages import RecordedEvent

SECOND = timedelta(seconds=1)
NOTHING = timedelta(0)
BREAKING = {"objection", "amendment"}


class TrueResponse(Struct, frozen=True):
    """A response as its sender knows it, and by which clock its receipt was stamped."""

    seats: tuple[str, ...]
    kind: str
    items: tuple[str, ...]
    came: datetime
    """When it truly came."""
    wrong: bool
    """Whether it cannot count: it names another text, or comes from a seat off the roster."""
    stamped: datetime
    skew: timedelta = NOTHING
    """By how much the clock was off that took it in."""

    @property
    def opposes(self) -> bool:
        return self.kind in BREAKING and not self.wrong

    @property
    def doubtful(self) -> bool:
        return self.opposes or self.kind == "unclear"

    def concerns(self, part: str) -> bool:
        return not part or not self.items or part in self.items


@dataclass
class Oracle:
    """What became of one window, told again in a few plain words.

    `truly` tells for each position of the log when that event was truly recorded, and `outages`
    how many minutes nobody could answer before the end, as it was known then.
    """

    said: Mapping[str, TrueResponse]
    ends: Mapping[str, datetime]
    truly: Mapping[int, datetime]
    outages: Mapping[int, int]
    seats: frozenset[str]
    parts: tuple[str, ...]
    threshold: int
    margin: timedelta
    all_notified: bool
    longest: int = 10
    grace: timedelta = timedelta(seconds=120)
    end: datetime | None = None
    stopped: bool = False
    closed: bool = False
    holds: dict[int, tuple[str, int]] = field(default_factory=dict)
    """What each hold that stands is about, and on which response it waits."""
    by_clock: set[int] = field(default_factory=set)
    reviewed: bool = False
    not_notified: set[tuple[str, str]] = field(default_factory=set)
    notified: set[str] = field(default_factory=set)
    responses: list[TrueResponse] = field(default_factory=list)
    standing: dict[int, bool | None] = field(default_factory=dict)
    """Of each response that was heard before the close: whether it opposes; None if unsettled."""
    after: dict[int, bool | None] = field(default_factory=dict)
    """The same of what was found after the close; None until two persons have ruled."""
    near: dict[int, timedelta] = field(default_factory=dict)
    dismissed: set[int] = field(default_factory=set)
    late: set[int] = field(default_factory=set)
    withdrawn_at: dict[tuple[int, str], datetime] = field(default_factory=dict)
    """When a seat withdrew what it had said."""
    fallen: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)

    def read(self, events: Sequence[RecordedEvent]) -> Oracle:
        """Read all events of the window, in order."""
        for event in events:
            self._read(event, event.name.removeprefix("window.").partition(".")[0])
        return self

    def _read(self, event: RecordedEvent, name: str) -> None:
        fact: Any = event.fact
        if event.command_id in self.said:
            self._response(event, name)
            return
        if abs(event.offset_ms or 0) > 1000:
            self.faults.append(f"{name} by a clock that is {event.offset_ms} ms off")
        if name in {"opened", "extended", "resumed"}:
            self._moved(name, self.ends[event.command_id])
        elif name == "suspended":
            self.stopped = True
        elif name == "held":
            self._held(event, fact.hold, fact.about, fact.waits_for)
        elif name == "released":
            self._released(event, fact.hold)
        elif name == "notices_recorded":
            self._notices({*fact.seats}, fact.result, fact.about)
            if fact.about != "reminder":
                self._settled(str(event.actor.role))
        elif name == "response_ruled_upon":
            self._ruled(fact.number, fact.breaks, fact.second)
        elif name == "objection_withdrawn":
            self._withdrawn(event, fact.number, fact.seats)
        elif name == "lapsed":
            self._lapsed(self.truly[event.position], self.outages[event.position])

    def _moved(self, name: str, end: datetime) -> None:
        if name == "extended" and self.end and end <= self.end:
            self.faults.append("an extension brought the end forward")
        if self.closed:
            self.faults.append(f"{name} after the close")
        self.end, self.stopped, self.reviewed = end, False, False

    def _held(self, event: RecordedEvent, number: int, about: str, response: int) -> None:
        """A doubt beside those that there are; it takes none of them over."""
        if number in self.holds:
            self.faults.append(f"hold {number} was given twice")
        self.holds[number] = (about, response)
        if event.actor.role == "silence clock":
            self.by_clock.add(number)

    def _released(self, event: RecordedEvent, number: int) -> None:
        """By a person, and this doubt only."""
        if str(event.actor.role) != "presiding officer":
            self.faults.append(f"hold {number} was ended by the {event.actor.role}")
        about, _ = self.holds.pop(number, ("nothing", 0))
        self.reviewed |= about == "outage"
        if about == "nothing":
            self.faults.append(f"hold {number} was ended and did not stand")

    def _settled(self, who: str) -> None:
        """What the clock held because somebody was not told ends once a person has settled it."""
        found = not self.not_notified and (not self.all_notified or self.seats <= self.notified)
        if found and who == "secretariat":
            self.holds = {
                number: held
                for number, held in self.holds.items()
                if not (number in self.by_clock and held[0] == "notices")
            }

    def _withdrawn(self, event: RecordedEvent, number: int, seats: Sequence[str]) -> None:
        """Each seat for itself: what others said with it stands."""
        for seat in seats:
            if str(event.actor.role) == "seat" and event.actor.seat != seat:
                self.faults.append(f"{event.actor.seat} withdrew for {seat}")
            came = self.responses[number - 1].stamped  # by another clock, perhaps
            self.withdrawn_at.setdefault((number, seat), max(event.received_at, came))

    def _notices(self, seats: set[str], result: str, about: str) -> None:
        """Who is known to have been told, or excused; what failed stays until it is settled."""
        if about == "reminder":
            return
        kind = about or "opening"
        if result == "failed":
            self.not_notified |= {(kind, seat) for seat in seats}
            return
        every = result != "delivered" and not about
        self.not_notified = {
            (what, seat)
            for what, seat in self.not_notified
            if seat not in seats or not (every or what == kind)
        }
        if kind == "opening":
            self.notified |= seats

    def _response(self, event: RecordedEvent, name: str) -> None:
        said = self.said[event.command_id]
        if name == "broken":
            return
        self.responses.append(said)
        number = len(self.responses)
        assert self.end is not None
        expected = self._expected(said)
        if (expected, number) != (name, getattr(event.fact, "number", 0)):
            self.faults.append(f"{name} {event.fact} where {expected} {number} was right")
        in_time = self.stopped or said.came < self.end
        if said.doubtful and expected == "late_response_received" and in_time:
            self.faults.append(f"what came at {said.came} was called late")
        open_ = not self.fallen >= {*self.parts}
        if said.doubtful and open_ and expected == "response_received" and not in_time:
            self.faults.append(f"what came at {said.came} was counted")
        if expected == "response_received":
            self.standing[number] = None if said.kind == "unclear" else said.opposes
            self._count()
        elif expected == "response_at_margin":
            self.standing[number] = None
            self.near[number] = self._around(said)
        elif expected == "late_response_received":
            self.late.add(number)
        elif expected == "response_found_after_close" and said.doubtful:
            self.after[number] = None

    def _around(self, said: TrueResponse) -> timedelta:
        """How far around the end nobody can tell when this came."""
        return self.margin + abs(said.skew)

    def _expected(self, said: TrueResponse) -> str:
        assert self.end is not None
        around = NOTHING if self.stopped or not said.doubtful else self._around(said)
        after = said.stamped - self.end
        if said.wrong:
            return "response_refused"
        if not self.stopped and after >= around:
            return "late_response_received"
        if self.closed:
            return "response_found_after_close"
        if -around <= after < around and not self.fallen >= {*self.parts}:
            return "response_at_margin"
        return "response_received"

    def _ruled(self, number: int, breaks: bool, second: str) -> None:
        self.holds = {n: held for n, held in self.holds.items() if held[1] != number}
        grave = number in self.after or (
            number in self.near and not breaks and self._timing_unclear(number)
        )
        if grave and not second:
            self.faults.append(f"one person dismissed response {number}")
        if number in self.after:
            self.after[number] = breaks
        else:
            self.standing[number] = breaks
        if number in self.near and not breaks and self._stands(number):
            self.dismissed.add(number)
        self._count()

    def _stands(self, number: int) -> bool:
        """Whether anybody still stands by a response."""
        return any(
            (number, seat) not in self.withdrawn_at for seat in self.responses[number - 1].seats
        )

    def _timing_unclear(self, number: int) -> bool:
        """Whether it is still open if this came before the end in force."""
        assert self.end is not None
        near = self.responses[number - 1].stamped >= self.end - self.near[number]
        return near and not self.stopped

    def _count(self) -> None:
        """A part falls once enough members oppose it at one moment, and never rises again."""
        for part in self.parts:
            if self._most(part, self._certain()) >= self.threshold:
                self.fallen.add(part)

    def _certain(self) -> set[int]:
        """What opposes, whether it was heard before the close or found after it."""
        return {n for n, opposes in {**self.standing, **self.after}.items() if opposes}

    def _possible(self) -> set[int]:
        """The same with what was found and waits for two persons."""
        return self._certain() | {n for n, opposes in self.after.items() if opposes is None}

    def _most(self, part: str, numbers: set[int]) -> int:
        """How many members opposed a part at the moment at which most of them did."""
        spans = [
            (self.responses[n - 1].stamped, self.withdrawn_at.get((n, seat)), seat)
            for n in numbers
            if self.responses[n - 1].concerns(part)
            for seat in self.responses[n - 1].seats
        ]
        return max(
            (
                len({seat for begins, ends, seat in spans if begins <= at <= (ends or at)})
                for at, _, _ in spans
            ),
            default=0,
        )

    def _lapsed(self, now: datetime, outage: int) -> None:
        """At `now` in truth; a clock that closes a window is right to the second."""
        assert self.end is not None
        wrongs = {
            "the clock was stopped": self.stopped,
            "deadline or grace ran": now < self.end + self.grace - SECOND,
            f"it was held: {self.holds}": bool(self.holds),
            "nobody could answer for too long": outage > self.longest and not self.reviewed,
            "something had not reached somebody": bool(self.not_notified),
            "somebody had not been told": self.all_notified and not self.seats <= self.notified,
            "a ruling was due": any(
                opposes is None and self._stands(n) for n, opposes in self.standing.items()
            ),
            "enough of those who oppose it stand": self.fallen >= {*self.parts},
            "it was closed already": self.closed,
        }
        self.faults += [f"lapsed though {wrong}" for wrong, was in wrongs.items() if was]
        self.closed = True

    @property
    def overlooked_objections(self) -> list[TrueResponse]:
        """Objections certainly received before the end in force that have no effect.

        They were late, or two persons ruled them to be, for an end that has moved since.
        """
        numbers = self.late | {n for n in self.dismissed if not self._timing_unclear(n)}
        ignored = [self.responses[number - 1] for number in numbers]
        return [entry for entry in ignored if entry.opposes and self.end and entry.came < self.end]

    def is_doubted(self, part: str) -> bool:
        """Whether a part would fall if two persons ruled so on what was found after the close."""
        doubtful = self.closed and part not in self.fallen
        return doubtful and self._most(part, self._possible()) >= self.threshold

    def phase(self) -> str | None:
        """Where the window stands; None where it is open, verified, held or suspended."""
        if any(self.is_doubted(part) for part in self.parts):
            return "approval suspended"
        if self.fallen >= {*self.parts}:
            return "broken"
        if self.closed:
            return "partly approved" if self.fallen else "approved"
        return None
