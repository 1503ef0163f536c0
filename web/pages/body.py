"""The page of a body: its names, seats, rules, calendars, sessions and agendas."""

from __future__ import annotations

from domain.streams import Stream, StreamKind
from web.api import representations
from web.http.context import RequestContext
from web.page_context import PageContent, PageContext
from web.pages.erasable_events import erasable_events
from web.presenters import body as bodies
from web.presenters import history
from workflows.acts.body import PACKS


def page(context: PageContext, reader: RequestContext, organisation: str, name: str) -> PageContent:
    """A body. Raises Refused for one that is not in the record."""
    behind = context.refresh()
    shown = context.queries.bodies.get(organisation, name, reader.now, reader.at)
    names = history.in_language(shown.names, reader.language)
    comes = bodies.next_step(shown)
    values = {
        "shown": shown,
        "then": shown.at,
        "stream": Stream(StreamKind.BODY, name),
        "edited": reader.edited(organisation, StreamKind.BODY, shown, shown.body),
        "offered": reader.offered(organisation, StreamKind.BODY, shown, shown.body),
        "not_yet": reader.not_yet(organisation, StreamKind.BODY, shown, shown.body),
        "words_of_packs": PACKS,
        "next": comes if comes and reader.may(organisation, comes.act, shown, shown.body) else None,
        "seats": bodies.seats(shown),
        "sessions": bodies.sessions(shown),
        "unbound": bodies.agendas_without_session(shown),
        "sentences": history.with_sentences(shown.events[-history.PAGE :], reader, names),
        "erasable": erasable_events(context, reader, organisation, shown.events[-history.PAGE :]),
    }

    def representation() -> object:
        sentences = history.with_sentences(shown.events, reader, names)
        return representations.body(shown, sentences, context.codec)

    settled = not behind and not context.queries.record.parked(organisation)
    ends = [] if reader.at else bodies.instants(shown)
    return PageContent("body.html", values, representation, ends if settled else None)
