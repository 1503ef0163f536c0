"""The page of an organisation's bodies."""

from __future__ import annotations

from domain.access.permissions import ViewKind
from domain.body import Body
from domain.rules import require
from web.api import representations
from web.http.context import RequestContext
from web.page_context import PageContent, PageContext
from workflows.acts.body import ESTABLISH


def page(context: PageContext, reader: RequestContext, organisation: str) -> PageContent:
    """The bodies of an organisation. Raises Refused for one that has no record."""
    behind = context.refresh()
    known = organisation in context.queries.record.organisations()
    require("known", known, f"no organisation {organisation}")
    shown = context.queries.bodies.of_organisation(organisation, reader.at)
    settled = not behind and not context.queries.record.parked(organisation)
    return PageContent(
        "bodies.html",
        {
            "shown": shown,
            "then": context.then(organisation, reader),
            "may_enter": reader.may(organisation, ESTABLISH, shown, Body()),
            "sees_record": reader.sees(organisation, ViewKind.RECORD),
            "sees_roles": reader.sees(organisation, ViewKind.GRANTS),
        },
        lambda: representations.bodies(shown, context.codec),
        () if settled else None,
    )
