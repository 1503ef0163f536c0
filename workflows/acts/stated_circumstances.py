"""What goes with a command rather than into it: for which seat, when received, what is waived."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

from domain.actors import Actor, Role
from domain.times import UNKNOWN, When


class Circumstances(Struct, frozen=True, kw_only=True):
    """The circumstances of an act, as somebody states them.

    `seat` is the one that acts; `received` when a letter came in, where that is not now; `happened`
    when an act of a meeting happened, where that is not now; `waivers` maps a rule's id to the
    reason for which it is waived; `authority` names a decision or mandate.
    """

    role: Role
    seat: str = ""
    received: When = UNKNOWN
    happened: When = UNKNOWN
    waivers: Mapping[str, str] = field(default_factory=dict)
    authority: str = ""

    @property
    def actor(self) -> Actor:
        """Who acts, as is stated; who acts is proved nowhere yet."""
        return Actor(role=self.role, seat=self.seat if self.role is Role.SEAT else "")
