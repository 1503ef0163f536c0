"""The page of outcomes that the next meeting must note or announce."""

from __future__ import annotations

from msgspec import structs

from domain.access.permissions import ViewKind
from web.api import representations
from web.http.context import RequestContext
from web.page_context import PageContent, PageContext
from workflows.projections.pagination import Cursor
from workflows.queries.outcomes_to_note import UnnotedOutcome


def page(context: PageContext, reader: RequestContext, organisation: str) -> PageContent:
    """The outcomes that no meeting has noted yet."""
    behind = context.refresh()
    start = Cursor.parse(reader.page) if reader.page else None
    then = context.then(organisation, reader)
    found = context.queries.windows.unnoted_outcomes(organisation, reader.at, start)
    sees_record = reader.sees(organisation, ViewKind.RECORD)
    if not sees_record:
        found = structs.replace(found, outcomes=tuple(map(_alone, found.outcomes)))
    values = {
        "organisation": organisation,
        "found": found,
        "then": then,
        "sees_record": sees_record,
    }
    return PageContent(
        "outcomes_to_note.html",
        values,
        lambda: representations.outstanding(found, reader, context.codec),
        None if behind or context.queries.record.parked(organisation) else (),
    )


def _alone(outcome: UnnotedOutcome) -> UnnotedOutcome:
    """An outcome for those who see what stands where, and not what seats wrote."""
    return structs.replace(outcome, late=(), unconsidered=())
