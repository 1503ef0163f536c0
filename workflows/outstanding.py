"""Outcomes of silence that the next meeting must note or announce, with what came too late."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from domain.silence import Window
from domain.silence.responses import Received
from domain.world import World
from workflows.disclosure import Disclosure

NOTED: Final = frozenset({"announced at a meeting", "noted at a meeting"})
"""Manners of announcement after which a meeting has nothing more to note."""


@dataclass(frozen=True, kw_only=True)
class Outstanding:
    """An outcome that no meeting has noted, as anybody may see it."""

    organisation: str
    window: Window
    late: tuple[Received, ...]
    """Responses that came too late: they go to the meeting."""
    unheard: tuple[Received, ...]
    """What came in time and may be an objection, but could not count."""


def outstanding(organisation: str, world: World, windows: Iterable[str]) -> Iterator[Outstanding]:
    """Live windows among these that have ended and that no meeting has noted, in their order.

    OSCE Rules of Procedure 2006, Annex 1(A): the next meeting is told. History starts nothing.
    """
    shown = Disclosure(world)
    for name in windows:
        window = world.window(name)
        noted = any(one.manner in NOTED for one in window.announced)
        if window.over and not window.attested and not noted:
            told = shown.window(window)
            late = tuple(one for one in told.responses if one.standing == "late")
            yield Outstanding(
                organisation=organisation, window=told, late=late, unheard=told.unheard
            )
