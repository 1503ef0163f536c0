"""The pages of a form: what comes before it, the form itself, its check page, and a proof."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from fastapi.responses import HTMLResponse, Response

from domain.messages import RecordedEvent
from domain.ports.accounts import LoginSession
from domain.ports.clock import RecordingClock
from domain.rules import Refused
from domain.silence.events import SilenceOpened
from domain.streams import Stream
from web.forms import (
    check_remarks,
    concurrent_changes,
    form_drafts,
    form_problems,
    reauthentication,
    unseen_characters,
)
from web.forms.fields import Values
from web.forms.form_drafts import FormDrafts
from web.forms.form_ids import COMMAND_ID, identified
from web.forms.form_places import FormPlace
from web.forms.form_problems import FormProblem
from web.http import urls
from web.http.context import language_headers
from web.page_context import PageContext
from web.presenters.erasable_texts import ErasableEvent, erasable_texts
from web.presenters.history import NarratedEvent
from workflows.accounts.service import AccountService
from workflows.acts.request import Request as ActRequest
from workflows.history import narration


def address(place: FormPlace, values: Values, *, check: bool = False) -> str:
    """The address of a form in progress, or of its check page."""
    return urls.with_query(place.reader.link(place.path), _kept(place, values, check=check))


def erasable(pages: PageContext, place: FormPlace, values: Values) -> Sequence[ErasableEvent]:
    """The texts that a form erases, with their events; nothing where it erases none."""
    version = place.erased_version(values)
    if not version:
        return ()
    stream = Stream(place.subject.kind, place.subject.id)
    events = pages.queries.events.erasable(place.organisation, stream, version)
    return erasable_texts(pages.narrated(place.organisation, events, place.reader))


@dataclass(frozen=True)
class FormPages:
    """Makes the pages of forms. Values that it is given are `form_ids.identified`."""

    pages: PageContext
    accounts: AccountService
    drafts: FormDrafts
    clock: RecordingClock

    def untimely(self, place: FormPlace, refusal: Refused) -> Response:
        """Why there is no form."""
        return self._page("untimely.html", place, Values(), 409, refusal=refusal)

    def first(self, place: FormPlace) -> Response:
        """What a form asks before it begins."""
        return self._page("form_first.html", place, Values())

    def form(
        self, place: FormPlace, values: Values, problem: FormProblem = form_problems.NONE
    ) -> Response:
        """The form as far as it is filled in, with what keeps it from being done."""
        theirs = self._changes(place, values)
        refusal = problem.refusal
        if refusal and refusal.rule == "command-id-once":
            values = identified(values, again=True)
        return self._page(
            "form.html",
            place,
            values,
            problem.status,
            faults=problem.faults,
            refusal=refusal,
            failure=problem.failure,
            changes=theirs,
            overtaken=concurrent_changes.overtaken(place.fields, values) if theirs else (),
            in_progress=[
                draft
                for draft in self.drafts.listed_here(place)
                if place.continues(Values(draft.values))
            ],
        )

    def check(
        self,
        place: FormPlace,
        values: Values,
        events: tuple[RecordedEvent, ...],
        requested: ActRequest,
        *,
        waits: bool,
    ) -> Response:
        """The page that repeats everything and says in words what it will do.

        Of an act that then `waits` for another person it says so.
        """
        queries, say = self.pages.queries, place.reader.catalogue.texts.gettext
        cautions = queries.events.cautions(place.organisation, events)
        waivers = requested.circumstances.waivers
        deadlines = [getattr(event.fact, "deadline", None) for event in events]
        facts = (event.fact for event in events)
        opened = next((fact for fact in facts if isinstance(fact, SilenceOpened)), None)
        return self._page(
            "check.html",
            place,
            values,
            effects=self.pages.effects(
                place.organisation, place.form.act, events, place.subject.state, place.reader
            ),
            received=requested.circumstances.received,
            waits=waits,
            changes=self._changes(place, values),
            cautions=[
                *(narration.caution_sentence(caution, say) for caution in cautions),
                *check_remarks.remarks(queries, place.organisation, events, waivers, say),
            ],
            computed=next((deadline for deadline in deadlines if deadline), None),
            opened=opened,
            frozen=queries.windows.items_to_freeze(place.organisation, opened) if opened else None,
        )

    def proof(
        self, place: FormPlace, values: Values, lacking: Refused, session: LoginSession | None
    ) -> Response:
        """The page that asks again who sends this, with all that was confirmed."""
        more = reauthentication.page_values(self.accounts, values, lacking, place.reader, session)
        status = 422 if more["problem"] else 200
        return self._page("log_in_again.html", place, values, status, **more)

    def _changes(self, place: FormPlace, values: Values) -> Sequence[NarratedEvent]:
        """What was recorded of the noun since the form was made, told to who fills it in.

        Responses are not told of it.
        """
        if place.form.act.receipt:
            return ()
        found = concurrent_changes.since(self.pages.queries.record, place, values)
        return self.pages.narrated(place.organisation, found, place.reader)

    def _page(
        self,
        template: str,
        place: FormPlace,
        values: Values,
        status: int = 200,
        **details: object,
    ) -> Response:
        kept = _kept(place, values, check=template == "check.html")
        page = self.pages.templates.page(
            template,
            replace(place.reader, now=self.clock.read().at, kept_here=kept),
            place=place,
            values=values,
            command_id=values.text(COMMAND_ID),
            seen=concurrent_changes.version(self.pages.queries.record, place),
            beginnings=concurrent_changes.beginnings(place.fields),
            subject=place.subject,
            erasable=erasable(self.pages, place, values),
            ends=place.subject.ends,
            zone=place.subject.zone,
            taken_out=unseen_characters.taken_out(values, place.fields),
            unsigned=place.form.act.receipt and not self.pages.receipts.is_signed(place.reader.now),
            **details,
        )
        return HTMLResponse(page, status, headers=language_headers(place.reader))


def _kept(place: FormPlace, values: Values, *, check: bool = False) -> dict[str, str]:
    """What the address of a form in progress says beside its path and language."""
    chosen = getattr(place.form.shown, "chosen", {})
    act = place.form.act
    first = {name: values.text(name) or chosen.get(name, "") for name in act.fields_in_address}
    own = form_drafts.query(place.draft, check=check)
    return {name: text for name, text in {**first, **own}.items() if text}
