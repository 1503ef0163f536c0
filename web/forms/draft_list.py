"""The list of forms and editing pages that somebody has in progress."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from domain.access.permissions import ViewKind
from domain.ports.drafts import Draft
from domain.ports.errors import Unavailable
from domain.rules import Refused
from domain.streams import StreamKind
from web.forms.controller import FormController
from web.forms.fields import Values
from web.forms.form_ids import is_form_id
from web.forms.form_places import principal
from web.forms.form_subject import FormSubject
from web.http import urls
from web.http.context import RequestContext, language_headers
from workflows.acts import catalogue as acts
from workflows.acts.act import AnyAct
from workflows.editing import catalogue as editings
from workflows.history.read_limit import ReadLimitExceeded


@dataclass(frozen=True)
class ListedDraft:
    """A form in progress, as the list shows it."""

    draft: Draft
    subject: FormSubject | None = None
    """The noun that it is about; None where it has none, or it cannot be read."""
    permitted: bool = True
    """Whether its owner may still do its act."""


def page(acting: FormController, request: Request, organisation: str) -> Response:
    """What its reader has in progress in an organisation. Raises Unavailable."""
    reader = acting.places.reader(request)
    drafts = [
        _listed(acting, reader, organisation, draft)
        for draft in acting.drafts.listed(principal(request), organisation)
    ]
    made = acting.pages.templates.page(
        "drafts.html", reader, organisation=organisation, drafts=drafts
    )
    return HTMLResponse(made, headers=language_headers(reader))


def _listed(
    acting: FormController, reader: RequestContext, organisation: str, draft: Draft
) -> ListedDraft:
    """A form in progress. Who has lost the role still has it, and reads no name in the record."""
    if reader.access is not None and not reader.access.sees(organisation, ViewKind.RECORD):
        return ListedDraft(draft, permitted=False)
    named = urls.stream_of(draft.page)
    if named is None or named[0] != organisation:
        return ListedDraft(draft)
    with suppress(Refused, Unavailable, ReadLimitExceeded):
        kind, name = named[1].kind, named[1].id
        shown, subject = acting.places.noun(kind, organisation, name, reader)
        may = [reader.may(organisation, act, shown, subject.state) for act in _acts(kind, draft)]
        if draft.form.startswith(urls.mail(organisation)):
            may.append(reader.sees(organisation, ViewKind.MAIL))
        return ListedDraft(draft, subject, all(may))
    return ListedDraft(draft)


def _acts(kind: StreamKind, draft: Draft) -> Sequence[AnyAct]:
    """The acts of a form on the page of a noun; none for one that stands elsewhere."""
    below = draft.form.partition("?")[0].removeprefix(draft.page)
    _, place, slug, *_ = [*below.split("/"), "", "", ""]
    if place == "act" and (act := acts.BY_ADDRESS.get((kind, slug))):
        return (act,)
    if place == "edit" and (editing := editings.BY_ADDRESS.get((kind, slug))):
        return editing.acts
    return ()


def delete(acting: FormController, request: Request, organisation: str, values: Values) -> Response:
    """Delete one of them, and show the others. Raises Unavailable."""
    if is_form_id(values.text("draft")):
        acting.drafts.store.remove(values.text("draft"), principal(request))
    return RedirectResponse(acting.places.reader(request).link(urls.drafts(organisation)), 303)
