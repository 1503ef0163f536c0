"""Notices: who is told what about a window, once; the letter that tells it, and what became of it.

Addresses are no part of the record: they stand in a directory beside it, and in letters.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from msgspec import Struct, field

from domain.canonical import canonical, digest

OPENING = "opening"
REMINDER = "reminder"
ALARM = "alarm"
RECEIPT = "receipt"
UNRECORDED = frozenset({ALARM, RECEIPT})
"""Letters that tell no seat of a procedure: what became of them stays out of the record."""

UNREACHABLE = "the mail server could not be reached"
"""The reason of an attempt that never came to speak of the letter."""


class Notice(Struct, frozen=True, kw_only=True):
    """That somebody is to be told something once.

    `occasion` tells two notices about the same kind of thing apart: the position of the event
    that is told, or the deadline of which somebody is reminded. `to` is a seat, or a function
    such as `presiding officer` where `office` is set. The letter is written as the record
    stands at `position`.
    """

    organisation: str
    window: str
    about: str
    occasion: str
    to: str
    position: int
    office: bool = False

    @property
    def key(self) -> str:
        """What makes it this notice and no other, as 40 hexadecimal digits."""
        kind = "office" if self.office else "seat"
        told = [self.organisation, self.window, self.about, self.occasion, kind, self.to]
        return digest(canonical(told))[:40]


class Queued(Struct, frozen=True, kw_only=True):
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


class Outcome(Struct, frozen=True, kw_only=True):
    """What became of one attempt to send a letter: a state of `Queued`, and why."""

    state: str
    reason: str = ""
    answer: str = ""
    taken: tuple[str, ...] = ()
    """The addresses for which it was accepted."""


class Batch(Struct, frozen=True, kw_only=True):
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


class Entry(Struct, frozen=True, kw_only=True):
    """How somebody is reached: in which language, at which addresses."""

    language: str = "en"
    addresses: tuple[str, ...] = ()


SECRETARIAT = "secretariat"
PRESIDING_OFFICER = "presiding officer"
OFFICES = (PRESIDING_OFFICER, SECRETARIAT)
"""Functions that have addresses beside the seats."""


class Directory(Struct, frozen=True):
    """How the seats and the officers of each body are reached, by organisation and body."""

    entries: Mapping[str, Mapping[str, Mapping[str, Entry]]] = field(default_factory=dict)

    def of(self, organisation: str, body: str, name: str) -> Entry:
        """The entry of a seat or of an office; one without addresses when there is none."""
        return self.named(organisation, body).get(name, Entry())

    def named(self, organisation: str, body: str) -> Mapping[str, Entry]:
        """All entries of a body, by the name of the seat or office."""
        return self.entries.get(organisation, {}).get(body, {})


class Letter(Struct, frozen=True, kw_only=True):
    """A letter as it is sent: plain text in one language to all addresses of one addressee."""

    key: str
    to: Sequence[str]
    subject: str
    text: str
    language: str
    at: datetime
    reply_to: Sequence[str] = ()
    attached: Mapping[str, str] = field(default_factory=dict)
    """Texts that go with it, by their file names."""
