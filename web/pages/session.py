"""The page of a session: its dates, venue, meetings and agendas."""

from __future__ import annotations

from domain.streams import Stream, StreamKind
from web.api import representations
from web.http.context import RequestContext
from web.page_context import PageContent, PageContext
from web.pages.erasable_events import erasable_events
from web.presenters import awaited_acts, history
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
        "edited": reader.edited(organisation, StreamKind.SESSION, shown, shown.session),
        "may_start": shown.may_start and reader.may(organisation, START, shown, shown.session),
        "offered": reader.offered(organisation, StreamKind.SESSION, shown, shown.session),
        "awaited_acts": [
            link
            for link in awaited_acts.of_session(organisation, shown)
            if reader.may(organisation, link.act, shown, shown.session)
        ],
        "not_yet": reader.not_yet(organisation, StreamKind.SESSION, shown, shown.session),
        "sentences": history.with_sentences(shown.events[-history.PAGE :], reader, names),
        "erasable": erasable_events(context, reader, organisation, shown.events[-history.PAGE :]),
    }

    def representation() -> object:
        sentences = history.with_sentences(shown.events, reader, names)
        return representations.session(shown, sentences, context.codec)

    settled = not behind and not context.queries.record.parked(organisation)
    return PageContent("session.html", values, representation, () if settled else None)
