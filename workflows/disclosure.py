"""What readers may see: names that a window's policy withholds are withheld in every output."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from domain.facts import Fact, Kind, Recorded, Role
from domain.silence.events import (
    LateResponseReceived,
    Response,
    ResponseFoundAfterClose,
    ResponseReceived,
    ResponseRefused,
)
from domain.world import World

WITHHELD: Final = "withheld"
ANSWERS: Final = (
    ResponseReceived,
    LateResponseReceived,
    ResponseFoundAfterClose,
    ResponseRefused,
)


class Disclosure:
    """Shows events as anybody may see them. Until people can log in, nobody sees more.

    The record itself always holds the names; only what leaves the program is covered.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._withheld: dict[str, bool] = {}

    def withholds(self, window: str) -> bool:
        """Whether the names of those who answer in this window are withheld."""
        if window not in self._withheld:
            self._withheld[window] = self._world.window(window).policy.names_withheld
        return self._withheld[window]

    def of(self, one: Recorded) -> Recorded:
        """The event as it may be shown."""
        if one.stream.kind is not Kind.WINDOW or not self.withholds(one.stream.id):
            return one
        actor = one.actor
        if actor.role is Role.SEAT:
            actor = replace(actor, seat=WITHHELD, name="", principal="")
        return replace(one, fact=_covered(one.fact), actor=actor, command_id=WITHHELD)


def _covered(fact: Fact) -> Fact:
    if not isinstance(fact, ANSWERS):
        return fact
    return replace(fact, response=covered(fact.response))


def covered(response: Response) -> Response:
    """A response without the names of those who gave it."""
    return replace(
        response,
        seats=(WITHHELD,) if response.seats else (),
        on_behalf_of=(WITHHELD,) if response.on_behalf_of else (),
    )
