"""Acting on a page: the form, the check page that says what it will do, and the deed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import uuid4

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from domain.cases import Step
from domain.messages import RecordedEvent
from domain.ports.clock import RecordingClock, Stamp
from domain.ports.errors import TooLarge, Unavailable
from domain.rules import Refused, require
from domain.silence.events import SilenceOpened
from domain.silence.window import Window
from domain.times import UnclearTime, When
from web.forms import availability, confirmation, fields, opening, parsing, preview
from web.forms import form as acts
from web.forms.fields import FieldError, Values
from web.forms.parsing import PostedForm
from web.forms.uploads import EvidenceBuffer
from web.http import urls
from web.http.context import RequestContext, spoken
from web.i18n.labels import N_
from web.page_context import PageContext
from web.presenters import window as windows
from workflows.application import Application
from workflows.history import narration

TOO_LONG: Final = N_("This is too long to be kept as one event. Please shorten your texts.")


@dataclass(frozen=True, kw_only=True)
class FormPlace:
    """Where a form stands: the window that it is about, or none when one is opened."""

    reader: RequestContext
    organisation: str
    path: str
    form: acts.Form
    here: acts.FormContext | None = None

    @property
    def window(self) -> Window:
        return self.here.window if self.here else Window()

    @property
    def fields(self) -> tuple[fields.Field, ...]:
        return self.form.all_fields(self.reader.catalogue.texts.gettext)


@dataclass(frozen=True)
class FormController:
    """Shows forms, says what they would do, and does it."""

    placet: Application
    pages: PageContext
    papers: EvidenceBuffer
    clock: RecordingClock

    # --- Where a form stands ----------------------------------------------------------------------

    def reader(self, request: Request) -> RequestContext:
        """Who acts: always now, whatever moment stands in the address. Raises UnclearTime."""
        return replace(self.pages.reader(request), at="")

    def at_window(self, request: Request, organisation: str, name: str, slug: str) -> FormPlace:
        """The place of a form about a window. Raises Refused for an unknown window or act."""
        who = self.reader(request)
        shown = self.pages.queries.windows.for_form(organisation, name, who.now)
        known = slug in availability.ACTS and not shown.window.attested
        require("known", known, f"no act {slug} on window {name}")
        here = acts.FormContext(
            shown=shown,
            titles=shown.items,
            say=who.catalogue.texts.gettext,
            language=who.language,
        )
        return FormPlace(
            reader=who,
            organisation=organisation,
            path=urls.act(organisation, name, slug),
            form=availability.ACTS[slug].form(here),
            here=here,
        )

    def at_opening(self, request: Request, organisation: str) -> FormPlace:
        """The place of the form that opens a window. Raises Refused for an unknown organisation."""
        who = self.reader(request)
        self.pages.refresh()
        found = self.pages.queries.windows.opening_options(organisation)
        return FormPlace(
            reader=who,
            organisation=organisation,
            path=urls.opening(organisation),
            form=opening.form(found, who.catalogue.texts.gettext, who.language),
        )

    # --- Form, check page, deed -------------------------------------------------------------------

    def show(self, place: FormPlace) -> Response:
        """The empty form, with the id under which it will be done once."""
        return self._form(place, Values(), str(uuid4()))

    def send(self, place: FormPlace, sent: PostedForm) -> Response:
        """The check page, or the deed once that is confirmed; the form again if it cannot be.

        Raises Unavailable for a response that the intake has kept, and will decide later.
        """
        answer = self._send(place, sent)
        if sent.kept:
            self.placet.processes.intake.finish(sent.kept)
        return answer

    def _send(self, place: FormPlace, sent: PostedForm) -> Response:
        """The answer to what was sent."""
        values, faults = parsing.hold_evidence(sent, self.papers)
        command_id = values.text("command_id")
        command_id = command_id if confirmation.UUID.fullmatch(command_id) else str(uuid4())
        faults = fields.field_errors(place.fields, values) | faults
        if faults or values.text("change"):
            return self._form(place, values, command_id, faults)
        try:
            step = _step(place.form, values)
            if values.text("confirmed"):
                return self._do(place, step, values, command_id, sent.stamp)
            foreseen = self.placet.preview(place.organisation, step, command_id, sent.stamp)
            return self._check(place, values, command_id, foreseen, step.received)
        except FieldError as fault:
            return self._form(place, values, command_id, {fault.field: fault.why})
        except UnclearTime as error:
            return self._form(place, values, command_id, {"": str(error)})
        except Refused as refusal:
            fresh = str(uuid4()) if refusal.rule == "command-id-once" else command_id
            status = 429 if refusal.rule == "responses-bounded" else 409
            return self._form(place, values, fresh, refusal=refusal, status=status)
        except TooLarge:
            return self._form(place, values, command_id, {"": TOO_LONG}, status=413)
        except Unavailable as failure:
            if sent.kept:
                raise
            return self._form(place, values, command_id, failure=failure, status=503)

    def _do(
        self, place: FormPlace, step: Step, values: Values, command_id: str, stamp: Stamp
    ) -> Response:
        """Do it, and lead to the page that says what was recorded.

        Where names are withheld a sender gets the receipt as the answer to the form itself, so
        that no address holds what opens it.
        """
        name = values.text("evidence")
        paper = self.papers.get(name) if name else None
        files = {} if paper is None else {name: paper}
        answer = self.placet.execute(place.organisation, step, command_id, stamp, files)
        first = answer.events[0]
        if mine := confirmation.own_receipt_of(self.pages, answer.events, command_id):
            at, name = first.position, first.stream.id
            return confirmation.page(
                self.pages,
                place.reader,
                place.organisation,
                name,
                at,
                again=answer.repeated,
                mine=mine,
            )
        path = urls.recorded(place.organisation, first.stream.id, first.position)
        where = place.reader.link(path)
        if answer.repeated:
            where += ("&" if "?" in where else "?") + "again=yes"
        return RedirectResponse(where, 303)

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
        told: dict[str, Any] = {"faults": faults or {}, "refusal": refusal, "failure": failure}
        return self._page("act.html", place, values, command_id, status, **told)

    def _check(
        self,
        place: FormPlace,
        values: Values,
        command_id: str,
        foreseen: tuple[RecordedEvent, ...],
        received: When,
    ) -> Response:
        """The page that repeats everything and says in words what it will do."""
        who = place.reader
        say = who.catalogue.texts.gettext
        names = self.pages.names(place.organisation, foreseen, who)
        cautions = self.pages.queries.events.cautions(place.organisation, foreseen)
        deadlines = [getattr(one.fact, "deadline", None) for one in foreseen]
        return self._page(
            "check.html",
            place,
            values,
            command_id,
            effects=preview.effects(foreseen, place.window, say, who.language, names),
            received=received,
            cautions=[narration.caution_sentence(one, say) for one in cautions],
            computed=next((one for one in deadlines if one), None),
            opened=next(
                (one.fact for one in foreseen if isinstance(one.fact, SilenceOpened)), None
            ),
        )

    def _page(
        self,
        template: str,
        place: FormPlace,
        values: Values,
        command_id: str,
        status: int = 200,
        **told: object,
    ) -> Response:
        window = place.window
        now = self.clock.read().at
        page = self.pages.templates.page(
            template,
            replace(place.reader, now=now),
            place=place,
            values=values,
            command_id=command_id,
            window=window,
            ends=windows.deadline_instant(window) if window.id else None,
            zone=windows.deadline_zone(window),
            **told,
        )
        return HTMLResponse(page, status, headers=spoken(place.reader))


def _step(form: acts.Form, values: Values) -> Step:
    """What a form asks for, as a live act. Raises Fault and UnclearTime."""
    asked = form.make(values)
    return Step(
        line=0,
        mode="live",
        verb=form.verb,
        command=asked.command,
        actor=form.actor(values),
        received=asked.received,
        waivers=asked.waivers,
    )
