"""What a simulation is made of: workers that meet mishaps, and a second opinion on windows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from domain.facts import Recorded, Stream
from domain.ports import Unavailable
from web.main import CODEC, PACKS, Quiet, Store
from workflows.handling import Handling


class Mishaps:
    """A worker's way to the real log: others come in between, and answers get lost."""

    def __init__(self, history: Any) -> None:
        self._history = history
        self.before_deciding: Callable[[], None] | None = None
        self.before_appending: Callable[[], None] | None = None
        self.lost = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._history, name)

    def by_command(self, command_id: str) -> Sequence[Recorded]:
        """Asked first of all: what others do now comes before this worker's decision."""
        meanwhile, self.before_deciding = self.before_deciding, None
        if meanwhile:
            meanwhile()
        found: Sequence[Recorded] = self._history.by_command(command_id)
        return found

    def append(
        self,
        events: Sequence[Recorded],
        fences: Mapping[Stream, int],
        contents: Mapping[str, bytes],
    ) -> Sequence[Recorded]:
        """What others do now makes the world stale on which this worker decided."""
        meanwhile, self.before_appending = self.before_appending, None
        if meanwhile:
            meanwhile()
        stored: Sequence[Recorded] = self._history.append(events, fences, contents)
        if self.lost:
            self.lost = False
            raise Unavailable("the answer was lost on its way")
        return stored

    def calm(self) -> None:
        """Forget the mishaps that found no occasion."""
        self.before_deciding = self.before_appending = None
        self.lost = False


class Worker:
    """A handling of its own on a store that it shares with others."""

    def __init__(self, store: Store, organisation: str) -> None:
        self.way = Mishaps(store.history(organisation))
        self.handling = Handling(self, PACKS, CODEC, tzdata="simulated", logger=Quiet())

    def organisations(self) -> Sequence[str]:
        """The one that is simulated."""
        return [self.way.organisation]

    def history(self, _: str) -> Any:
        """The log with its mishaps."""
        return self.way


@dataclass
class Said:
    """A response as its sender knows it: no code of the program was asked."""

    seats: tuple[str, ...]
    kind: str
    items: tuple[str, ...]
    received: datetime
    wrong: bool

    @property
    def opposes(self) -> bool:
        return self.kind in {"objection", "amendment"} and not self.wrong

    def concerns(self, part: str) -> bool:
        return not part or not self.items or part in self.items


@dataclass
class Opinion:
    """What became of one window, told again from bare events, in a few plain words.

    It knows the responses from those who sent them, and the ends from those who set them.
    """

    said: Mapping[str, Said]
    ends: Mapping[str, datetime]
    parts: tuple[str, ...]
    threshold: int
    grace: timedelta = timedelta(seconds=120)
    end: datetime | None = None
    stopped: bool = False
    closed: bool = False
    stopped_by_people: bool = False
    untold: set[str] = field(default_factory=set)
    heard: list[Said] = field(default_factory=list)
    standing: dict[int, bool | None] = field(default_factory=dict)
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
        elif name in {"opened", "extended", "resumed"}:
            self._moved(name, self.ends[one.command_id])
        elif name == "suspended":
            self.stopped = True
        elif name == "held":
            self.stopped_by_people |= one.actor.role != "silence clock"
        elif name == "released":
            self.stopped_by_people = False
        elif name == "notices_recorded":
            seats = {*fact.seats}
            self.untold = self.untold | seats if fact.result == "failed" else self.untold - seats
        elif name == "response_ruled_upon":
            self._ruled(fact.number, fact.breaks)
        elif name == "objection_withdrawn" and fact.number not in self.found:
            self.standing[fact.number] = False
            self.withdrawn.add(fact.number)
        elif name == "lapsed":
            self._lapsed(one.recorded_at)

    def _moved(self, name: str, end: datetime) -> None:
        if name == "extended" and self.end and end <= self.end:
            self.faults.append("an extension brought the end forward")
        if self.closed:
            self.faults.append(f"{name} after the close")
        self.end, self.stopped, self.stopped_by_people = end, False, False

    def _response(self, one: Recorded, name: str) -> None:
        said = self.said[one.command_id]
        if name == "broken":
            return
        self.heard.append(said)
        number = len(self.heard)
        assert self.end is not None
        expected = "response_received"
        if said.wrong:
            expected = "response_refused"
        elif not self.stopped and said.received >= self.end:
            expected = "late_response_received"
        elif self.closed:
            expected = "response_found_after_close"
        if (expected, number) != (name, getattr(one.fact, "number", 0)):
            self.faults.append(f"{name} {one.fact} where {expected} {number} was right")
        if expected == "response_received":
            self.standing[number] = None if said.kind == "unclear" else said.opposes
            self._count()
        elif expected == "late_response_received":
            self.late.add(number)
        elif expected == "response_found_after_close":
            doubtful = said.opposes or said.kind == "unclear"
            if doubtful and any(said.concerns(p) for p in {*self.parts} - self.fallen):
                self.found.add(number)

    def _ruled(self, number: int, breaks: bool) -> None:
        self.stopped_by_people = False
        if number not in self.found:
            self.standing[number] = breaks and number not in self.withdrawn
            self._count()
            return
        self.found.discard(number)
        if breaks:
            self.fallen |= {p for p in self.parts if self.heard[number - 1].concerns(p)}

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
        assert self.end is not None
        wrongs = {
            "the clock was stopped": self.stopped,
            "deadline or grace ran": now < self.end + self.grace,
            "people had held it": self.stopped_by_people,
            "somebody had not been told": bool(self.untold),
            "a ruling was due": None in self.standing.values(),
            "it was closed already": self.closed,
        }
        self.faults += [f"lapsed though {wrong}" for wrong, was in wrongs.items() if was]
        self.closed = True

    @property
    def overlooked(self) -> list[Said]:
        """Objections received before the end in force that are on record but have no effect."""
        late = [self.heard[number - 1] for number in self.late]
        return [one for one in late if one.opposes and self.end and one.received < self.end]

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
