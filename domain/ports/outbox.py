"""The port of the outbox: notices that wait to be sent, and what became of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from msgspec import Struct

from domain.notices import Notice
from domain.ports.errors import ParkedStream


class QueuedNotice(Struct, frozen=True, kw_only=True):
    """A notice in the outbox.

    `state` is `waiting`, `being sent`, `accepted` by the server, `refused` by it, `given up`,
    `printed` where no mail is configured, `overtaken` by what happened while it waited, or
    `bounced` after it had been accepted. `attempts` counts how often it was tried, `next_at` says
    when it is tried again. `answer` is what the server said, which may name addresses; `reason`
    says the same without them.
    """

    notice: Notice
    state: str
    attempts: int
    queued_at: datetime
    next_at: datetime
    answer: str = ""
    reason: str = ""
    via: str = ""


class DeliveryOutcome(Struct, frozen=True, kw_only=True):
    """What became of one attempt to send a letter: a state of `QueuedNotice`, and why."""

    state: str
    reason: str = ""
    answer: str = ""
    accepted_addresses: tuple[str, ...] = ()
    """The addresses for which it was accepted."""


class NoticeBatch(Struct, frozen=True, kw_only=True):
    """Seats of one window for which the same is recorded, in one event."""

    id: str
    organisation: str
    window: str
    about: str
    occasion: str
    state: str
    reason: str
    via: str
    seats: tuple[str, ...]


class Outbox(Protocol):
    """Notices that wait to be sent, with the position up to which the log was read."""

    def position(self, organisation: str) -> int: ...

    def start_position(self, organisation: str) -> int: ...

    def has_begun(self, organisation: str) -> bool:
        """Whether all is queued that was in the log when the outbox was made."""

    def queue(
        self,
        organisation: str,
        notices: Iterable[Notice],
        now: datetime,
        *,
        after: int,
        position: int,
        parked: Iterable[ParkedStream] = (),
    ) -> None: ...

    def parked_streams(self, organisation: str) -> Mapping[str, ParkedStream]: ...

    def unpark(
        self, parked: ParkedStream, notices: Iterable[Notice], now: datetime, *, after: int
    ) -> None: ...

    def add(self, notices: Sequence[Notice], now: datetime) -> None: ...

    def requeue_printed(self, now: datetime) -> None: ...

    def due(self, now: datetime, limit: int) -> Sequence[QueuedNotice]: ...

    def unsent(self) -> Sequence[QueuedNotice]: ...

    def claim(self, key: str, now: datetime, via: str) -> bool: ...

    def finish_attempt(
        self, key: str, outcome: DeliveryOutcome, next_at: datetime, *, before: str = "being sent"
    ) -> bool: ...

    def retry_unreachable(self, now: datetime) -> None: ...

    def accepting_addresses(self, key: str) -> Mapping[str, str]: ...

    def record_bounce(self, key: str, address: str) -> None: ...

    def returning_addresses(self) -> Mapping[str, datetime]:
        """The addresses, case-folded, from which the last letter that they took came back.

        With the time at which it was queued (UTC).
        """

    def accepted_later(self, notice: Notice) -> bool: ...

    def abandoned_for(self, reason: str) -> Sequence[QueuedNotice]: ...

    def requeue(self, key: str, now: datetime) -> None: ...

    def unrecorded_batches(self) -> Sequence[NoticeBatch]: ...

    def mark_recorded(self, batch: str) -> None: ...

    def find(self, key: str) -> QueuedNotice | None: ...

    def forget_address(self, address: str) -> None:
        """Forget that letters were handed to a mailbox, and answers in which it stands.

        Letters that are under way stay as they are. Raises Unavailable.
        """

    def find_reference(self, reference: str) -> QueuedNotice | None:
        """The letter whose key begins with these hexadecimal digits; None where it is not one."""

    def counts(self) -> Sequence[tuple[str, str, bool, str, int]]:
        """How many letters there are by organisation, window, for an office, and state."""

    def all_notices(self) -> Sequence[QueuedNotice]:
        """Every letter."""

    def close(self) -> None: ...


class OutboxPlace(Protocol):
    """Where the outbox of one store is, or will be made when somebody first wants to send."""

    def exists(self) -> bool:
        """Whether there is an outbox; asking makes none."""

    def open(self, standing: Mapping[str, int]) -> Outbox:
        """The outbox; a new one begins after the last position of each organisation."""

    def archive(self, now: datetime) -> None:
        """Let the next outbox be a new one; what the old one holds is kept under another name."""
