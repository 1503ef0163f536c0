"""What the notice service needs from outside: an outbox, a way for letters, a writer, a clock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from domain.notices import Batch, Letter, Notice, Outcome, Queued
from domain.ports.event_store import Parked
from workflows.notifications.content import Matter


class Outbox(Protocol):
    """Notices that wait to be sent, with the position up to which the log was read."""

    def position(self, organisation: str) -> int: ...

    def began(self, organisation: str) -> int: ...

    def queue(
        self,
        organisation: str,
        notices: Iterable[Notice],
        now: datetime,
        *,
        after: int,
        position: int,
        parked: Iterable[Parked] = (),
    ) -> None: ...

    def parked(self, organisation: str) -> Mapping[str, Parked]: ...

    def mend(
        self, parked: Parked, notices: Iterable[Notice], now: datetime, *, after: int
    ) -> None: ...

    def add(self, notices: Sequence[Notice], now: datetime) -> None: ...

    def recall(self, now: datetime) -> None: ...

    def due(self, now: datetime, limit: int) -> Sequence[Queued]: ...

    def waiting(self) -> Sequence[Queued]: ...

    def claim(self, key: str, now: datetime, via: str) -> bool: ...

    def settle(
        self, key: str, outcome: Outcome, next_at: datetime, *, before: str = "being sent"
    ) -> bool: ...

    def reached(self, now: datetime) -> None: ...

    def handed(self, key: str) -> Mapping[str, str]: ...

    def came_back(self, key: str, address: str) -> None: ...

    def accepted_later(self, notice: Notice) -> bool: ...

    def without(self, reason: str) -> Sequence[Queued]: ...

    def revive(self, key: str, now: datetime) -> None: ...

    def batches(self) -> Sequence[Batch]: ...

    def recorded(self, batch: str) -> None: ...

    def find(self, key: str) -> Queued | None: ...


class Moment(Protocol):
    """What a clock tells: an instant (UTC), and by how many milliseconds it is off."""

    @property
    def at(self) -> datetime: ...

    @property
    def offset_ms(self) -> int: ...


class Way(Protocol):
    """How letters leave the program."""

    @property
    def via(self) -> str:
        """What the record calls it, such as `smtp mail.example.org`."""

    @property
    def reaches(self) -> bool:
        """Whether anybody receives what goes this way."""

    def send(self, letter: Letter) -> Outcome:
        """Try once. The state is `accepted`, `refused`, `printed`, or `waiting` to try again."""

    def rest(self) -> None:
        """End what is open between two rounds."""


class Writer(Protocol):
    """Writes letters."""

    def write(self, matter: Matter, language: str) -> tuple[str, str]:
        """Subject and text in this language, or in English where it is not known."""
