"""The page of an organisation's bodies."""

from __future__ import annotations

from functools import partial

from domain.access.permissions import ViewKind
from domain.body import Body
from domain.rules import require
from web.api import representations
from web.http.context import RequestContext
from web.i18n.collation import CollationKey, collation_key
from web.page_context import PageContent, PageContext
from workflows.acts.body import ESTABLISH
from workflows.history.narration import localized_name
from workflows.projections.rows import BodyRow


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
            "bodies": sorted(shown.bodies, key=partial(_place, reader.language)),
            "then": context.then(organisation, reader),
            "may_enter": reader.may(organisation, ESTABLISH, shown, Body()),
            "sees_record": reader.sees(organisation, ViewKind.RECORD),
            "sees_roles": reader.sees(organisation, ViewKind.GRANTS),
        },
        lambda: representations.bodies(shown, context.codec),
        () if settled else None,
    )


def _place(language: str, row: BodyRow) -> CollationKey:
    """Where a body stands in a list in this language: by its name."""
    return collation_key(localized_name(row.names, language) or row.id, language)
