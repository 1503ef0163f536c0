"""The page of a session: its dates, venue, meetings and agendas."""

from __future__ import annotations

from domain.streams import Stream, StreamKind
from web.api import representations
from web.http.context import RequestContext
from web.page_context import PageContent, PageContext
from web.presenters import awaited_acts, history
from workflows.acts import catalogue
from workflows.acts.agenda_start import START


def page(context: PageContext, reader: RequestContext, organisation: str, name: str) -> PageContent:
    """A session. Raises Refused for one that is not in the record."""
    behind = context.refresh()
    shown = context.queries.sessions.get(organisation, name, reader.now, reader.at)
    names = history.in_language(shown.names, reader.language)
    values = {
        "shown": shown,
        "then": shown.at,
        "stream": Stream(StreamKind.SESSION, name),
        "of_body": Stream(StreamKind.BODY, shown.body.id),
        "start": START,
        "awaited_acts": awaited_acts.of_session(organisation, shown),
        "offered": catalogue.offered(StreamKind.SESSION, shown),
        "not_yet": catalogue.not_yet(StreamKind.SESSION, shown),
        "sentences": history.with_sentences(shown.events[-history.PAGE :], reader, names),
    }

    def representation() -> object:
        sentences = history.with_sentences(shown.events, reader, names)
        return representations.session(shown, sentences, context.codec)

    settled = not behind and not context.queries.record.parked(organisation)
    return PageContent("session.html", values, representation, () if settled else None)
