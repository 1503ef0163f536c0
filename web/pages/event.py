"""The page of one event in full."""

from __future__ import annotations

from typing import Final

from domain.access.permissions import ViewKind
from domain.messages import RecordedEvent
from web.api import representations
from web.http.context import RequestContext
from web.page_context import PageContent, PageContext
from web.pages.erasable_events import erasable_events
from web.presenters import history
from web.presenters.history import is_about_roles
from workflows.history.read_limit import ReadLimitExceeded
from workflows.queries.events import EventQueries

NEAR: Final = 200
"""How many events are looked through for one that a reader may see."""


def page(
    context: PageContext, reader: RequestContext, organisation: str, position: int
) -> PageContent:
    """One event, with the earlier ones that it, being a correction, affects.

    Where too much was recorded since the corrected event to look for them, the page says so.
    """
    event = context.queries.events.get(organisation, position)
    if is_about_roles(event):
        reader.require_view(organisation, ViewKind.GRANTS)
    affected = _affected(context.queries.events, event)
    names = context.names(organisation, (event, *(affected or ())), reader)
    narrated, *others = history.with_sentences([event, *(affected or ())], reader, names)
    values = {
        "organisation": organisation,
        "event": event,
        "narrated": narrated,
        "zone": context.queries.events.zone(organisation, event.stream),
        "fact": context.codec.to_plain(event.fact),
        "affected": None if affected is None else others,
        "before": _neighbour(context, reader, event, -1),
        "after": _neighbour(context, reader, event, 1),
        "erasable": bool(erasable_events(context, reader, organisation, [event])),
        "citations": context.queries.events.rules_applied(event),
    }

    def representation() -> object:
        return {
            "event": representations.events([narrated], context.codec)[0],
            "affected": None if affected is None else representations.events(others, context.codec),
        }

    return PageContent("event.html", values, representation, clock_instants=())


def _neighbour(
    context: PageContext, reader: RequestContext, event: RecordedEvent, step: int
) -> int:
    """The next event in one direction that the reader may see; 0 where there is none near."""
    record, sees_all = context.queries.record, reader.sees(event.organisation, ViewKind.GRANTS)
    last = record.history(event.organisation).last_position()
    for position in range(event.position + step, event.position + step * (NEAR + 1), step):
        if not 0 < position <= last:
            return 0
        if sees_all or not is_about_roles(record.event(event.organisation, position)):
            return position
    return 0


def _affected(events: EventQueries, event: RecordedEvent) -> tuple[RecordedEvent, ...] | None:
    """The events that a correction affects; None where they are too many to be looked through."""
    try:
        return events.affected(event)
    except ReadLimitExceeded:
        return None
