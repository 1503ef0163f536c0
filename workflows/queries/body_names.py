"""What the bodies that events speak of are called."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from domain.body.events import BodyCompleted, BodyEstablished
from domain.messages import RecordedEvent
from domain.streams import Stream, StreamKind

BodyNames = Mapping[str, Mapping[str, str]]
"""Names of bodies by id and language."""


def body_ids(events: Iterable[RecordedEvent]) -> set[str]:
    """The ids of bodies that these events speak of."""
    named = {getattr(event.fact, name, "") for event in events for name in ("body", "to", "by")}
    return {name for name in named if isinstance(name, str) and name}


def names_of_bodies(
    events: Iterable[RecordedEvent], events_of: Callable[[Stream], Sequence[RecordedEvent]]
) -> BodyNames:
    """The newest names of the bodies that these events speak of."""
    streams = (Stream(StreamKind.BODY, body) for body in body_ids(events))
    return newest_names(event for stream in streams for event in events_of(stream))


def newest_names(events: Iterable[RecordedEvent]) -> BodyNames:
    """What the bodies among these events are called, by the newest of their names."""
    found: dict[str, dict[str, str]] = {}
    for event in sorted(events, key=lambda event: event.effective.earliest):
        if isinstance(event.fact, BodyEstablished | BodyCompleted):
            found.setdefault(event.stream.id, {}).update(event.fact.names)
    return found
