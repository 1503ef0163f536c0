"""The page of one event in full."""

from __future__ import annotations

from domain.messages import RecordedEvent
from domain.streams import StreamKind
from web.api import representations
from web.http.context import RequestContext
from web.page_context import PageContent, PageContext
from web.presenters import history
from web.presenters.receipt import is_erased
from workflows.history.read_limit import ReadLimitExceeded
from workflows.queries.events import EventQueries


def page(
    context: PageContext, reader: RequestContext, organisation: str, position: int
) -> PageContent:
    """One event, with the earlier ones that it, being a correction, affects.

    Where too much was recorded since the corrected event to look for them, the page says so.
    """
    event = context.queries.events.get(organisation, position)
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
        "last": context.queries.record.history(organisation).last_position(),
        "erasable": _is_erasable(event),
        "citations": context.queries.events.rules_applied(event),
    }

    def representation() -> object:
        return {
            "event": representations.events([narrated], context.codec)[0],
            "affected": None if affected is None else representations.events(others, context.codec),
        }

    return PageContent("event.html", values, representation, clock_instants=())


def _is_erasable(event: RecordedEvent) -> bool:
    """Whether a form erases its text: it has one, and is of a live procedure or agenda."""
    formed = event.stream.kind in {StreamKind.WINDOW, StreamKind.AGENDA} and not event.attested
    return formed and bool(event.sealed) and not is_erased(event)


def _affected(events: EventQueries, event: RecordedEvent) -> tuple[RecordedEvent, ...] | None:
    """The events that a correction affects; None where they are too many to be looked through."""
    try:
        return events.affected(event)
    except ReadLimitExceeded:
        return None
