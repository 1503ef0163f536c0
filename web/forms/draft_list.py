"""The list of forms and editing pages that somebody has in progress."""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from web.forms.controller import FormController
from web.forms.fields import Values
from web.forms.form_ids import is_form_id
from web.forms.form_places import principal
from web.http import urls
from web.http.context import language_headers


def page(acting: FormController, request: Request, organisation: str) -> Response:
    """What its reader has in progress in an organisation. Raises Unavailable."""
    reader = acting.places.reader(request)
    drafts = acting.drafts.listed(principal(request), organisation)
    made = acting.pages.templates.page(
        "drafts.html", reader, organisation=organisation, drafts=drafts
    )
    return HTMLResponse(made, headers=language_headers(reader))


def delete(acting: FormController, request: Request, organisation: str, values: Values) -> Response:
    """Delete one of them, and show the others. Raises Unavailable."""
    if is_form_id(values.text("draft")):
        acting.drafts.store.remove(values.text("draft"), principal(request))
    return RedirectResponse(acting.places.reader(request).link(urls.drafts(organisation)), 303)
