"""Pages of what came by mail, for the secretariat: the list, one message, what is done with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from msgspec import Struct

from domain.body import Body
from domain.incoming_mail import IncomingMessage
from domain.instants import UnclearTime
from domain.ports.errors import Unavailable
from domain.rules import Refused, require
from domain.session import Session
from domain.silence.window import Window
from web.forms import form_places, mail_registration
from web.forms.controller import FormController
from web.forms.fields import FieldError, Values
from web.forms.form_places import FormPlace
from web.forms.posted_form import Sent
from web.http import params, urls
from web.http.context import RequestContext, language_headers
from web.presenters.history import NarratedEvent
from workflows.incoming.service import IncomingMail, MatchedMessage
from workflows.queries.window_agenda import AgendaOfWindow, agenda_of, session_of

LISTED: Final = 200
"""How many messages the list shows."""
OFFERED: Final = 50
"""How many silence procedures a message is offered for."""


class Candidate(Struct, frozen=True, kw_only=True):
    """A silence procedure that a message may belong to."""

    organisation: str
    window: Window
    body: Body
    of_agenda: AgendaOfWindow | None
    of_session: Session | None
    in_time: bool
    """Whether it may have come before the deadline."""
    answered: bool
    """Whether it answers a letter about this one."""


def add_mail_routes(router: APIRouter, acting: FormController) -> None:
    """The pages about messages. What is changed, is changed by POST from a page of ours."""
    pages = _MailPages(acting)
    message = "/mail/{organisation}/{number}"

    @router.get("/mail/{organisation}")
    def listed(request: Request, organisation: str) -> Response:
        return pages.listed(acting.places.reader(request), organisation)

    @router.get(message)
    def shown(request: Request, organisation: str, number: str) -> Response:
        return pages.show(acting.places.reader(request), organisation, params.parse_number(number))

    @router.get(f"{message}/file")
    def file(organisation: str, number: str) -> Response:
        return pages.file(organisation, params.parse_number(number))

    @router.post(f"{message}/dismiss")
    def dismissed(request: Request, organisation: str, number: str, sent: Sent) -> Response:
        who = acting.places.reader(request)
        return pages.dismiss(who, organisation, params.parse_number(number), sent.values)

    @router.post(f"{message}/receipt")
    def received(request: Request, organisation: str, number: str, sent: Sent) -> Response:
        who = acting.places.reader(request)
        return pages.state_receipt(who, organisation, params.parse_number(number), sent.values)

    @router.get(f"{message}/register/{{window:path}}")
    def form(request: Request, organisation: str, number: str, window: str) -> Response:
        place = pages.registration(request, organisation, params.parse_number(number), window)
        check = bool(request.query_params.get("check"))
        return acting.show(place, check=check)

    @router.post(f"{message}/register/{{window:path}}")
    def register(
        request: Request, organisation: str, number: str, window: str, sent: Sent
    ) -> Response:
        place = pages.registration(request, organisation, params.parse_number(number), window)
        answer = acting.send(place, mail_registration.fixed(place, sent))
        pages.note_recorded(organisation, params.parse_number(number), window)
        return answer


class _MailPages:
    """Makes the pages, for one application."""

    def __init__(self, acting: FormController) -> None:
        self._acting = acting

    @property
    def _mail(self) -> IncomingMail:
        return self._acting.placet.processes.mail

    def listed(self, who: RequestContext, organisation: str) -> Response:
        """The messages that may belong to an organisation. Raises Refused for an unknown one."""
        self._require_known(organisation)
        found = self._mail.of_organisation(organisation, LISTED)
        return self._page(
            "incoming_mail.html",
            who,
            organisation=organisation,
            waiting=[each for each in found if each.message.waits],
            others=[each for each in found if not each.message.waits],
            mailboxes=self._mail.store.mailboxes(),
        )

    def show(
        self,
        who: RequestContext,
        organisation: str,
        number: int,
        *,
        fault: str = "",
        refusal: Refused | None = None,
        given: Mapping[str, str] | None = None,
        status: int = 200,
    ) -> Response:
        """One message. Raises Refused for one that cannot belong to the organisation."""
        found = self._of(organisation, number)
        content = self._mail.store.read_message(number)
        candidates = self._candidates(organisation, found)
        return self._page(
            "incoming_message.html",
            who,
            status=status,
            organisation=organisation,
            message=found.message,
            match=found.match,
            content=content,
            checked=self._mail.checked_by_ours(found.message, content),
            candidates=candidates,
            registered=self._registered(who, organisation, found.message, candidates),
            zone="UTC",
            fault=fault,
            refusal=refusal,
            given=given or {},
        )

    def file(self, organisation: str, number: int) -> Response:
        """A message as it came, to be kept; nothing in it is run or shown here."""
        self._of(organisation, number)
        headers = {
            "Content-Disposition": f'attachment; filename="message-{number}.eml"',
            "Cache-Control": "no-store",
        }
        content = self._mail.store.content(number)
        return Response(content, headers=headers, media_type="application/octet-stream")

    # --- What is done with one --------------------------------------------------------------------

    def dismiss(
        self, who: RequestContext, organisation: str, number: int, values: Values
    ) -> Response:
        """Note that it is no response."""
        self._of(organisation, number)
        try:
            self._mail.dismiss(number, values.text("reason"), mail_registration.dealt_by(who))
        except Refused as refused:
            given = {"reason": values.text("reason")}
            return self.show(who, organisation, number, refusal=refused, given=given, status=409)
        return RedirectResponse(who.link(urls.mail(organisation, number)), 303)

    def state_receipt(
        self, who: RequestContext, organisation: str, number: int, values: Values
    ) -> Response:
        """State another time of receipt, with the reason."""
        self._of(organisation, number)
        given = {name: values.text(name) for name in ("received", "how")}
        try:
            at = values.moment("received", "UTC", who.catalogue.texts.gettext).exact
            self._mail.state_receipt(number, at, given["how"], mail_registration.dealt_by(who))
        except Refused as refused:
            return self.show(who, organisation, number, refusal=refused, given=given, status=409)
        except (FieldError, UnclearTime) as error:
            fault = str(error)
            return self.show(who, organisation, number, fault=fault, given=given, status=422)
        return RedirectResponse(who.link(urls.mail(organisation, number)), 303)

    def registration(
        self, request: Request, organisation: str, number: int, window: str
    ) -> FormPlace:
        """The form that registers a response, for who may fill it in.

        Raises Refused where there is no such window, or the time of receipt is not known.
        """
        found = self._of(organisation, number)
        place = mail_registration.place(
            self._acting, request, found, organisation=organisation, number=number, window=window
        )
        return form_places.opened(place, request)

    def note_recorded(self, organisation: str, number: int, window: str) -> None:
        """Note with a message what rests on it, also where that could not be noted before."""
        with suppress(Unavailable):  # what was answered stands, and it is noted the next time
            sha256 = self._mail.get(number).sha256
            events = self._acting.pages.queries.cited_messages.events(organisation, window, sha256)
            self._mail.note_recorded(number, events)

    # --- What it looks at -------------------------------------------------------------------------

    def _of(self, organisation: str, number: int) -> MatchedMessage:
        """A message that may belong to an organisation. Raises Refused for any other."""
        self._require_known(organisation)
        found = self._mail.matched(number)
        where = found.message.organisation
        here = where == organisation if where else found.match.may_be_of(organisation)
        require("known", here, f"no message {number} came by mail to {organisation}")
        return found

    def _require_known(self, organisation: str) -> None:
        known = organisation in self._acting.pages.queries.record.organisations()
        require("known", known, f"no organisation {organisation!r:.80}")

    def _candidates(self, organisation: str, found: MatchedMessage) -> list[Candidate]:
        """The procedures it may belong to: first the one it answers, then those in time."""
        self._acting.pages.refresh()
        world = self._acting.pages.queries.record.present(organisation)
        names = [
            name
            for where, name in self._acting.placet.processes.clock.unfinished_windows()
            if where == organisation
        ]
        letter = found.match.letter
        if letter and letter.organisation == organisation and letter.window not in names:
            names.insert(0, letter.window)
        candidates = []
        for name in names[:OFFERED]:
            window = world.window(name)
            if found.match.concerns(organisation, name, window.body):
                in_time = found.message.came_between(window.opened.earliest, window.closes.latest)
                answered = bool(letter and letter.window == name)
                candidates.append(
                    Candidate(
                        organisation=organisation,
                        window=window,
                        body=world.body(window.body),
                        of_agenda=agenda_of(window, world),
                        of_session=session_of(window, world),
                        in_time=in_time,
                        answered=answered,
                    )
                )
        return sorted(candidates, key=lambda each: (not each.answered, not each.in_time))

    def _registered(
        self,
        who: RequestContext,
        organisation: str,
        message: IncomingMessage,
        candidates: Sequence[Candidate],
    ) -> Mapping[str, Sequence[NarratedEvent]]:
        """What the record holds because of a message, by silence procedure.

        So it is also told where that could not be noted with the message.
        """
        noted = [each.window for each in message.registered if each.organisation == organisation]
        found = {
            window: mail_registration.narrated(
                self._acting.pages, who, organisation, window, message
            )
            for window in dict.fromkeys((*noted, *(each.window.id for each in candidates)))
        }
        return {window: events for window, events in found.items() if events}

    def _page(
        self, template: str, who: RequestContext, *, status: int = 200, **values: object
    ) -> Response:
        now: datetime = self._acting.clock.read().at
        page = self._acting.pages.templates.page(template, replace(who, now=now), **values)
        return HTMLResponse(page, status, headers=language_headers(who))
