"""The page that leads from an empty store to the first agenda."""

from __future__ import annotations

import re

from domain.rules import require
from web.http.context import RequestContext
from web.page_context import PageContent, PageContext
from web.presenters import set_up
from workflows.acts.body import PACKS
from workflows.acts.shared_parameters import PLAIN_ID
from workflows.queries.body import BodyDetails


def page(context: PageContext, reader: RequestContext, organisation: str) -> PageContent:
    """The steps of an organisation, also of one that has no record yet.

    Raises Refused for the name of a new organisation that is not plain.
    """
    context.refresh()
    plain = re.fullmatch(PLAIN_ID[0], organisation)
    known = plain or organisation in context.queries.record.organisations()
    require("known", known, f"no organisation {organisation!r:.80}: {PLAIN_ID[1]}")
    body = _least_advanced(context, reader, organisation)
    steps = set_up.steps(organisation, body)
    values = {
        "organisation": organisation,
        "body": body,
        "steps": steps,
        "next": next((step for step in steps if not step.done and step.path), None),
        "packs": PACKS,
        "permitted": {step.act.slug for step in steps if reader.may(organisation, step.act, None)},
    }
    return PageContent(
        "set_up.html", values, lambda: {"steps": [(step.what, step.done) for step in steps]}
    )


def _least_advanced(
    context: PageContext, reader: RequestContext, organisation: str
) -> BodyDetails | None:
    """The first body on which steps are left, else the last one; none where there is no body.

    Bodies that are only reported by sources are passed over: nothing is done there.
    """
    found = None
    for row in context.queries.bodies.of_organisation(organisation).bodies:
        shown = context.queries.bodies.get(organisation, row.id, reader.now)
        if not shown.attested:
            found = shown
            if not all(step.done for step in set_up.steps(organisation, shown)):
                break
    return found
