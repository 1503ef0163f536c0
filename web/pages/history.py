"""The page of a history: all events of an organisation or of one stream, step by step."""

from __future__ import annotations

from collections.abc import Sequence

from domain.access.commands import ORGANISATION
from domain.access.permissions import ViewKind
from domain.messages import RecordedEvent
from domain.streams import Stream, StreamKind
from web.api import representations
from web.http.context import RequestContext
from web.page_context import PageContent, PageContext
from web.presenters import history
from workflows.queries.queries import Queries


def page(
    context: PageContext, reader: RequestContext, organisation: str, stream: Stream | None = None
) -> PageContent:
    """Everything that happened, with what is later than the moment greyed."""
    queries, sees_roles = context.queries, reader.sees(organisation, ViewKind.GRANTS)
    if stream and stream.kind is StreamKind.ORGANISATION:
        reader.require_view(organisation, ViewKind.GRANTS)
    events = queries.events.list(organisation, stream) if stream else ()
    positions = _positions(queries, organisation, events, stream)
    position = _position(queries, organisation, reader)
    pages = history.paginate(positions, position, reader.after)
    current = next(page for page in pages if page.current)
    if stream is None:
        events = queries.events.between(organisation, current.first, current.last)
    here = [
        event
        for event in events
        if current.first <= event.position <= current.last
        and (sees_roles or not history.is_about_roles(event))
    ]
    names = context.names(organisation, here, reader)
    sentences = history.with_sentences(here, reader, names, position)
    later = current.last if current.last < positions[-1] else None
    moment = positions[-1] + 1 if position is None else position
    before, after = history.neighbours(positions, moment)
    values = {
        "organisation": organisation,
        "stream": stream,
        "sentences": sentences,
        "pages": pages if len(pages) > 1 else (),
        "position": position,
        "begun": position is not None and positions[0] <= position,
        "before": before,
        "after": after,
        "then": context.then(organisation, reader),
        "zone": queries.events.zone(organisation, stream or ORGANISATION),
    }
    return PageContent(
        "history.html",
        values,
        lambda: representations.history(
            organisation,
            stream,
            sentences,
            reader.json_address_of(after=later) if later else None,
            context.codec,
        ),
        clock_instants=(),
    )


def _position(queries: Queries, organisation: str, reader: RequestContext) -> int | None:
    """The last position of the moment that is looked at; None for now."""
    if not reader.at:
        return None
    return queries.record.history(organisation, reader.at).last_position()


def _positions(
    queries: Queries, organisation: str, events: Sequence[RecordedEvent], stream: Stream | None
) -> Sequence[int]:
    """The positions of the history; those of a whole organisation leave no gap."""
    if stream:
        return [event.position for event in events]
    return range(1, queries.record.history(organisation).last_position() + 1)
