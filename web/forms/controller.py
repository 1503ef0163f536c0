"""Acting on a page: which page comes after what was sent, and execution once it is confirmed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from fastapi.responses import RedirectResponse, Response
from msgspec import structs

from domain.messages import RecordedEvent
from domain.ports.clock import ClockReading, RecordingClock
from domain.ports.errors import Unavailable
from domain.ports.spreadsheets import TableReader
from web.forms import (
    concurrent_changes,
    form_drafts,
    form_ids,
    form_pages,
    form_problems,
    posted_form,
    reauthentication,
    recorded_page,
    unseen_characters,
)
from web.forms.fields import FormErrors, Values
from web.forms.form_drafts import FormDrafts
from web.forms.form_ids import COMMAND_ID
from web.forms.form_pages import FormPages
from web.forms.form_places import FormPlace, FormPlaces
from web.forms.form_problems import FormProblem
from web.forms.posted_form import PostedForm
from web.forms.uploads import EvidenceBuffer
from web.http import urls
from web.i18n.catalogues import NAMES
from web.page_context import PageContext
from workflows.acts.request import Request as ActRequest
from workflows.application import Application


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
        return FormPlaces(self.pages, self.placet.accounts.directory.all)

    @cached_property
    def form_pages(self) -> FormPages:
        """The pages of forms."""
        return FormPages(self.pages, self.placet.accounts, self.drafts, self.clock)

    # --- Which page comes -------------------------------------------------------------------------

    def show(self, place: FormPlace, *, check: bool = False) -> Response:
        """The form as it begins or as far as it is filled in, or its check page.

        Each form has an address of its own, so that going back to it finds what was written; of
        one that was confirmed the same address leads to what was recorded. An address that does not
        say what was written about leads to the one that does, and one that says something else to
        a new form. Before a form comes what it asks first, unless the address says it; or why
        there is no form.
        """
        draft = self.drafts.get(place)
        if draft and draft.recorded:
            return recorded_page.lead(place.reader, draft.recorded, again=True)
        if draft and draft.waits:
            return _waiting(place, draft.id)
        if refusal := place.untimely:
            return self.form_pages.untimely(place, refusal)
        if draft and not place.is_about(written := Values(draft.values)):
            if not any(place.about.values()):
                where = form_pages.address(place, written, check=check)
                return RedirectResponse(where, 303)
            place, draft = replace(place, draft=""), None
        if place.form.first_fields and not draft:
            return self.form_pages.first(place)
        if not form_ids.is_form_id(place.draft):
            here = replace(place, draft=form_ids.new_form_id())
            return RedirectResponse(form_pages.address(here, Values()), 303)
        values = form_ids.identified(Values(draft.values if draft else {}))
        if draft and check:
            return self._answer(place, values, draft.faults, self.clock.read())
        problem = form_problems.LOST if check else form_problems.NONE
        return self.form_pages.form(place, values, problem)

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
        values, proof = reauthentication.without_proof(values)
        written = unseen_characters.of_fields(place.fields)
        values = form_ids.identified(unseen_characters.without(values, written))
        draft = values.text("draft")
        place = _with_first_answers(place, values)
        if not place.form.act.receipt or not values.text("confirmed"):
            values = values.resolved(place.fields)
        place = replace(place, draft=form_ids.own_or_new(draft))
        if values.text("confirmed") and not values.text("change"):
            return self._answer(place, values, faults, sent.stamp, sent=sent, proof=proof)
        return self._keep(place, values, faults, sent.stamp)

    def _keep(
        self, place: FormPlace, values: Values, faults: Mapping[str, str], stamp: ClockReading
    ) -> Response:
        """Keep the form as a draft, and lead to what comes next; where it cannot be, go on here."""
        saves, language = bool(values.text("save")), values.text("in_language")
        unkept = self.drafts.keep(place, values.texts, faults, saved=saves)
        if language in NAMES:
            place = _in_language(place, language)
        stays = bool(values.text("change") or language)
        if not unkept:
            onward = form_pages.address(place, values, check=not stays)
            return form_drafts.lead(place, onward, saved=saves)
        if saves:
            problem = FormProblem(faults={"": unkept}, status=503)
            return self.form_pages.form(place, values, problem)
        if stays:
            return self.form_pages.form(place, values, form_problems.of_faults(faults))
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
        try:
            requested = place.form.request(values)
            if faults:
                return self.form_pages.form(place, values, form_problems.of_faults(faults))
            if self._is_overtaken(place, values):
                return self.form_pages.form(place, values, form_problems.OVERTAKEN)
            if sent:
                return self._confirmed(place, sent, requested, values, proof)
            return self._check(place, requested, values, stamp)
        except form_problems.RAISED as error:
            if isinstance(error, FormErrors) and sent and (done := self._done(place, values)):
                return self._recorded(place, done[0], again=True)
            if isinstance(error, Unavailable) and sent and sent.kept:
                raise
            place = replace(place, form=replace(place.form))  # its fields as they are by now
            return self.form_pages.form(place, values, form_problems.of_raised(error, faults))

    def _is_overtaken(self, place: FormPlace, values: Values) -> bool:
        """Whether somebody else has changed what stood in this form at first. Never of responses.

        What was recorded under the form's own id is not somebody else's.
        """
        if place.form.act.receipt or not concurrent_changes.overtaken(place.fields, values):
            return False
        return not self._done(place, values)

    def _done(self, place: FormPlace, values: Values) -> Sequence[RecordedEvent]:
        """What this form recorded before; of a response it is never assumed to be the same."""
        if place.form.act.receipt:
            return ()
        return self.pages.queries.record.done(place.organisation, values.text(COMMAND_ID))

    def _check(
        self, place: FormPlace, requested: ActRequest, values: Values, stamp: ClockReading
    ) -> Response:
        """The page that says what it would do at this moment."""
        waits = self._waits(place, requested, values)
        events = self.placet.preview(
            place.organisation,
            requested.step,
            values.text(COMMAND_ID),
            stamp,
            identity=place.reader.identity,
            unconfirmed=waits,
        )
        return self.form_pages.check(place, values, events, requested, waits=waits)

    def _waits(self, place: FormPlace, requested: ActRequest, values: Values) -> bool:
        """Whether it takes a second person, who has to confirm it."""
        command_id, identity = values.text(COMMAND_ID), place.reader.identity
        return self.placet.pending.is_needed(
            place.organisation, requested.step, command_id, identity
        )

    # --- Once it is confirmed ---------------------------------------------------------------------

    def _confirmed(
        self,
        place: FormPlace,
        sent: PostedForm,
        requested: ActRequest,
        values: Values,
        proof: str,
    ) -> Response:
        """Do it, once it is proved again who sends it where that is wanted.

        What takes two persons waits for the second one instead.
        """
        accounts, waits = self.placet.accounts, self._waits(place, requested, values)
        final = place.form.act.final or waits
        wanted = reauthentication.is_required(accounts, sent, requested, final=final)
        if wanted and (lacking := reauthentication.lacking(accounts, sent, proof)):
            return self.form_pages.proof(place, values, lacking, sent.session)
        if waits and (identity := place.reader.identity):
            draft, command_id = self.drafts.begun(place), values.text(COMMAND_ID)
            self.placet.pending.prepare(
                place.organisation, requested.step, command_id, identity, draft=draft
            )
            return _waiting(place, draft.id)
        return self._do(place, requested, values, sent.stamp)

    def _do(
        self, place: FormPlace, requested: ActRequest, values: Values, stamp: ClockReading
    ) -> Response:
        """Do it, and lead to the page that says what was recorded.

        Where names are withheld a sender gets the receipt as the answer to the form itself, so
        that no address holds what opens it.
        """
        command_id = values.text(COMMAND_ID)
        answer = self.placet.execute(
            place.organisation,
            requested.step,
            command_id,
            stamp,
            self._files(place, values),
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

    def _files(self, place: FormPlace, values: Values) -> Mapping[str, bytes]:
        """The files that go with the act, by their SHA-256."""
        names = [values.text(field.name) for field in place.fields if field.kind == "file"]
        files = {name: file for name in names if name and (file := self.evidence.get(name))}
        return {**files, **place.files}

    def _recorded(self, place: FormPlace, first: RecordedEvent, *, again: bool) -> Response:
        """Lead to the page that says what was recorded, now or when the form was sent before.

        What was sent once is recorded, also where the form would not offer it any more.
        """
        path = urls.recorded(place.organisation, first.stream, first.position)
        self.drafts.record(place, path)
        return recorded_page.lead(place.reader, path, again=again)


def _waiting(place: FormPlace, draft: str) -> Response:
    """Lead to the page of what waits for the second of two persons."""
    return RedirectResponse(place.reader.link(urls.waiting(place.organisation, draft)), 303)


def _with_first_answers(place: FormPlace, values: Values) -> FormPlace:
    """The form as it begins for what it was asked first, which was sent along with the rest."""
    act = place.form.act
    first = {name: values.text(name) for name in act.fields_in_address}
    if not any(first.values()):
        return place
    shown = structs.replace(place.form.shown, chosen=first)
    return replace(place, form=replace(place.form, shown=shown))


def _in_language(place: FormPlace, language: str) -> FormPlace:
    """The same place for a reader who asks for another language."""
    reader = place.reader.in_language(language)
    form = replace(place.form, say=reader.catalogue.texts.gettext, language=language)
    return replace(place, reader=reader, form=form)
