"""The page of one event in full."""

from __future__ import annotations

from web.api import representations
from web.http.context import RequestContext
from web.page_context import PageContent, PageContext
from web.presenters import history


def page(
    context: PageContext, reader: RequestContext, organisation: str, position: int
) -> PageContent:
    """One event, with the earlier ones that it, being a correction, affects."""
    event, affected = context.queries.events.get(organisation, position)
    names = context.names(organisation, (event, *affected), reader)
    narrated, *others = history.with_sentences([event, *affected], reader, names)
    values = {
        "organisation": organisation,
        "event": event,
        "narrated": narrated,
        "fact": context.codec.to_plain(event.fact),
        "affected": others,
        "last": context.queries.record.history(organisation).last_position(),
        "citations": context.queries.events.rules_applied(event),
    }

    def representation() -> object:
        return {
            "event": representations.events([narrated], context.codec)[0],
            "affected": representations.events(others, context.codec),
        }

    return PageContent("event.html", values, representation, clock_instants=())
