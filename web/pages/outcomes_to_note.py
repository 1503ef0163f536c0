"""The page of outcomes that the next meeting must note or announce."""

from __future__ import annotations

from web.api import representations
from web.http.context import RequestContext
from web.page_context import PageContent, PageContext
from workflows.projections.pagination import Cursor


def page(context: PageContext, reader: RequestContext, organisation: str) -> PageContent:
    """The outcomes that no meeting has noted yet."""
    behind = context.refresh()
    start = Cursor.parse(reader.page) if reader.page else None
    then = context.then(organisation, reader)
    found = context.queries.windows.unnoted_outcomes(organisation, reader.at, start)
    values = {
        "organisation": organisation,
        "found": found,
        "then": then,
    }
    return PageContent(
        "outcomes_to_note.html",
        values,
        lambda: representations.outstanding(found, reader, context.codec),
        None if behind or context.queries.record.parked(organisation) else (),
    )
