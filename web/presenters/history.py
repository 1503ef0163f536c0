"""Histories: events in order, each with its sentence, and which of them are later than a moment."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from domain.messages import RecordedEvent
from domain.streams import StreamKind
from domain.times import When
from web.http.context import RequestContext
from workflows.history import narration
from workflows.history.narration import SpokenNames
from workflows.queries.record_names import in_language as in_language

PAGE: Final = 200
"""How many events stand on one page of a history."""


NEAR: Final = 2
"""How many pages before and after the current one are named, beside the first and the last."""


def is_about_roles(event: RecordedEvent) -> bool:
    """Whether an event is about roles or settings of the organisation."""
    return event.stream.kind is StreamKind.ORGANISATION


@dataclass(frozen=True)
class HistoryPage:
    """A page of a history, by the first and the last position on it."""

    first: int
    last: int
    current: bool
    apart: bool
    """Whether pages between it and the one named before it are not named."""


@dataclass(frozen=True, kw_only=True)
class NarratedEvent:
    """An event with its sentence; `later` than the moment that is looked at."""

    event: RecordedEvent
    sentence: str
    by: str
    """Who did it, in the reader's language."""
    later: bool = False

    @property
    def basis(self) -> str:
        """attested, stated, simulated or computed"""
        event = self.event
        return "simulated" if event.virtual and not event.stated else event.basis

    @property
    def apart(self) -> bool:
        """Whether receipt and record must be told beside the time at which it took effect."""
        return self.event.effective != When.from_instant(self.event.received_at)


def with_sentences(
    events: Iterable[RecordedEvent],
    reader: RequestContext,
    names: SpokenNames,
    position: int | None = None,
) -> list[NarratedEvent]:
    """The events with their sentences; those after `position` are later ones."""
    say = reader.catalogue.texts.gettext
    return [
        NarratedEvent(
            event=event,
            sentence=narration.sentence(event, say, reader.language, names),
            by=narration.actor_name(event.actor, say, names.seats_at(event)),
            later=position is not None and event.position > position,
        )
        for event in events
    ]


def group_sentences(sentences: Iterable[NarratedEvent]) -> list[list[NarratedEvent]]:
    """Sentences of one kind, time, actor and source together: they take one row."""

    def row_key(narrated: NarratedEvent) -> tuple[object, ...]:
        event = narrated.event
        return (
            event.name,
            event.effective,
            event.actor,
            event.source,
            narrated.basis,
            narrated.later,
        )

    return [list(group) for _, group in groupby(sentences, key=row_key)]


def neighbours(positions: Sequence[int], position: int) -> tuple[int | None, int | None]:
    """The positions before and after a moment, among these."""
    earlier, later = bisect_left(positions, position), bisect_right(positions, position)
    return (
        positions[earlier - 1] if earlier else None,
        positions[later] if later < len(positions) else None,
    )


def paginate(
    positions: Sequence[int], position: int | None, after: int | None
) -> Sequence[HistoryPage]:
    """Pages of a long history; the one that is asked for, or holds the moment, is current."""
    wanted = position if after is None else after + 1
    here = max(0, bisect_right(positions, wanted) - 1) // PAGE if wanted is not None else 0
    last = (len(positions) - 1) // PAGE
    near = range(max(0, here - NEAR), min(last, here + NEAR) + 1)
    named = sorted({0, *near, last})
    return [
        HistoryPage(
            positions[number * PAGE],
            positions[min(len(positions), (number + 1) * PAGE) - 1],
            current=number == here,
            apart=number > before + 1,
        )
        for before, number in zip([-1, *named], named, strict=False)
    ]
