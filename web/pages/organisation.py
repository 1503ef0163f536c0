"""The page of an organisation as a whole: its name and zone, who has which role, its history."""

from __future__ import annotations

from domain.access.commands import ORGANISATION
from domain.streams import StreamKind
from web.api import representations
from web.http.context import RequestContext
from web.page_context import PageContent, PageContext
from web.pages.erasable_events import erasable_events
from web.presenters import history
from web.presenters import organisation as organisations
from workflows.acts.organisation import ROLES, SETTINGS
from workflows.queries.organisation import named_people


def page(context: PageContext, reader: RequestContext, organisation: str) -> PageContent:
    """An organisation. Raises Refused for one that has no record."""
    context.refresh()
    shown = context.queries.organisations.get(organisation, reader.now, reader.at)
    administers = reader.may(organisation, SETTINGS, shown, shown.settings)
    accounts = context.people() if reader.identity and not reader.at else ()
    people = named_people(context.people()) if administers and reader.identity else {}
    states = organisations.account_states(accounts, context.invited() if accounts else ())
    names = history.in_language(shown.names, reader.language, people)
    values = {
        "administers": administers,
        "shown": shown,
        "then": shown.at,
        "stream": ORGANISATION,
        "offered": reader.offered(organisation, StreamKind.ORGANISATION, shown, shown.settings),
        "zone": shown.settings.zone or "UTC",
        "grants": organisations.grants(shown, names, states),
        "roles": ROLES,
        "body_names": {row.id: row.names for row in shown.bodies},
        "sentences": history.with_sentences(shown.events[-history.PAGE :], reader, names),
        "erasable": erasable_events(context, reader, organisation, shown.events[-history.PAGE :]),
    }

    def representation() -> object:
        sentences = history.with_sentences(shown.events, reader, names)
        return representations.organisation(shown, sentences, context.codec)

    return PageContent("organisation.html", values, representation)
