"""When a letter is tried again that could not be handed over."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final, Protocol

from msgspec import structs

from domain.notices import UNREACHABLE
from domain.ports.outbox import DeliveryOutcome

FIRST_PAUSE: Final = timedelta(minutes=1)
LONGEST_PAUSE: Final = timedelta(hours=1)
GIVE_UP_AFTER: Final = timedelta(days=1)
"""After how long a letter that no server takes is given up."""


class QueuedLetter(Protocol):
    """A letter in a queue, as far as its retry goes."""

    @property
    def attempts(self) -> int:
        """How often it was tried before this time."""

    @property
    def queued_at(self) -> datetime:
        """Since when it waits."""


def after_attempt(
    queued: QueuedLetter, outcome: DeliveryOutcome, now: datetime
) -> tuple[DeliveryOutcome, datetime]:
    """What became of a letter, and from when on it may be tried again.

    One that still waits when its time is over is given up.
    """
    if outcome.state != "waiting":
        return outcome, now
    again = now + pause(outcome, queued.attempts)
    if again > queued.queued_at + GIVE_UP_AFTER:
        return structs.replace(outcome, state="given up"), again
    return outcome, again


def pause(outcome: DeliveryOutcome, attempts: int) -> timedelta:
    """How long a letter waits for its next try.

    A server that cannot be reached is no fault of the letter: it is tried again soon, by one
    letter, so that all leave as soon as it is there.
    """
    if outcome.reason == UNREACHABLE:
        return FIRST_PAUSE
    return min(FIRST_PAUSE * (1 << min(attempts, 10)), LONGEST_PAUSE)
