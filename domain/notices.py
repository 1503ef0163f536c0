"""Notices: who is told what about a window, once; the letter that tells it, and what became of it.

Addresses are no part of the record: they stand in a directory beside it, and in letters.
"""

from __future__ import annotations

from msgspec import Struct

from domain.canonical import canonical_json, digest

OPENING = "opening"
REMINDER = "reminder"
ALARM = "alarm"
RECEIPT = "receipt"
UNRECORDED = frozenset({ALARM, RECEIPT})
"""Letters that tell no seat of a procedure: what became of them stays out of the record."""

NO_ADDRESS = "no address in the directory"
"""Why a letter failed that is sent once the directory has an address for it."""
UNREACHABLE = "the mail server could not be reached"
"""The reason of an attempt that never came to speak of the letter."""
DEFECT = "a defect of the program kept it from being written"
CONNECTION_LOST = "the connection was lost"
"""The reason of an attempt of which nobody knows whether the server took the letter."""


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
        identity = [self.organisation, self.window, self.about, self.occasion, kind, self.to]
        return digest(canonical_json(identity))[:40]

    @property
    def reference(self) -> str:
        """What its letter is called in subjects and addresses: the beginning of its key."""
        return self.key[:12]
