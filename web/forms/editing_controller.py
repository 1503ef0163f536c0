"""Editing: which page comes after what was sent, and one append of all once it is confirmed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final
from uuid import uuid4

from fastapi.responses import Response

from domain.cases import Step
from domain.messages import RecordedEvent
from domain.ports.clock import ClockReading
from domain.ports.errors import TooLarge, Unavailable
from domain.rules import ActsRefused, Refused
from web.forms import reauthentication, recorded_page
from web.forms import submitted_list as drafts
from web.forms.controller import FormController
from web.forms.editing_pages import EditingPages
from web.forms.editing_places import EditingPlace, EditingPlaces
from web.forms.form_problems import TOO_LONG
from web.forms.posted_form import PostedForm
from web.forms.submitted_list import Sent
from web.http import urls
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
        return EditingPages(acting.pages, acting.placet.accounts, acting.clock)

    # --- Which page comes -------------------------------------------------------------------------

    def show(self, place: EditingPlace) -> Response:
        """The page as it begins; before that what it asks first, or why it is not offered."""
        if refusal := place.untimely:
            return self.pages.untimely(place, refusal)
        if place.editing.chosen and not place.of:
            return self.pages.first(place)
        begun = drafts.begins(place.editing, place.shown, place.reader.language)
        return self.pages.edit(place, begun, str(uuid4()))

    def send(self, place: EditingPlace, sent: PostedForm) -> Response:
        """The page after a button, the check page, or the execution once that is confirmed."""
        editing, shown, language = place.editing, place.shown, place.reader.language
        values, read_table = sent.values, self.acting.read_table
        written = drafts.read(
            editing, shown, sent, read_table=read_table, say=place.say, language=language
        )
        form_id = values.text("command_id")
        form_id = form_id if recorded_page.UUID.fullmatch(form_id) else str(uuid4())
        if order := values.text("do"):
            ordered = drafts.ordered(editing, shown, written, order, language)
            return self.pages.edit(place, ordered, form_id)
        if values.text("change"):
            return self.pages.edit(place, written, form_id)
        command_id = written.command_id(form_id)
        if done := self.acting.pages.queries.record.done(place.organisation, command_id):
            return self._recorded(place, done[0], again=True)
        if written.seen != place.shown.version:
            return self._concurrent(place, written)
        return self._plan(place, written, form_id, sent)

    def _plan(self, place: EditingPlace, written: Sent, form_id: str, sent: PostedForm) -> Response:
        """What was written, checked; and done, once that is confirmed."""
        plan = place.editing.plan(place.shown, written.draft)
        if faults := _faults(written, plan):
            return self.pages.edit(place, written, form_id, faults=faults)
        acts, command_id = _steps(place.editing, written, plan), written.command_id(form_id)
        try:
            if sent.values.text("confirmed"):
                if proof_page := self._prove(place, sent, plan):
                    return proof_page
                return self._do(place, acts, written, command_id, sent.stamp)
            events = self.acting.placet.preview(
                place.organisation,
                acts,
                command_id,
                sent.stamp,
                seen=written.seen,
                identity=place.reader.identity,
            )
        except Refused as refused:
            if refused.rule == "role-granted":
                raise
            return self._refused(place, written, form_id, refused, plan)
        except TooLarge:
            fault = Fault(line=0, why=TOO_LONG)
            return self.pages.edit(place, written, form_id, 413, faults=[fault])
        except Unavailable as failure:
            return self.pages.edit(place, written, form_id, 503, failure=failure)
        return self.pages.check(place, written, form_id, plan, events)

    def _refused(
        self, place: EditingPlace, written: Sent, form_id: str, refused: Refused, plan: Plan
    ) -> Response:
        """The page again, with each refusal at its line; or with what was changed meanwhile."""
        if refused.rule == "seen-version":
            return self._concurrent(self.places.renewed(place), written)
        several = refused.refusals if isinstance(refused, ActsRefused) else {0: refused}
        lines = [(plan.lines_of[number], refusal) for number, refusal in several.items()]
        return self.pages.edit(place, written, form_id, 409, refusals=lines)

    def _concurrent(self, place: EditingPlace, written: Sent) -> Response:
        """The page again, with what others recorded since, both versions, and nothing lost."""
        events = self.acting.pages.queries.events
        now = tuple(place.editing.rows(place.shown))
        current, both = drafts.rebased(
            place.editing, place.shown, written, now, place.reader.language
        )
        since = events.after(place.organisation, place.stream, written.seen)
        return self.pages.edit(
            place, current, str(uuid4()), 409, theirs=now, both=both, since=since
        )

    # --- Once it is confirmed ---------------------------------------------------------------------

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

    def _do(
        self,
        place: EditingPlace,
        acts: Sequence[Step],
        written: Sent,
        command_id: str,
        stamp: ClockReading,
    ) -> Response:
        answer = self.acting.placet.execute(
            place.organisation,
            acts,
            command_id,
            stamp,
            seen=written.seen,
            identity=place.reader.identity,
        )
        return self._recorded(place, answer.events[0], again=answer.repeated)

    def _recorded(self, place: EditingPlace, first: RecordedEvent, *, again: bool) -> Response:
        path = urls.recorded(place.organisation, first.stream, first.position)
        return recorded_page.lead(place.reader, path, again=again)


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
    return [_step(editing, command, plan.authority, waived) for command in plan.commands]


def _step(editing: Editing[Any], command: Any, authority: str, waived: Mapping[str, str]) -> Step:
    act = next(act for act in editing.acts if act.command is type(command))
    by = Circumstances(role=act.roles[0], authority=authority, waivers=waived)
    return ActRequest(command=command, circumstances=by).step
