"""The time zone in which the times of a stream are shown."""

from __future__ import annotations

from typing import Final

from domain.access.commands import ORGANISATION
from domain.decision_context import DecisionContext
from domain.streams import Stream, StreamKind

UTC: Final = "UTC"


def zone_of(world: DecisionContext, stream: Stream = ORGANISATION) -> str:
    """The IANA zone of a stream's body, of its session, or of its deadline where it has one.

    It is the organisation's own where the record names no body, and UTC where it has none.
    """
    if stream.kind is StreamKind.SYMBOL:
        document = world.state(stream).document
        return zone_of(world, Stream(StreamKind.DOCUMENT, document) if document else ORGANISATION)
    if not world.version(stream):
        return UTC if stream == ORGANISATION else zone_of(world)
    return _own(world, stream) or (UTC if stream == ORGANISATION else zone_of(world))


def _own(world: DecisionContext, stream: Stream) -> str:
    """What the stream itself or its body says; empty where neither does."""
    state = world.state(stream)
    if stream.kind is StreamKind.WINDOW:
        zone = state.deadline.zone if state.deadline else state.closes.zone
    else:
        zone = getattr(state, "zone", "")
    if zone or stream.kind in {StreamKind.BODY, StreamKind.ORGANISATION}:
        return str(zone)
    body = Stream(StreamKind.BODY, state.body)
    return str(world.state(body).zone) if world.version(body) else ""
