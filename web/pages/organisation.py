"""The page of an organisation as a whole: its name and zone, who has which role, its history."""

from __future__ import annotations

from domain.access.commands import ORGANISATION
from domain.streams import StreamKind
from web.api import representations
from web.http.context import RequestContext
from web.page_context import PageContent, PageContext
from web.presenters import history
from web.presenters import organisation as organisations
from workflows.acts.organisation import ROLES, SETTINGS
from workflows.queries.organisation import named_people


def page(context: PageContext, reader: RequestContext, organisation: str) -> PageContent:
    """An organisation. Raises Refused for one that has no record."""
    context.refresh()
    shown = context.queries.organisations.get(organisation, reader.now, reader.at)
    administers = reader.may(organisation, SETTINGS, shown, shown.settings)
    people = named_people(context.people()) if administers and reader.identity else {}
    names = history.in_language(shown.names, reader.language, people)
    values = {
        "administers": administers,
        "shown": shown,
        "then": shown.at,
        "stream": ORGANISATION,
        "offered": reader.offered(organisation, StreamKind.ORGANISATION, shown, shown.settings),
        "zone": shown.settings.zone or "UTC",
        "grants": organisations.grants(shown, names),
        "roles": ROLES,
        "body_names": {row.id: row.names for row in shown.bodies},
        "sentences": history.with_sentences(shown.events[-history.PAGE :], reader, names),
    }

    def representation() -> object:
        sentences = history.with_sentences(shown.events, reader, names)
        return representations.organisation(shown, sentences, context.codec)

    return PageContent("organisation.html", values, representation)
