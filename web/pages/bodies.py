"""The page of an organisation's bodies."""

from __future__ import annotations

from domain.rules import require
from web.api import representations
from web.http.context import RequestContext
from web.page_context import PageContent, PageContext


def page(context: PageContext, reader: RequestContext, organisation: str) -> PageContent:
    """The bodies of an organisation. Raises Refused for one that has no record."""
    behind = context.refresh()
    known = organisation in context.queries.record.organisations()
    require("known", known, f"no organisation {organisation}")
    shown = context.queries.bodies.of_organisation(organisation, reader.at)
    settled = not behind and not context.queries.record.parked(organisation)
    return PageContent(
        "bodies.html",
        {"shown": shown, "then": context.then(organisation, reader)},
        lambda: representations.bodies(shown, context.codec),
        () if settled else None,
    )
