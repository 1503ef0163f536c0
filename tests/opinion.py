"""A second opinion on one silence window: told from bare events and from those who know the truth.

No rule of the program is asked. It knows what each sender said and when that truly came, by
which clock it was stamped, and which ends were set.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from domain.facts import Recorded

SECOND = timedelta(seconds=1)
NOTHING = timedelta(0)
BREAKING = {"objection", "amendment"}


@dataclass(frozen=True)
class Said:
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
class Opinion:
    """What became of one window, told again in a few plain words.

    `truly` tells for each position of the log when that event was truly recorded.
    """

    said: Mapping[str, Said]
    ends: Mapping[str, datetime]
    truly: Mapping[int, datetime]
    seats: frozenset[str]
    parts: tuple[str, ...]
    threshold: int
    margin: timedelta
    all_told: bool
    grace: timedelta = timedelta(seconds=120)
    end: datetime | None = None
    stopped: bool = False
    closed: bool = False
    stopped_by_people: bool = False
    untold: set[tuple[str, str]] = field(default_factory=set)
    told: set[str] = field(default_factory=set)
    heard: list[Said] = field(default_factory=list)
    standing: dict[int, bool | None] = field(default_factory=dict)
    near: dict[int, timedelta] = field(default_factory=dict)
    dismissed: set[int] = field(default_factory=set)
    found: set[int] = field(default_factory=set)
    late: set[int] = field(default_factory=set)
    withdrawn: set[int] = field(default_factory=set)
    fallen: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)

    def read(self, events: Sequence[Recorded]) -> Opinion:
        """Read all events of the window, in order."""
        for one in events:
            self._read(one, one.name.removeprefix("window.").partition(".")[0])
        return self

    def _read(self, one: Recorded, name: str) -> None:
        fact: Any = one.fact
        if one.command_id in self.said:
            self._response(one, name)
            return
        if abs(one.offset_ms or 0) > 1000:
            self.faults.append(f"{name} by a clock that is {one.offset_ms} ms off")
        if name in {"opened", "extended", "resumed"}:
            self._moved(name, self.ends[one.command_id])
        elif name == "suspended":
            self.stopped = True
        elif name == "held":
            self.stopped_by_people |= one.actor.role != "silence clock"
        elif name == "released":
            self.stopped_by_people = False
        elif name == "notices_recorded":
            self._notices({*fact.seats}, fact.result, fact.about)
        elif name == "response_ruled_upon":
            self._ruled(fact.number, fact.breaks, fact.second)
        elif name == "objection_withdrawn" and fact.number not in self.found:
            self.standing[fact.number] = False
            self.withdrawn.add(fact.number)
        elif name == "lapsed":
            self._lapsed(self.truly[one.position])

    def _moved(self, name: str, end: datetime) -> None:
        if name == "extended" and self.end and end <= self.end:
            self.faults.append("an extension brought the end forward")
        if self.closed:
            self.faults.append(f"{name} after the close")
        self.end, self.stopped, self.stopped_by_people = end, False, False

    def _notices(self, seats: set[str], result: str, about: str) -> None:
        """Who is known to have been told, or excused; what failed stays until it is settled."""
        if about == "reminder":
            return
        kind = about or "opening"
        if result == "failed":
            self.untold |= {(kind, seat) for seat in seats}
            return
        every = result != "delivered" and not about
        self.untold = {
            (what, seat)
            for what, seat in self.untold
            if seat not in seats or not (every or what == kind)
        }
        if kind == "opening":
            self.told |= seats

    def _response(self, one: Recorded, name: str) -> None:
        said = self.said[one.command_id]
        if name == "broken":
            return
        self.heard.append(said)
        number = len(self.heard)
        assert self.end is not None
        expected = self._expected(said)
        if (expected, number) != (name, getattr(one.fact, "number", 0)):
            self.faults.append(f"{name} {one.fact} where {expected} {number} was right")
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
        elif expected == "response_found_after_close":
            concerned = any(said.concerns(p) for p in {*self.parts} - self.fallen)
            if said.doubtful and concerned:
                self.found.add(number)

    def _around(self, said: Said) -> timedelta:
        """How far around the end nobody can tell when this came."""
        return self.margin + abs(said.skew)

    def _expected(self, said: Said) -> str:
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
        self.stopped_by_people = False
        after_close = number in self.found
        grave = after_close or (number in self.near and not breaks and self._unsure(number))
        if grave and not second:
            self.faults.append(f"one person dismissed response {number}")
        if not after_close:
            self.standing[number] = breaks and number not in self.withdrawn
            if number in self.near and not breaks and number not in self.withdrawn:
                self.dismissed.add(number)
            self._count()
            return
        self.found.discard(number)
        if breaks:
            self.fallen |= {p for p in self.parts if self.heard[number - 1].concerns(p)}

    def _unsure(self, number: int) -> bool:
        """Whether it is still open if this came before the end in force."""
        assert self.end is not None
        near = self.heard[number - 1].stamped >= self.end - self.near[number]
        return near and not self.stopped

    def _count(self) -> None:
        """A part falls once enough members oppose it, and never rises again."""
        for part in self.parts:
            against = {
                seat
                for number, stands in self.standing.items()
                if stands and self.heard[number - 1].concerns(part)
                for seat in self.heard[number - 1].seats
            }
            if len(against) >= self.threshold:
                self.fallen.add(part)

    def _lapsed(self, now: datetime) -> None:
        """At `now` in truth; a clock that closes a window is right to the second."""
        assert self.end is not None
        wrongs = {
            "the clock was stopped": self.stopped,
            "deadline or grace ran": now < self.end + self.grace - SECOND,
            "people had held it": self.stopped_by_people,
            "something had not reached somebody": bool(self.untold),
            "somebody had not been told": self.all_told and not self.seats <= self.told,
            "a ruling was due": None in self.standing.values(),
            "it was closed already": self.closed,
        }
        self.faults += [f"lapsed though {wrong}" for wrong, was in wrongs.items() if was]
        self.closed = True

    @property
    def overlooked(self) -> list[Said]:
        """Objections certainly received before the end in force that have no effect.

        They were late, or two persons ruled them to be, for an end that has moved since.
        """
        numbers = self.late | {n for n in self.dismissed if not self._unsure(n)}
        ignored = [self.heard[number - 1] for number in numbers]
        return [one for one in ignored if one.opposes and self.end and one.came < self.end]

    def doubted(self, part: str) -> bool:
        """Whether an objection to a part waits for two persons."""
        return part not in self.fallen and any(self.heard[n - 1].concerns(part) for n in self.found)

    def phase(self) -> str | None:
        """Where the window stands; None where it is open, verified, held or suspended."""
        if any(self.doubted(part) for part in self.parts):
            return "approval suspended"
        if self.fallen >= {*self.parts}:
            return "broken"
        if self.closed:
            return "partly approved" if self.fallen else "approved"
        return None
