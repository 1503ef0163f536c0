"""Outcomes of silence that the next meeting must note or announce, with what came too late."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from msgspec import Struct

from domain.decision_context import DecisionContext
from domain.ports.read_models import RowReader
from domain.silence import Window
from domain.silence.responses import ReceivedResponse
from workflows.history.redaction import Redaction
from workflows.projections.pagination import Cursor, RowPage, organisation_span, read_row_page
from workflows.projections.stream_rows import TO_NOTE

PAGE: Final = 50
"""How many outcomes are shown at once."""
_GROUP: Final = "outstanding"


class UnnotedOutcome(Struct, frozen=True, kw_only=True):
    """An outcome that no meeting has noted, as anybody may see it."""

    organisation: str
    window: Window
    late: tuple[ReceivedResponse, ...]
    """Responses that came too late: they go to the meeting."""
    unconsidered: tuple[ReceivedResponse, ...]
    """What came in time and may be an objection, but could not count."""


class UnnotedOutcomes(Struct, frozen=True, kw_only=True):
    """What a meeting has yet to note: how many outcomes, some of them, and where others are."""

    count: int
    outcomes: tuple[UnnotedOutcome, ...]
    earlier: Cursor | None = None
    later: Cursor | None = None


def unnoted_outcomes(
    organisation: str, world: DecisionContext, kept: RowReader, start: Cursor | None = None
) -> UnnotedOutcomes:
    """Live windows that have ended and that no meeting has noted, in order of their ids.

    OSCE Rules of Procedure 2006, Annex 1(A): the next meeting is told. History starts nothing.
    """
    found = read_row_page(kept, "window", [organisation_span(organisation, TO_NOTE)], PAGE, start)
    names = [key for _, (_, _, key) in found.entries]
    return UnnotedOutcomes(
        count=kept.counts("window", organisation).get(TO_NOTE, 0),
        outcomes=tuple(_outcomes(organisation, world, names)),
        earlier=_cursor(found, 0, back=True) if found.earlier else None,
        later=_cursor(found, -1) if found.later else None,
    )


def _outcomes(
    organisation: str, world: DecisionContext, windows: Iterable[str]
) -> Iterator[UnnotedOutcome]:
    shown = Redaction(world)
    for name in windows:
        window = shown.redact_window(world.window(name))
        late = tuple(response for response in window.responses if response.standing == "late")
        yield UnnotedOutcome(
            organisation=organisation,
            window=window,
            late=late,
            unconsidered=window.unconsidered_responses,
        )


def _cursor(found: RowPage, which: int, *, back: bool = False) -> Cursor | None:
    if not found.entries:
        return None
    place, mark = found.entries[which]
    return Cursor(_GROUP, place, mark, back)
