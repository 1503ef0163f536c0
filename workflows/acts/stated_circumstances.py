"""What goes with a command rather than into it: for which seat, when received, what is waived."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

from domain.actors import Actor, Role
from domain.messages import CitedMessage
from domain.times import UNKNOWN, When


class Circumstances(Struct, frozen=True, kw_only=True):
    """The circumstances of an act, as somebody states them.

    `seat` is the one that acts; `received` when a letter came in, where that is not now; `happened`
    when an act of a meeting happened, where that is not now; `waivers` maps a rule's id to the
    reason for which it is waived; `authority` names a decision or mandate. `message` is the
    SHA-256 of a message that came by mail and is registered, `known` how many responses of the
    procedure are known to rest on it already.
    """

    role: Role
    seat: str = ""
    received: When = UNKNOWN
    happened: When = UNKNOWN
    waivers: Mapping[str, str] = field(default_factory=dict)
    authority: str = ""
    message: str = ""
    known: int = 0

    @property
    def cites(self) -> CitedMessage | None:
        """The message that is registered, if it is one that came by mail."""
        return CitedMessage(sha256=self.message, known=self.known) if self.message else None

    @property
    def actor(self) -> Actor:
        """Who acts, as is stated; who acts is proved nowhere yet."""
        return Actor(role=self.role, seat=self.seat if self.role is Role.SEAT else "")
