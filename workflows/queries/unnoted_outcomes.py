"""Outcomes of silence that the next meeting must note or announce, with what came too late."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from msgspec import Struct

from domain.decision_context import World
from domain.ports.read_models import Lists
from domain.silence import Window
from domain.silence.responses import Received
from workflows.history.redaction import Disclosure
from workflows.projections.pagination import Cursor, Page, page, within
from workflows.projections.status import TO_NOTE

PAGE: Final = 50
"""How many outcomes are shown at once."""
_GROUP: Final = "outstanding"


class Outstanding(Struct, frozen=True, kw_only=True):
    """An outcome that no meeting has noted, as anybody may see it."""

    organisation: str
    window: Window
    late: tuple[Received, ...]
    """Responses that came too late: they go to the meeting."""
    unheard: tuple[Received, ...]
    """What came in time and may be an objection, but could not count."""


class ToNote(Struct, frozen=True, kw_only=True):
    """What a meeting has yet to note: how many outcomes, some of them, and where others are."""

    count: int
    outcomes: tuple[Outstanding, ...]
    earlier: Cursor | None = None
    later: Cursor | None = None


def outstanding(
    organisation: str, world: World, kept: Lists, start: Cursor | None = None
) -> ToNote:
    """Live windows that have ended and that no meeting has noted, in order of their ids.

    OSCE Rules of Procedure 2006, Annex 1(A): the next meeting is told. History starts nothing.
    """
    found = page(kept, "window", [within(organisation, TO_NOTE)], PAGE, start)
    names = [key for _, (_, _, key) in found.entries]
    return ToNote(
        count=kept.counts("window", organisation).get(TO_NOTE, 0),
        outcomes=tuple(_outcomes(organisation, world, names)),
        earlier=_cursor(found, 0, back=True) if found.earlier else None,
        later=_cursor(found, -1) if found.later else None,
    )


def _outcomes(organisation: str, world: World, windows: Iterable[str]) -> Iterator[Outstanding]:
    shown = Disclosure(world)
    for name in windows:
        told = shown.window(world.window(name))
        late = tuple(one for one in told.responses if one.standing == "late")
        yield Outstanding(organisation=organisation, window=told, late=late, unheard=told.unheard)


def _cursor(found: Page, which: int, *, back: bool = False) -> Cursor | None:
    if not found.entries:
        return None
    place, mark = found.entries[which]
    return Cursor(_GROUP, place, mark, back)
