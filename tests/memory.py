"""A log in memory, for tests that ask the real rules thousands of times. It keeps one history."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from story import NOON, ORGANISATION, actor

from domain.facts import Order, Recorded, Stream
from domain.ports import ChangedMeanwhile, Head, Prepared
from domain.register import COMMANDS
from domain.silence import Window
from domain.times import When
from web.main import CODEC, PACKS, Quiet
from workflows import silence_clock
from workflows.handling import Answer, Handling


@dataclass(frozen=True)
class Made:
    """What one command adds."""

    events: tuple[Recorded, ...]
    contents: Mapping[str, bytes]


class Memory:
    """A log of one organisation, and its history, as lists."""

    organisation = ORGANISATION

    def __init__(self) -> None:
        self.events: list[Recorded] = []
        self.contents: dict[str, bytes] = {}

    def organisations(self) -> Sequence[str]:
        return [self.organisation]

    def history(self, _: str) -> Any:
        return self

    def of(self, stream: Stream) -> Sequence[Recorded]:
        return [one for one in self.events if one.stream == stream]

    def prepared(
        self, events: Sequence[Recorded], contents: Mapping[str, bytes], after: Head
    ) -> Made:
        """The events, numbered."""
        numbered = [replace(one, position=n) for n, one in enumerate(events, after.position + 1)]
        return Made(tuple(numbered), contents)

    def append_after(self, position: int, prepared: Sequence[Prepared]) -> None:
        """Append all of it. Raises ChangedMeanwhile unless it is new and the log ends there."""
        events = [event for one in prepared for event in one.events]
        if len(self.events) != position or any(self.by_command(one.command_id) for one in events):
            raise ChangedMeanwhile("the log has moved on")
        for one in prepared:
            self.add(one)

    @contextmanager
    def turn(self) -> Iterator[Memory]:
        """There is nobody else."""
        yield self

    def head(self) -> Head:
        return Head(self.last_position())

    def add(self, prepared: Prepared) -> None:
        self.events += prepared.events
        self.contents |= prepared.contents

    def since(self, position: int, limit: int) -> Sequence[Recorded]:
        return self.events[position : position + limit]

    def by_command(self, command_id: str) -> Sequence[Recorded]:
        return [one for one in self.events if one.command_id == command_id]

    def last_position(self) -> int:
        return len(self.events)

    def position_at(self, instant: datetime) -> int:
        return len([one for one in self.events if one.recorded_at <= instant])

    def content(self, digest: str) -> bytes:
        return self.contents[digest]


class Cast:
    """A body of a few seats and one window `w`, with the real handling on a log in memory."""

    def __init__(self, seats: Sequence[str], **silence: object) -> None:
        self.log = Memory()
        self.handling = Handling(self.log, PACKS, CODEC, tzdata="t", logger=Quiet())
        self.now, self.count = NOON, 0
        self.do("establish body", body="b", names={"en": "Body"}, zone="Europe/Vienna")
        self.do("adopt rule pack", body="b", pack="generic", parameters={})
        for seat in seats:
            self.do("fill seat", body="b", seat=seat, holder=seat.title(), since="2026-01-01")
        text = {"subject": {"type": "decision text"}, "text": {"en": "The body decides."}}
        self.do("open silence", window="w", body="b", **(text | silence))

    def do(self, verb: str, **told: Any) -> Answer:
        """Carry out a live act now, as `who`, received when `received` says."""
        self.count += 1
        received = told.pop("received", self.now)
        who = told.pop("who", "secretariat")
        order = Order(
            command=CODEC.of_plain(CODEC.plain(told), COMMANDS[verb]),
            command_id=f"act-{self.count}",
            actor=actor(who),
            at=self.now,
            received_at=received,
        )
        return self.handling.do(ORGANISATION, order)

    def officer(self, verb: str, **told: Any) -> Answer:
        """The same, by the presiding officer, on the window."""
        return self.do(verb, who="presiding officer", window="w", **told)

    def clock(self) -> None:
        """Let the silence clock look, now."""
        silence_clock.record_due(self.handling, self.log, ["w"], self.now)

    def wait(self, until: datetime) -> None:
        """Time goes on; it never runs back."""
        self.now = max(self.now + timedelta(seconds=1), until)

    @property
    def window(self) -> Window:
        """Window `w` as it stands."""
        return self.handling.world(self.log).window("w")

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
        return When.instant(self.ends + timedelta(hours=hours))
