"""The page of a document: its masthead, language versions, publication and history."""

from __future__ import annotations

from domain.streams import Stream, StreamKind
from web.api import representations
from web.http.context import RequestContext
from web.page_context import PageContent, PageContext
from web.pages.erasable_events import erasable_events
from web.presenters import agenda_items, history
from web.presenters import document as documents


def page(context: PageContext, reader: RequestContext, organisation: str, name: str) -> PageContent:
    """A document. Raises Refused for one that is not in the record."""
    shown = context.queries.documents.get(organisation, name, reader.at)
    names = history.in_language(shown.names, reader.language)
    values = {
        "shown": shown,
        "document": shown.document,
        "stream": Stream(StreamKind.DOCUMENT, name),
        "edited": reader.edited(organisation, StreamKind.DOCUMENT, shown, shown.document),
        "offered": reader.offered(organisation, StreamKind.DOCUMENT, shown, shown.document),
        "not_yet": reader.not_yet(organisation, StreamKind.DOCUMENT, shown, shown.document),
        "rows": list(documents.version_rows(shown.document, attested=shown.attested)),
        "signs": agenda_items.VERSIONS,
        "sentences": history.with_sentences(shown.events[-history.PAGE :], reader, names),
        "erasable": erasable_events(context, reader, organisation, shown.events[-history.PAGE :]),
    }

    def representation() -> object:
        sentences = history.with_sentences(shown.events, reader, names)
        return representations.document(shown, sentences, context.codec)

    return PageContent("document.html", values, representation, [])
