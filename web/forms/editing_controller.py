"""Editing: which page comes after what was sent, and one append of all once it is confirmed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from http import HTTPStatus
from typing import Any, Final

from fastapi.responses import RedirectResponse, Response

from domain.cases import Step
from domain.messages import RecordedEvent
from domain.ports.clock import ClockReading
from domain.ports.drafts import Draft
from domain.ports.errors import TooLarge, Unavailable
from domain.rules import ActsRefused, Refused
from web.forms import (
    editing_pages,
    form_drafts,
    form_ids,
    form_problems,
    list_changes,
    reauthentication,
    recorded_page,
    submitted_list,
)
from web.forms.controller import FormController
from web.forms.editing_pages import EditingPages
from web.forms.editing_places import EditingPlace, EditingPlaces
from web.forms.fields import Values
from web.forms.form_drafts import FormDrafts
from web.forms.posted_form import PostedForm
from web.forms.submitted_list import Sent
from web.http import urls
from web.i18n.catalogues import NAMES
from web.i18n.labels import N_
from workflows.acts.request import Request as ActRequest
from workflows.acts.stated_circumstances import Circumstances
from workflows.editing.editing import Editing, waivers
from workflows.editing.rows import Fault, Plan

NOTHING: Final = N_("Nothing differs from what is recorded.")


@dataclass(frozen=True)
class EditingController:
    """Shows editing pages, says what they would do, and does it."""

    acting: FormController

    @cached_property
    def places(self) -> EditingPlaces:
        """Where editing pages stand."""
        return EditingPlaces(self.acting.places)

    @cached_property
    def pages(self) -> EditingPages:
        """The pages themselves."""
        acting = self.acting
        return EditingPages(acting.pages, acting.placet.accounts, acting.drafts, acting.clock)

    @property
    def drafts(self) -> FormDrafts:
        """What is in progress."""
        return self.acting.drafts

    # --- Which page comes -------------------------------------------------------------------------

    def show(self, place: EditingPlace, *, check: bool = False, wrong: bool = False) -> Response:
        """The page as it begins or as far as it was written, its check page, or what is `wrong`.

        Each has an address of its own, so that going back from a check page finds what led to it,
        and not what was put right before. Of what was confirmed each address leads to what was
        recorded. Before that comes what is chosen first, or why nothing is edited.
        """
        draft = self.drafts.get(place)
        if draft and draft.recorded:
            return recorded_page.lead(place.reader, draft.recorded, again=True)
        if refusal := place.untimely:
            return self.pages.untimely(place, refusal)
        if place.editing.chosen and not place.of:
            return self.pages.first(place)
        if not form_ids.is_form_id(place.draft):
            here = replace(place, draft=form_ids.new_form_id())
            return RedirectResponse(editing_pages.address(here), 303)
        if draft:
            return self._show(place, draft, check=check, wrong=wrong)
        begun = submitted_list.begins(place.editing, place.shown, place.reader.language)
        lost = [Fault(line=0, why=form_problems.NOT_KEPT)] if check else []
        return self.pages.edit(
            place, begun, form_ids.new_form_id(), 410 if check else 0, faults=lost
        )

    def _show(self, place: EditingPlace, draft: Draft, *, check: bool, wrong: bool) -> Response:
        """The page of what is in progress."""
        values, stamp = Values(draft.values), self.acting.clock.read()
        written, form_id = (
            _read(place, values, draft.faults),
            form_ids.form_id_of(values),
        )
        if check or wrong:
            answer = self._answer(place, written, form_id, stamp, check=True)
            passes = answer.status_code < HTTPStatus.BAD_REQUEST
            if check:
                there = editing_pages.address(place, wrong=True)
                return answer if passes else RedirectResponse(there, HTTPStatus.SEE_OTHER)
            if not passes:
                return answer
        return self._answer(place, written, form_id, stamp, check=False)

    def send(self, place: EditingPlace, sent: PostedForm) -> Response:
        """What became of it once it is confirmed; else it is kept, and its page has an address."""
        values, unread = submitted_list.with_table(sent.values, sent.files, self.acting.read_table)
        draft, form_id = values.text("draft"), form_ids.form_id_of(values)
        place = replace(place, draft=form_ids.own_or_new(draft))
        written = _read(place, values, unread)
        if values.text("confirmed") and not values.text("change"):
            return self._answer(place, written, form_id, sent.stamp, check=True, sent=sent)
        return self._keep(place, written, form_id, sent, unread)

    def _keep(
        self,
        place: EditingPlace,
        written: Sent,
        form_id: str,
        sent: PostedForm,
        unread: Mapping[str, str],
    ) -> Response:
        """Keep what was written, after a button for its rows; where it cannot be, go on here."""
        values, language = sent.values, sent.values.text("in_language")
        if order := values.text("do"):
            tongue = place.reader.language
            written = list_changes.ordered(place.editing, place.shown, written, order, tongue)
        if language in NAMES:
            place = replace(place, reader=place.reader.in_language(language))
        before = self.drafts.get(place)
        if before and before.recorded:  # what comes after that is another act
            place = replace(place, draft=form_ids.new_form_id())
        saves, stays = bool(values.text("save")), bool(order or values.text("change") or language)
        unkept = self._put(place, written, form_id, unread, saved=saves)
        if not unkept:
            onward = editing_pages.address(place, check=not stays)
            return form_drafts.lead(place, onward, saved=saves)
        if saves:
            fault = Fault(line=0, why=unkept)
            return self.pages.edit(place, written, form_id, 503, faults=[fault])
        return self._answer(place, written, form_id, sent.stamp, check=not stays)

    def _put(
        self,
        place: EditingPlace,
        written: Sent,
        form_id: str,
        unread: Mapping[str, str],
        *,
        saved: bool = False,
    ) -> str:
        """Keep what was written; why it could not be kept, as a message id, else empty."""
        values = {name: (text,) for name, text in written.fields.items()}
        values[form_ids.COMMAND_ID] = (form_id,)
        return self.drafts.keep(place, values, unread, saved=saved)

    def _answer(
        self,
        place: EditingPlace,
        written: Sent,
        form_id: str,
        stamp: ClockReading,
        *,
        check: bool,
        sent: PostedForm | None = None,
    ) -> Response:
        """The page, or its check page, or what became of it once `sent` to confirm."""
        command_id = written.command_id(form_id)
        if check and (done := self._done(place, command_id)):
            return self._recorded(place, done[0], again=True)
        if written.seen != place.shown.version:
            return self._concurrent(place, written, form_id, 409 if check else 200)
        if not check:
            return self.pages.edit(place, written, form_id)
        plan = place.editing.plan(place.shown, written.draft)
        if faults := _faults(written, plan):
            return self.pages.edit(place, written, form_id, faults=faults)
        try:
            if sent:
                return self._confirmed(place, written, plan, command_id, sent)
            return self._check(place, written, form_id, plan, stamp)
        except Refused as refused:
            if refused.rule == "role-granted":
                raise
            return self._refused(place, written, form_id, refused, plan)
        except TooLarge:
            fault = Fault(line=0, why=form_problems.TOO_LONG)
            return self.pages.edit(place, written, form_id, 413, faults=[fault])
        except Unavailable as failure:
            return self.pages.edit(place, written, form_id, 503, failure=failure)

    def _done(self, place: EditingPlace, command_id: str) -> Sequence[RecordedEvent]:
        """What this was recorded as before."""
        return self.acting.pages.queries.record.done(place.organisation, command_id)

    def _check(
        self, place: EditingPlace, written: Sent, form_id: str, plan: Plan, stamp: ClockReading
    ) -> Response:
        """The page that says what it would do at this moment."""
        events = self.acting.placet.preview(
            place.organisation,
            _steps(place.editing, written, plan),
            written.command_id(form_id),
            stamp,
            seen=written.seen,
            identity=place.reader.identity,
        )
        return self.pages.check(place, written, form_id, plan, events)

    def _refused(
        self, place: EditingPlace, written: Sent, form_id: str, refused: Refused, plan: Plan
    ) -> Response:
        """The page again, with each refusal at its line; or with what was changed meanwhile."""
        if refused.rule == "seen-version":
            return self._concurrent(self.places.renewed(place), written, form_id, 409)
        several = refused.refusals if isinstance(refused, ActsRefused) else {0: refused}
        lines = [(plan.lines_of[number], refusal) for number, refusal in several.items()]
        return self.pages.edit(place, written, form_id, 409, refusals=lines)

    def _concurrent(
        self, place: EditingPlace, written: Sent, form_id: str, status: int
    ) -> Response:
        """The page again, with what others recorded since, both versions, and nothing lost.

        It stays in progress as it was written, until what stands here now is sent.
        """
        if self.drafts.get(place) is None:
            self._put(place, written, form_id, {})
        now = tuple(place.editing.rows(place.shown))
        current, both = list_changes.rebased(place.editing, place.shown, written, now)
        since = self.acting.pages.queries.events.after(
            place.organisation, place.stream, written.seen
        )
        return self.pages.edit(
            place, current, form_ids.new_form_id(), status, theirs=now, both=both, since=since
        )

    # --- Once it is confirmed ---------------------------------------------------------------------

    def _confirmed(
        self, place: EditingPlace, written: Sent, plan: Plan, command_id: str, sent: PostedForm
    ) -> Response:
        """Do it, once it is proved again who sends it where that is wanted."""
        if proof_page := self._prove(place, sent, plan):
            return proof_page
        answer = self.acting.placet.execute(
            place.organisation,
            _steps(place.editing, written, plan),
            command_id,
            sent.stamp,
            seen=written.seen,
            identity=place.reader.identity,
        )
        return self._recorded(place, answer.events[0], again=answer.repeated)

    def _prove(self, place: EditingPlace, sent: PostedForm, plan: Plan) -> Response | None:
        """The page that asks again who sends what is final; None where that is proved."""
        values, proof = reauthentication.without_proof(sent.values)
        final = any(act.final for act in place.editing.acts)
        by = Circumstances(role=place.editing.acts[0].roles[0])
        requested = ActRequest(command=plan.commands[0], circumstances=by)
        accounts = self.acting.placet.accounts
        wanted = reauthentication.is_required(accounts, sent, requested, final=final)
        if wanted and (lacking := reauthentication.lacking(accounts, sent, proof)):
            return self.pages.proof(place, values, lacking, sent.session)
        return None

    def _recorded(self, place: EditingPlace, first: RecordedEvent, *, again: bool) -> Response:
        """Lead to the page that says what was recorded, as each address of it does from now on."""
        path = urls.recorded(place.organisation, first.stream, first.position)
        self.drafts.record(place, path)
        return recorded_page.lead(place.reader, path, again=again)


def _read(place: EditingPlace, values: Values, unread: Mapping[str, str]) -> Sent:
    """What was written at a place."""
    return submitted_list.read(place.editing, place.shown, values, place.reader.language, unread)


def _faults(written: Sent, plan: Plan) -> Sequence[Fault]:
    """What is wrong with what was written: what cannot be read of it, then what it would do."""
    unread = {fault.line for fault in written.faults}
    faults = [*written.faults, *(fault for fault in plan.faults if fault.line not in unread)]
    if not faults and not plan.commands:
        return [Fault(line=0, why=NOTHING)]
    return faults


def _steps(editing: Editing[Any], written: Sent, plan: Plan) -> Sequence[Step]:
    """The acts of a plan as live steps of the functions that do them."""
    waived = waivers(written.answers)
    return [_step(editing, command, plan, waived) for command in plan.commands]


def _step(editing: Editing[Any], command: Any, plan: Plan, waived: Mapping[str, str]) -> Step:
    act = next(act for act in editing.acts if act.command is type(command))
    by = Circumstances(
        role=act.roles[0], authority=plan.authority, waivers=waived, happened=plan.happened
    )
    return ActRequest(command=command, circumstances=by).step
