"""Acting on a page: the form, the check page that says what it will do, and the execution."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final
from uuid import uuid4

from fastapi.responses import HTMLResponse, RedirectResponse, Response
from msgspec import structs

from domain.instants import UnclearTime
from domain.messages import RecordedEvent
from domain.ports.accounts import LoginSession
from domain.ports.clock import ClockReading, RecordingClock
from domain.ports.drafts import TooManyDrafts
from domain.ports.errors import TooLarge, Unavailable
from domain.ports.tables import TableReader
from domain.rules import Refused
from domain.silence.events import SilenceOpened
from web.forms import (
    check_remarks,
    concurrent_changes,
    form_drafts,
    posted_form,
    proof_of_person,
    recorded_page,
)
from web.forms.fields import FormErrors, Values
from web.forms.form_drafts import FormDrafts
from web.forms.form_places import FormPlace, FormPlaces
from web.forms.posted_form import PostedForm
from web.forms.uploads import EvidenceBuffer
from web.http import urls
from web.http.context import language_headers
from web.i18n import catalogues
from web.i18n.catalogues import NAMES
from web.i18n.labels import N_
from web.page_context import PageContext
from web.presenters import history
from web.presenters.history import NarratedEvent
from workflows.acts import preview
from workflows.acts.request import Request as ActRequest
from workflows.application import Application
from workflows.history import narration

TOO_LONG: Final = N_("This is too long to be kept as one event. Please shorten your texts.")
TOO_MANY_WAIT: Final = N_(
    "Too much of what you prepared waits for another person. Please take some of it back first."
)
NOT_KEPT: Final = N_("What was written here is not kept any more. Please fill in the form again.")


@dataclass(frozen=True)
class FormController:
    """Shows forms, says what they would do, and does it."""

    placet: Application
    pages: PageContext
    evidence: EvidenceBuffer
    clock: RecordingClock
    read_table: TableReader

    @cached_property
    def drafts(self) -> FormDrafts:
        """The forms in progress."""
        return FormDrafts(self.placet.pending.store, self.pages.now)

    @cached_property
    def places(self) -> FormPlaces:
        """Where forms stand."""
        return FormPlaces(self.pages)

    # --- Form, check page, execution --------------------------------------------------------------

    def show(self, place: FormPlace, *, check: bool = False) -> Response:
        """The form as it begins or as far as it is filled in, or its check page.

        Each form has an address of its own, so that going back to it finds what was written; of
        one that was confirmed the same address leads to what was recorded. Before a form comes
        what it asks first, unless the address says it; or why there is no form.
        """
        draft = self.drafts.get(place)
        if draft and draft.recorded:
            return recorded_page.lead(place.reader, draft.recorded, again=True)
        if draft and draft.waits:
            return self._waiting(place, draft.id)
        if refusal := place.untimely:
            return self._page("untimely.html", place, Values(), "", 409, refusal=refusal)
        if place.form.first_fields and not draft:
            return self._page("form_first.html", place, Values(), "")
        if not form_drafts.ID.fullmatch(place.draft):
            here = replace(place, draft=str(uuid4()))
            return RedirectResponse(self._address(here, Values()), 303)
        if draft is None:
            lost = {"": NOT_KEPT} if check else {}
            return self._form(place, Values(), str(uuid4()), lost, status=410 if check else 200)
        values = Values(draft.values)
        if not check:
            return self._form(place, values, _command_id(values))
        return self._answer(place, values, draft.faults, self.clock.read())

    def send(self, place: FormPlace, sent: PostedForm) -> Response:
        """The check page, or the execution once that is confirmed; the form again if it cannot be.

        Whatever is not confirmed is kept as a draft, and its answer has an address. Raises
        Unavailable for a response that the intake has kept, and will decide later.
        """
        answer = self._send(place, sent)
        if sent.kept:
            self.placet.processes.intake.finish(sent.kept)
        return answer

    def _send(self, place: FormPlace, sent: PostedForm) -> Response:
        """The answer to what was sent."""
        values, faults = posted_form.hold_evidence(sent, self.evidence)
        values, proof = proof_of_person.taken_out(values)
        values = Values({**values.texts, "command_id": [_command_id(values)]})
        draft = values.text("draft")
        place = _with_first_answers(place, values)
        place = replace(place, draft=draft if form_drafts.ID.fullmatch(draft) else str(uuid4()))
        if values.text("confirmed") and not values.text("change"):
            return self._answer(place, values, faults, sent.stamp, sent=sent, proof=proof)
        return self._keep(place, values, faults, sent.stamp)

    def _keep(
        self, place: FormPlace, values: Values, faults: Mapping[str, str], stamp: ClockReading
    ) -> Response:
        """Keep the form as a draft, and lead to what comes next; where it cannot be, go on here."""
        saves, language = bool(values.text("save")), values.text("in_language")
        unkept = self.drafts.keep(place, values, faults, saved=saves)
        if language in NAMES:
            place = _in_language(place, language)
        if saves and not unkept:
            page = urls.drafts(place.organisation)
            return RedirectResponse(place.reader.link(page), 303)
        stays = bool(values.text("change") or language)
        if not unkept:
            return RedirectResponse(self._address(place, values, check=not stays), 303)
        command_id = _command_id(values)
        if saves:
            return self._form(place, values, command_id, {"": unkept}, status=503)
        if stays:
            return self._form(place, values, command_id, faults)
        return self._answer(place, values, faults, stamp)

    def _answer(
        self,
        place: FormPlace,
        values: Values,
        faults: Mapping[str, str],
        stamp: ClockReading,
        *,
        sent: PostedForm | None = None,
        proof: str = "",
    ) -> Response:
        """The check page of a form, or what became of it once `sent` to confirm; else why not.

        Raises Unavailable for a response that the intake has kept.
        """
        command_id = _command_id(values)
        try:
            requested = place.form.request(values)
            if faults:
                return self._form(place, values, command_id, faults)
            if self._is_overtaken(place, values):
                return self._form(place, values, command_id, status=409)
            step, identity = requested.step, place.reader.identity
            waits = self.placet.pending.is_needed(place.organisation, step, command_id, identity)
            if sent:
                return self._confirmed(
                    place, sent, requested, values, command_id=command_id, proof=proof, waits=waits
                )
            events = self.placet.preview(
                place.organisation, step, command_id, stamp, identity=identity, unconfirmed=waits
            )
            return self._check(place, values, command_id, events, requested, waits=waits)
        except FormErrors as errors:
            if sent and (done := self._done(place, command_id)):
                return self._recorded(place, done[0], again=True)
            return self._form(place, values, command_id, {**errors.faults, **faults})
        except UnclearTime as error:
            return self._form(place, values, command_id, {"": str(error)})
        except Refused as refusal:
            if refusal.rule == "role-granted":
                raise
            unused_id = str(uuid4()) if refusal.rule == "command-id-once" else command_id
            status = 429 if refusal.rule == "responses-bounded" else 409
            return self._form(place, values, unused_id, refusal=refusal, status=status)
        except (TooLarge, TooManyDrafts) as full:
            why, status = (TOO_LONG, 413) if isinstance(full, TooLarge) else (TOO_MANY_WAIT, 409)
            return self._form(place, values, command_id, {"": why}, status=status)
        except Unavailable as failure:
            if sent and sent.kept:
                raise
            return self._form(place, values, command_id, failure=failure, status=503)

    def _is_overtaken(self, place: FormPlace, values: Values) -> bool:
        """Whether somebody else has changed what stood in this form at first. Never of responses.

        What was recorded under the form's own id is not somebody else's.
        """
        if place.form.act.receipt or not concurrent_changes.overtaken(place.fields, values):
            return False
        return not self._done(place, _command_id(values))

    def _confirmed(
        self,
        place: FormPlace,
        sent: PostedForm,
        requested: ActRequest,
        values: Values,
        *,
        command_id: str,
        proof: str,
        waits: bool,
    ) -> Response:
        """Do it, once it is proved again who sends it where that is wanted.

        What takes two persons waits for the second one instead.
        """
        wanted = proof_of_person.is_wanted(
            self.placet.accounts, sent, requested, final=place.form.act.final or waits
        )
        if wanted and (lacking := proof_of_person.lacking(self.placet.accounts, sent, proof)):
            return self._prove(place, values, command_id, lacking, session=sent.session)
        if waits and (identity := place.reader.identity):
            draft = self.drafts.begun(place)
            self.placet.pending.prepare(
                place.organisation, requested.step, command_id, identity, draft=draft
            )
            return self._waiting(place, draft.id)
        return self._do(place, requested, values, command_id, sent.stamp)

    @staticmethod
    def _waiting(place: FormPlace, draft: str) -> Response:
        """Lead to the page of what waits for the second of two persons."""
        path = urls.waiting(place.organisation, draft)
        return RedirectResponse(place.reader.link(path), 303)

    def _prove(
        self,
        place: FormPlace,
        values: Values,
        command_id: str,
        lacking: Refused,
        *,
        session: LoginSession | None,
    ) -> Response:
        """The page that asks for it, with all that was confirmed."""
        more = proof_of_person.page_values(
            self.placet.accounts, values, lacking, place.reader, session
        )
        status = 422 if more["problem"] else 200
        return self._page("log_in_again.html", place, values, command_id, status, **more)

    def _done(self, place: FormPlace, command_id: str) -> Sequence[RecordedEvent]:
        """What this form recorded before; of a response it is never assumed to be the same."""
        if place.form.act.receipt:
            return ()
        return self.pages.queries.record.done(place.organisation, command_id)

    def _do(
        self,
        place: FormPlace,
        requested: ActRequest,
        values: Values,
        command_id: str,
        stamp: ClockReading,
    ) -> Response:
        """Do it, and lead to the page that says what was recorded.

        Where names are withheld a sender gets the receipt as the answer to the form itself, so
        that no address holds what opens it.
        """
        names = [values.text(field.name) for field in place.fields if field.kind == "file"]
        files = {name: file for name in names if name and (file := self.evidence.get(name))}
        files |= place.files
        answer = self.placet.execute(
            place.organisation,
            requested.step,
            command_id,
            stamp,
            files,
            identity=place.reader.identity,
        )
        first = answer.events[0]
        if place.recorded:
            place.recorded(first)
        if own_receipt := recorded_page.own_receipt_of(self.pages, answer.events, command_id):
            self.drafts.record(place, place.subject.page)
            return recorded_page.page(
                self.pages,
                place.reader,
                place.organisation,
                first.stream,
                first.position,
                again=answer.repeated,
                own_receipt=own_receipt,
            )
        return self._recorded(place, first, again=answer.repeated)

    def _recorded(self, place: FormPlace, first: RecordedEvent, *, again: bool) -> Response:
        """Lead to the page that says what was recorded, now or when the form was sent before.

        What was sent once is recorded, also where the form would not offer it any more.
        """
        path = urls.recorded(place.organisation, first.stream, first.position)
        self.drafts.record(place, path)
        return recorded_page.lead(place.reader, path, again=again)

    # --- Pages ------------------------------------------------------------------------------------

    def _form(
        self,
        place: FormPlace,
        values: Values,
        command_id: str,
        faults: Mapping[str, str] | None = None,
        *,
        refusal: Refused | None = None,
        failure: Unavailable | None = None,
        status: int = 0,
    ) -> Response:
        status = status or (422 if faults else 200)
        theirs = () if place.form.act.receipt else self._changes(place, values)
        outcome: dict[str, Any] = {
            "faults": faults or {},
            "refusal": refusal,
            "failure": failure,
            "changes": theirs,
            "overtaken": concurrent_changes.overtaken(place.fields, values) if theirs else (),
            "saved": self.drafts.saved_here(place),
        }
        return self._page("form.html", place, values, command_id, status, **outcome)

    def _check(
        self,
        place: FormPlace,
        values: Values,
        command_id: str,
        events: tuple[RecordedEvent, ...],
        requested: ActRequest,
        *,
        waits: bool,
    ) -> Response:
        """The page that repeats everything and says in words what it will do.

        Of an act that then `waits` for another person it says so.
        """
        who = place.reader
        say = who.catalogue.texts.gettext
        names = self.pages.names(place.organisation, events, who)
        cautions = self.pages.queries.events.cautions(place.organisation, events)
        deadlines = [getattr(event.fact, "deadline", None) for event in events]
        return self._page(
            "check.html",
            place,
            values,
            command_id,
            effects=preview.effects(
                place.form.act, events, place.subject.state, say, who.language, names
            ),
            received=requested.circumstances.received,
            waits=waits,
            changes=() if place.form.act.receipt else self._changes(place, values),
            cautions=[
                *(narration.caution_sentence(caution, say) for caution in cautions),
                *check_remarks.remarks(
                    self.pages.queries,
                    place.organisation,
                    events,
                    requested.circumstances.waivers,
                    say,
                ),
            ],
            computed=next((deadline for deadline in deadlines if deadline), None),
            opened=next(
                (event.fact for event in events if isinstance(event.fact, SilenceOpened)), None
            ),
        )

    def _changes(self, place: FormPlace, values: Values) -> Sequence[NarratedEvent]:
        """What was recorded of the noun since the form was made, told to who fills it in."""
        found = concurrent_changes.since(self.pages.queries.record, place, values)
        return history.with_sentences(
            found, place.reader, self.pages.names(place.organisation, found, place.reader)
        )

    def _address(self, place: FormPlace, values: Values, *, check: bool = False) -> str:
        """The address of a form in progress, or of its check page."""
        here = place.reader.link(place.path)
        return urls.with_query(here, _kept(place, values, check=check))

    def _page(
        self,
        template: str,
        place: FormPlace,
        values: Values,
        command_id: str,
        status: int = 200,
        **details: object,
    ) -> Response:
        now = self.clock.read().at
        page = self.pages.templates.page(
            template,
            replace(
                place.reader,
                now=now,
                kept_here=_kept(place, values, check=template == "check.html"),
            ),
            place=place,
            values=values,
            command_id=command_id,
            seen=concurrent_changes.version(self.pages.queries.record, place),
            beginnings=concurrent_changes.beginnings(place.fields),
            change=self._address(place, values),
            subject=place.subject,
            ends=place.subject.ends,
            zone=place.subject.zone,
            **details,
        )
        return HTMLResponse(page, status, headers=language_headers(place.reader))


def _command_id(values: Values) -> str:
    """The id under which a form is done once: its own, or a new one if it has none."""
    found = values.text("command_id")
    return found if recorded_page.UUID.fullmatch(found) else str(uuid4())


def _kept(place: FormPlace, values: Values, *, check: bool = False) -> dict[str, str]:
    """What the address of a form in progress says beside its path and language."""
    chosen = getattr(place.form.shown, "chosen", {})
    act = place.form.act
    first = {
        name: values.text(name) or chosen.get(name, "")
        for name in (*act.first_fields, *act.from_address)
    }
    own = {"draft": place.draft, "check": "yes" if check else ""}
    return {name: text for name, text in {**first, **own}.items() if text}


def _with_first_answers(place: FormPlace, values: Values) -> FormPlace:
    """The form as it begins for what it was asked first, which was sent along with the rest."""
    act = place.form.act
    first = {name: values.text(name) for name in (*act.first_fields, *act.from_address)}
    if not any(first.values()):
        return place
    shown = structs.replace(place.form.shown, chosen=first)
    return replace(place, form=replace(place.form, shown=shown))


def _in_language(place: FormPlace, language: str) -> FormPlace:
    """The same place for a reader who asks for another language."""
    catalogue = catalogues.load_catalogue(language)
    reader = replace(place.reader, catalogue=catalogue, requested_language=language)
    form = replace(place.form, say=catalogue.texts.gettext, language=language)
    return replace(place, reader=reader, form=form)
