"""The list of forms and editing pages that somebody has in progress."""

from __future__ import annotations

from contextlib import suppress

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from domain.access.permissions import ViewKind
from domain.ports.errors import Unavailable
from domain.rules import Refused
from web.forms.controller import FormController
from web.forms.fields import Values
from web.forms.form_ids import is_form_id
from web.forms.form_places import principal
from web.forms.form_subject import FormSubject
from web.http import urls
from web.http.context import RequestContext, language_headers
from workflows.history.read_limit import ReadLimitExceeded


def page(acting: FormController, request: Request, organisation: str) -> Response:
    """What its reader has in progress in an organisation. Raises Unavailable."""
    reader = acting.places.reader(request)
    reads = reader.access is None or reader.access.sees(organisation, ViewKind.RECORD)
    drafts = [  # who has lost the role still has the forms, and reads no name in the record
        (draft, _subject(acting, reader, organisation, draft.page) if reads else None)
        for draft in acting.drafts.listed(principal(request), organisation)
    ]
    made = acting.pages.templates.page(
        "drafts.html", reader, organisation=organisation, drafts=drafts
    )
    return HTMLResponse(made, headers=language_headers(reader))


def _subject(
    acting: FormController, reader: RequestContext, organisation: str, page: str
) -> FormSubject | None:
    """The noun of a page; None where it has none, or it cannot be read now."""
    named = urls.stream_of(page)
    if named is None or named[0] != organisation:
        return None
    with suppress(Refused, Unavailable, ReadLimitExceeded):
        return acting.places.noun(named[1].kind, organisation, named[1].id, reader)[1]
    return None


def delete(acting: FormController, request: Request, organisation: str, values: Values) -> Response:
    """Delete one of them, and show the others. Raises Unavailable."""
    if is_form_id(values.text("draft")):
        acting.drafts.store.remove(values.text("draft"), principal(request))
    return RedirectResponse(acting.places.reader(request).link(urls.drafts(organisation)), 303)
