"""Acting on a page: the form, the check page that says what it will do, and the deed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any, Final
from uuid import uuid4

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from domain.cases import Step
from domain.facts import Recorded
from domain.ports import TooLarge, Unavailable
from domain.rules import Refused, insist
from domain.silence.events import SilenceOpened
from domain.silence.window import Window
from domain.times import UnclearTime, When
from web import (
    acts,
    effects,
    fields,
    histories,
    offers,
    opening,
    reader,
    receipts,
    receiving,
    windows,
)
from web.fields import Fault, Values
from web.main import Placet, Stamp
from web.pages import Pages, spoken
from web.papers import LARGEST, Papers
from web.reader import Reader
from web.wording import N_
from workflows import trail

_UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
TOO_LARGE: Final = N_("This file is too large: at most 15 MB can be taken.")
TOO_LONG: Final = N_("This is too long to be kept as one event. Please shorten your texts.")


@dataclass(frozen=True)
class Posted:
    """What came with a form, and when all of it was here."""

    values: Values
    papers: Mapping[str, tuple[str, bytes]]
    stamp: Stamp


async def posted(request: Request) -> Posted:
    """The form of a request. Refuses what comes from a page of somebody else, or is too large."""
    if not receiving.ours(request):
        raise HTTPException(403)
    if request.state.too_large:
        raise HTTPException(413)
    texts: dict[str, list[str]] = {}
    papers: dict[str, tuple[str, bytes]] = {}
    async with request.form(max_files=4, max_part_size=receiving.LARGEST) as form:
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                papers[name] = (value.filename or "", await value.read())
            else:
                texts.setdefault(name, []).append(value)
    return Posted(Values(texts), papers, request.state.stamp)


Sent = Annotated[Posted, Depends(posted)]


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a form stands: the window that it is about, or none when one is opened."""

    reader: Reader
    organisation: str
    path: str
    form: acts.Form
    here: acts.Here | None = None

    @property
    def window(self) -> Window:
        return self.here.window if self.here else Window()

    @property
    def fields(self) -> tuple[fields.Field, ...]:
        return self.form.all_fields(self.reader.catalogue.texts.gettext)


@dataclass(frozen=True)
class Acting:
    """Shows forms, says what they would do, and does it."""

    placet: Placet
    pages: Pages
    papers: Papers

    # --- Where a form stands ----------------------------------------------------------------------

    def at_window(self, request: Request, organisation: str, name: str, slug: str) -> Place:
        """The place of a form about a window. Raises Refused for an unknown window or act."""
        who = self.pages.reader(request)
        shown = self.pages.reading.window(organisation, name, who.now)
        known = slug in offers.ACTS and not shown.window.attested
        insist("known", known, f"no act {slug} on window {name}")
        here = acts.Here(
            shown=shown,
            titles=self.pages.titles(organisation, shown.window, who),
            say=who.catalogue.texts.gettext,
            language=who.language,
        )
        return Place(
            reader=who,
            organisation=organisation,
            path=reader.act(organisation, name, slug),
            form=offers.ACTS[slug].form(here),
            here=here,
        )

    def at_opening(self, request: Request, organisation: str) -> Place:
        """The place of the form that opens a window. Raises Refused for an unknown organisation."""
        who = self.pages.reader(request)
        self.pages.refresh()
        found = self.pages.reading.openable(organisation)
        return Place(
            reader=who,
            organisation=organisation,
            path=reader.opening(organisation),
            form=opening.form(found, who.catalogue.texts.gettext, who.language),
        )

    # --- Form, check page, deed -------------------------------------------------------------------

    def show(self, place: Place) -> Response:
        """The empty form, with the id under which it will be done once."""
        return self._form(place, Values(), str(uuid4()))

    def send(self, place: Place, sent: Posted) -> Response:
        """The check page, or the deed once that is confirmed; the form again if it cannot be."""
        values, faults = self._with_papers(sent)
        command_id = values.one("command_id")
        command_id = command_id if _UUID.fullmatch(command_id) else str(uuid4())
        faults = fields.faults(place.fields, values) | faults
        if faults or values.one("change"):
            return self._form(place, values, command_id, faults)
        try:
            step = _step(place.form, values)
            if values.one("confirmed"):
                return self._do(place, step, values, command_id, sent.stamp)
            order = self.placet.order(step, command_id, sent.stamp)
            foreseen = self.placet.handling.foresee(place.organisation, order)
            return self._check(place, values, command_id, foreseen, step.received)
        except Fault as fault:
            return self._form(place, values, command_id, {fault.field: fault.why})
        except UnclearTime as error:
            return self._form(place, values, command_id, {"": str(error)})
        except Refused as refusal:
            fresh = str(uuid4()) if refusal.rule == "command-id-once" else command_id
            return self._form(place, values, fresh, refusal=refusal, status=409)
        except TooLarge:
            return self._form(place, values, command_id, {"": TOO_LONG}, status=413)
        except Unavailable as failure:
            return self._form(place, values, command_id, failure=failure, status=503)

    def _do(
        self, place: Place, step: Step, values: Values, command_id: str, stamp: Stamp
    ) -> Response:
        """Do it, and lead to the page that says what was recorded."""
        name = values.one("evidence")
        paper = self.papers.get(name) if name else None
        files = {} if paper is None else {name: paper}
        answer = self.placet.do(place.organisation, step, command_id, stamp, files)
        first = answer.events[0]
        path = reader.recorded(place.organisation, first.stream.id, first.position)
        where = place.reader.link(path)
        if answer.repeated:
            where += ("&" if "?" in where else "?") + "again=yes"
        return RedirectResponse(where, 303)

    def _with_papers(self, sent: Posted) -> tuple[Values, dict[str, str]]:
        """The values, with each paper that came along held and named by its SHA-256."""
        texts = {name: list(told) for name, told in sent.values.texts.items()}
        faults: dict[str, str] = {}
        for field, (name, paper) in sent.papers.items():
            if len(paper) > LARGEST:
                faults[field] = TOO_LARGE
            elif paper:
                texts[field] = [self.papers.take(paper)]
                texts[f"{field}-name"] = [name]
        return Values(texts), faults

    # --- Pages ------------------------------------------------------------------------------------

    def _form(
        self,
        place: Place,
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
        place: Place,
        values: Values,
        command_id: str,
        foreseen: tuple[Recorded, ...],
        received: When,
    ) -> Response:
        """The page that repeats everything and says in words what it will do."""
        who = place.reader
        say = who.catalogue.texts.gettext
        names = self.pages.names(place.organisation, foreseen, who)
        cautions = self.pages.reading.cautions(place.organisation, foreseen)
        deadlines = [getattr(one.fact, "deadline", None) for one in foreseen]
        return self._page(
            "check.html",
            place,
            values,
            command_id,
            effects=effects.effects(foreseen, place.window, say, who.language, names),
            received=received,
            cautions=[trail.caution(one, say) for one in cautions],
            computed=next((one for one in deadlines if one), None),
            opened=next(
                (one.fact for one in foreseen if isinstance(one.fact, SilenceOpened)), None
            ),
        )

    def _page(
        self,
        template: str,
        place: Place,
        values: Values,
        command_id: str,
        status: int = 200,
        **told: object,
    ) -> Response:
        window = place.window
        now = self.placet.clock.read().at
        page = self.pages.templates.page(
            template,
            replace(place.reader, now=now),
            place=place,
            values=values,
            command_id=command_id,
            window=window,
            ends=windows.ends(window) if window.id else None,
            zone=windows.zone(window),
            **told,
        )
        return HTMLResponse(page, status, headers=spoken(place.reader))

    def recorded(self, request: Request, organisation: str, name: str, position: int) -> Response:
        """What was recorded, for whoever did it: its number, standing, times and hash."""
        who = self.pages.reader(request)
        one, _ = self.pages.reading.event(organisation, position)
        here = str(one.stream) == f"window/{name}"
        insist("known", here, f"event {position} is not of window {name}")
        shown = self.pages.reading.window(organisation, name, who.now)
        same = [event for event in shown.events if _together(event, one)]
        number = getattr(one.fact, "number", 0) if hasattr(one.fact, "response") else 0
        told = histories.told(same, who, self.pages.names(organisation, same, who))
        page = self.pages.templates.page(
            "recorded.html",
            who,
            event=one,
            told=told,
            response=shown.window.received(number) if number else None,
            receipts=receipts.positions(shown),
            organisation=organisation,
            window=shown.window,
            zone=windows.zone(shown.window),
            again=request.query_params.get("again", ""),
        )
        return HTMLResponse(page, headers=spoken(who))


def _together(event: Recorded, first: Recorded) -> bool:
    """Whether an event was appended with the first one, or is it."""
    return event.position == first.position or event.caused_by == str(first.event_id)


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
