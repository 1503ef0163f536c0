"""The page of an act that waits for the second of two persons, and what becomes of it there."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from domain.access.roles import Identity
from domain.messages import RecordedEvent
from domain.ports.clock import ClockReading
from domain.ports.drafts import Draft
from domain.rules import Refused, require
from domain.streams import Stream
from web.forms import account_refusals, form_places, proof_of_person, recorded_page
from web.forms.controller import FormController
from web.forms.fields import Values
from web.forms.form_places import FormPlace
from web.forms.posted_form import PostedForm
from web.http import account_urls, urls
from web.http.context import RequestContext, language_headers
from web.presenters import history
from workflows.acts import preview

TOKEN = "token"  # noqa: S105 (how somebody is known who has no session, not a secret)


def page(acting: FormController, request: Request, organisation: str, draft_id: str) -> Response:
    """The check page of what waits, made again; it leads to what was recorded once it was.

    Raises Refused where nothing waits, and for who may not do the act.
    """
    reader = acting.places.reader(request)
    draft = acting.placet.pending.find(organisation, draft_id, _identity(reader))
    if draft.recorded or acting.placet.pending.done(draft):
        return _recorded(acting, reader, draft)
    return _page(acting, request, reader, draft)


def settle(
    acting: FormController,
    request: Request,
    organisation: str,
    draft_id: str,
    sent: PostedForm,
) -> Response:
    """Confirm what waits, decline it or take it back, as was sent."""
    reader, pending = acting.places.reader(request), acting.placet.pending
    identity = _identity(reader)
    draft = pending.find(organisation, draft_id, identity)
    if draft.recorded:
        return _recorded(acting, reader, draft)
    values, proof = proof_of_person.taken_out(sent.values)
    order, reason = values.text("do"), values.text("reason")
    try:
        if order == "take back":
            pending.take_back(organisation, draft_id, identity)
        elif order == "decline":
            pending.decline(organisation, draft_id, identity, reason)
        else:
            require("two-persons", order == "confirm", "this page confirms, declines or takes back")
            proved = not sent.session or acting.placet.accounts.sessions.is_fresh(identity)
            if not proved and (
                lacking := proof_of_person.lacking(acting.placet.accounts, sent, proof)
            ):
                return _page(acting, request, reader, draft, lacking=lacking)
            return _confirm(acting, reader, draft, identity, sent.stamp)
    except Refused as refusal:
        if refusal.rule in {"role-granted", "known"}:
            raise
        return _page(acting, request, reader, draft, refusal=refusal, reason=reason)
    return RedirectResponse(reader.link(draft.page), 303)


def _confirm(
    acting: FormController,
    reader: RequestContext,
    draft: Draft,
    identity: Identity,
    stamp: ClockReading,
) -> Response:
    """Do it now, and lead to the page that says what was recorded."""
    pending = acting.placet.pending
    answer = pending.confirm(draft.organisation, draft.id, identity, stamp)
    first = answer.events[0]
    path = urls.recorded(draft.organisation, first.stream, first.position)
    pending.record(draft.id, path)
    return recorded_page.lead(reader, path, again=answer.repeated)


def _recorded(acting: FormController, reader: RequestContext, draft: Draft) -> Response:
    """Lead to the page that says what was recorded before."""
    path = draft.recorded
    if not path:
        first = acting.placet.pending.done(draft)[0]
        path = urls.recorded(draft.organisation, first.stream, first.position)
    return recorded_page.lead(reader, path, again=True)


def _identity(reader: RequestContext) -> Identity:
    """Who confirms: somebody who has logged in."""
    require("known", reader.identity, "nothing waits for a second person where nobody logs in")
    assert reader.identity is not None  # noqa: S101 (required above; mypy cannot know)
    return reader.identity


def _page(
    acting: FormController,
    request: Request,
    reader: RequestContext,
    draft: Draft,
    *,
    refusal: Refused | None = None,
    lacking: Refused | None = None,
    reason: str = "",
) -> Response:
    """What waits, what it would do now, and what was recorded since it was prepared."""
    pending, identity = acting.placet.pending, _identity(reader)
    place = form_places.permitted(_place(acting, request, draft))
    own = draft.owner == identity.principal
    declined = draft.waits.declined if draft.waits else ""
    events: Sequence[RecordedEvent] = ()
    try:
        if not declined:
            events = pending.as_prepared(draft) if own else pending.previewed(draft, identity)
    except Refused as refused:
        refusal = refusal or refused
    names = acting.pages.names(draft.organisation, events, reader)
    changes = pending.changes(draft)
    session = getattr(request.state, "session", None)
    proved = session is None or acting.placet.accounts.sessions.is_fresh(identity)
    details: dict[str, Any] = {
        "draft": draft,
        "own": own,
        "declined": declined,
        "place": place,
        "subject": place.subject,
        "values": _values(place, pending.step(draft).command),
        "effects": preview.effects(
            place.form.act,
            events,
            place.subject.state,
            reader.catalogue.texts.gettext,
            reader.language,
            names,
        ),
        "possible": bool(events),
        "refusal": refusal,
        "problem": account_refusals.text(lacking, reader) if lacking else "",
        "proved": proved,
        "issuer_of_session": acting.placet.accounts.issuer_of(session),
        "account_urls": account_urls,
        "reason": reason,
        "changes": history.with_sentences(
            changes, reader, acting.pages.names(draft.organisation, changes, reader)
        ),
        "ends": place.subject.ends,
        "zone": place.subject.zone,
    }
    made = acting.pages.templates.page("waiting.html", reader, **details)
    status = 422 if lacking else 409 if refusal else 200
    return HTMLResponse(made, status, headers=language_headers(reader))


def _place(acting: FormController, request: Request, draft: Draft) -> FormPlace:
    """The form of what waits."""
    assert draft.waits is not None  # noqa: S101 (such drafts are found only; mypy cannot know)
    stream = Stream.parse(draft.waits.stream)
    slug = acting.placet.pending.act(draft).slug
    return acting.places.of_noun(
        stream.kind, request, organisation=draft.organisation, name=stream.id, slug=slug
    )


def _values(place: FormPlace, command: object) -> Values:
    """What stands in a command, as the fields of its form would hold it."""
    texts = {}
    for parameter in place.form.act.parameters:
        if not parameter.path.startswith("order."):
            value = attrgetter(parameter.path)(command)
            text = ("no", "yes")[value] if isinstance(value, bool) else str(value)
            texts[parameter.field] = [text]
    return Values(texts)
