"""The page of an act that waits for the second of two persons, and what becomes of it there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from domain.access.roles import Identity
from domain.messages import RecordedEvent
from domain.ports.accounts import LoginSession
from domain.ports.drafts import Draft
from domain.rules import Refused, require
from domain.streams import Stream
from web.forms import account_refusal_texts, form_places, reauthentication, recorded_page
from web.forms.controller import FormController
from web.forms.fields import Values
from web.forms.form_places import FormPlace
from web.forms.posted_form import PostedForm
from web.http import account_urls, urls
from web.http.context import RequestContext, language_headers
from workflows.acts.pending import PendingActs


def page(acting: FormController, request: Request, organisation: str, draft_id: str) -> Response:
    """The check page of what waits, made again; it leads to what was recorded once it was.

    Raises Refused where nothing waits, and for who may not do the act.
    """
    waiting = _find(acting, request, organisation, draft_id)
    if waiting.draft.recorded or waiting.pending.done(waiting.draft):
        return waiting.recorded()
    return waiting.page()


def settle(
    acting: FormController,
    request: Request,
    organisation: str,
    draft_id: str,
    sent: PostedForm,
) -> Response:
    """Confirm what waits, decline it or take it back, as was sent."""
    waiting = _find(acting, request, organisation, draft_id)
    return waiting.recorded() if waiting.draft.recorded else waiting.settle(sent)


def _find(acting: FormController, request: Request, organisation: str, draft_id: str) -> _Waiting:
    """What waits under an id. Raises Refused where nothing does, and for who may not do it."""
    reader = acting.places.reader(request)
    require("known", reader.identity, "nothing waits for a second person where nobody logs in")
    assert reader.identity is not None  # noqa: S101 (required above; mypy cannot know)
    draft = acting.placet.pending.find(organisation, draft_id, reader.identity)
    return _Waiting(acting, request, reader, reader.identity, draft)


@dataclass(frozen=True)
class _Waiting:
    """An act that waits, and who looks at it: who prepared it, or who may confirm it."""

    acting: FormController
    request: Request
    reader: RequestContext
    identity: Identity
    draft: Draft

    @property
    def pending(self) -> PendingActs:
        return self.acting.placet.pending

    @property
    def is_own(self) -> bool:
        return self.draft.owner == self.identity.principal

    @property
    def session(self) -> LoginSession | None:
        """The session of the reader; None for a token."""
        return getattr(self.request.state, "session", None)

    @property
    def is_proved(self) -> bool:
        """Whether it was proved just before who this is. A token proves it each time."""
        sessions = self.acting.placet.accounts.sessions
        return self.session is None or sessions.is_fresh(self.identity)

    # --- What becomes of it -----------------------------------------------------------------------

    def settle(self, sent: PostedForm) -> Response:
        """Confirm, decline or take back, as was sent; the page again where that cannot be."""
        values, proof = reauthentication.without_proof(sent.values)
        order, reason = values.text("do"), values.text("reason")
        where = (self.draft.organisation, self.draft.id, self.identity)
        try:
            if order == "take back":
                self.pending.take_back(*where)
            elif order == "decline":
                self.pending.decline(*where, reason)
            else:
                known = order == "confirm"
                require("two-persons", known, "this page confirms, declines or takes back")
                return self._confirm(sent, proof)
        except Refused as refusal:
            if refusal.rule in {"role-granted", "known"}:
                raise
            return self.page(refusal=refusal, reason=reason)
        return RedirectResponse(self.reader.link(self.draft.page), 303)

    def _confirm(self, sent: PostedForm, proof: str) -> Response:
        """Do it now, and lead to the page that says what was recorded; first comes a proof."""
        draft, accounts = self.draft, self.acting.placet.accounts
        if not self.is_proved and (lacking := reauthentication.lacking(accounts, sent, proof)):
            return self.page(lacking=lacking)
        answer = self.pending.confirm(draft.organisation, draft.id, self.identity, sent.stamp)
        path = self._recorded_path(answer.events[0])
        self.pending.record(draft.id, path)
        return recorded_page.lead(self.reader, path, again=answer.repeated)

    def recorded(self) -> Response:
        """Lead to the page that says what was recorded before."""
        path = self.draft.recorded or self._recorded_path(self.pending.done(self.draft)[0])
        return recorded_page.lead(self.reader, path, again=True)

    def _recorded_path(self, first: RecordedEvent) -> str:
        return urls.recorded(self.draft.organisation, first.stream, first.position)

    # --- Its page ---------------------------------------------------------------------------------

    def page(
        self,
        *,
        refusal: Refused | None = None,
        lacking: Refused | None = None,
        reason: str = "",
    ) -> Response:
        """What waits, what it would do now, and what was recorded since it was prepared."""
        place = form_places.permitted(self._place())
        subject = place.subject
        events, refused = self._preview()
        refusal = refusal or refused
        made = self.acting.pages.templates.page(
            "waiting.html",
            self.reader,
            place=place,
            subject=subject,
            ends=subject.ends,
            zone=subject.zone,
            values=_values(place, self.pending.step(self.draft).command),
            possible=bool(events),
            refusal=refusal,
            reason=reason,
            **self._of_act(place, events),
            **self._of_proof(lacking),
        )
        status = 422 if lacking else 409 if refusal else 200
        return HTMLResponse(made, status, headers=language_headers(self.reader))

    def _place(self) -> FormPlace:
        """Its form."""
        draft = self.draft
        assert draft.waits is not None  # noqa: S101 (such drafts are found only; mypy cannot know)
        stream, slug = Stream.parse(draft.waits.stream), self.pending.act(draft).slug
        return self.acting.places.of_noun(
            stream.kind, self.request, organisation=draft.organisation, name=stream.id, slug=slug
        )

    @property
    def _declined(self) -> str:
        """Why somebody has declined it; empty where nobody has."""
        return self.draft.waits.declined if self.draft.waits else ""

    def _preview(self) -> tuple[Sequence[RecordedEvent], Refused | None]:
        """What it would cause now, or why it would be refused; nothing of what was declined."""
        if self._declined:
            return (), None
        try:
            if self.is_own:
                return self.pending.as_prepared(self.draft), None
            return self.pending.previewed(self.draft, self.identity), None
        except Refused as refused:
            return (), refused

    def _of_act(self, place: FormPlace, events: Sequence[RecordedEvent]) -> Mapping[str, object]:
        """What the page tells of the act."""
        pages, draft, act = self.acting.pages, self.draft, place.form.act
        where, reader = draft.organisation, self.reader
        return {
            "draft": draft,
            "own": self.is_own,
            "declined": self._declined,
            "effects": pages.effects(where, act, events, place.subject.state, reader),
            "changes": pages.narrated(where, self.pending.changes(draft), reader),
        }

    def _of_proof(self, lacking: Refused | None) -> Mapping[str, object]:
        """What the page says of the proof that it asks for."""
        return {
            "proved": self.is_proved,
            "problem": account_refusal_texts.text(lacking, self.reader) if lacking else "",
            "issuer_of_session": self.acting.placet.accounts.issuer_of(self.session),
            "account_urls": account_urls,
        }


def _values(place: FormPlace, command: object) -> Values:
    """What stands in a command, as the fields of its form would hold it."""
    texts = {}
    for parameter in place.form.act.parameters:
        if not parameter.path.startswith("order."):
            value = attrgetter(parameter.path)(command)
            text = ("no", "yes")[value] if isinstance(value, bool) else str(value)
            texts[parameter.field] = [text]
    return Values(texts)
