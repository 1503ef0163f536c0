"""A form that came after its session had run out: kept as a draft of the one whose session it was.

So it is found again also where somebody leaves the log-in page. Nothing is shown of it before the
log-in, and nothing is recorded.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote, urlsplit

from fastapi import Request

from domain.access.commands import ORGANISATION
from domain.streams import Stream, StreamKind
from web.accounts.account_context import AccountContext
from web.forms import reauthentication
from web.forms.form_drafts import FormDrafts
from web.forms.form_ids import is_form_id
from web.forms.posted_form import PostedForm
from web.http import urls
from web.http.authentication import COOKIE, FORM_TOKEN, form_is_of_session, form_token
from web.http.context import RequestContext
from web.http.cookies import cookie
from workflows.acts import catalogue as acts
from workflows.editing import catalogue as editings

_NOUNS: Final = {urls.page_of("o", Stream(kind, "x")).split("/")[1]: kind for kind in urls.PAGES}
_FORM: Final = re.compile(
    r"/(?P<noun>[a-z]+)/(?P<organisation>[^/]+)(?:/(?P<name>.+?))?/(?P<kind>act|edit)/(?P<slug>[^/]+)"
    r"(?:/(?P<of>[^/]+)/(?P<choice>.+))?"
)


@dataclass(frozen=True, kw_only=True)
class InterruptedPlace:
    """Where a form stands that came without a session, as far as its address says."""

    reader: RequestContext
    organisation: str
    owner: str
    draft: str
    path: str
    page: str
    title: str


def keep(context: AccountContext, request: Request, where: str, sent: PostedForm) -> bool:
    """Keep a form that was sent to this address; whether it is kept in its sender's account.

    Only one that proves by its token that it was made for the session whose cookie came along, and
    only while that session is remembered.
    """
    secret, values = cookie(request.scope, COOKIE), sent.values
    if not form_is_of_session({FORM_TOKEN: form_token(secret)}, values.text(FORM_TOKEN)):
        return False
    owner, draft = context.accounts.sessions.owner(secret), values.text("draft")
    if not owner or not is_form_id(draft):
        return False
    place = _place(context.pages.reader(request), where, owner, draft)
    if place is None:
        return False
    drafts = FormDrafts(context.placet.pending.store, context.pages.now)
    kept, _proof = reauthentication.without_proof(values)
    return not drafts.keep(place, kept.texts, {})


def _place(reader: RequestContext, where: str, owner: str, draft: str) -> InterruptedPlace | None:
    """The place of a form by its address; None for one that is not kept."""
    found = _FORM.fullmatch(unquote(urlsplit(where).path))
    kind = _NOUNS.get(found["noun"]) if found else None
    title = _title(kind, found["kind"], found["slug"]) if found and kind else ""
    if found is None or kind is None or not title:
        return None
    organisation, slug = found["organisation"], found["slug"]
    stream = Stream(kind, found["name"] or ORGANISATION.id)
    of, choice = found["of"] or "", found["choice"] or ""
    act = urls.act(organisation, stream, slug)
    return InterruptedPlace(
        reader=reader,
        organisation=organisation,
        owner=owner,
        draft=draft,
        path=act
        if found["kind"] == "act"
        else urls.editing(organisation, stream, slug, of, choice),
        page=urls.page_of(organisation, stream),
        title=title,
    )


def _title(kind: StreamKind, form: str, slug: str) -> str:
    """The title of a form or an editing page, as a message id; empty where there is none."""
    if form == "act":
        act = acts.BY_ADDRESS.get((kind, slug))
        return act.title if act else ""
    editing = editings.BY_ADDRESS.get((kind, slug))
    return editing.title if editing else ""
