"""Pages of what came by mail, for the secretariat: the list, one message, what is done with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from msgspec import Struct

from domain.actors import Role
from domain.incoming_mail import IncomingMessage
from domain.instants import UnclearTime
from domain.rules import Refused, require
from domain.silence.window import Window
from domain.streams import StreamKind
from domain.times import When
from web.forms import form_places
from web.forms.controller import FormController
from web.forms.fields import FieldError, Values
from web.forms.form import Form
from web.forms.form_places import FormPlace
from web.forms.posted_form import PostedForm, Sent
from web.http import params, urls
from web.http.context import RequestContext, language_headers
from web.i18n.labels import N_
from workflows.acts.act import Act
from workflows.acts.parameter import Parameter, Widget
from workflows.acts.window_responses import REGISTER
from workflows.incoming import registration
from workflows.incoming.service import IncomingMail, MatchedMessage
from workflows.queries.window import WindowForForm

LISTED: Final = 200
"""How many messages the list shows."""
OFFERED: Final = 50
"""How many silence procedures a message is offered for."""
RECEIVED: Final = N_("Received (UTC), as the message says it")


class Candidate(Struct, frozen=True):
    """A silence procedure that a message may belong to."""

    window: Window
    in_time: bool
    """Whether it may have come before the deadline."""
    answered: bool
    """Whether it answers a letter about this one."""


def mail_routes(acting: FormController) -> APIRouter:
    """The pages about messages. What is changed, is changed by POST from a page of ours."""
    router, pages = APIRouter(), _MailPages(acting)
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
        return acting.show(form_places.opened(place, request), check=check)

    @router.post(f"{message}/register/{{window:path}}")
    def register(
        request: Request, organisation: str, number: str, window: str, sent: Sent
    ) -> Response:
        place = pages.registration(request, organisation, params.parse_number(number), window)
        return acting.send(form_places.opened(place, request), _fixed(place, sent))

    return router


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
        return self._page(
            "incoming_message.html",
            who,
            status=status,
            organisation=organisation,
            message=found.message,
            match=found.match,
            content=self._mail.store.read_message(number),
            candidates=self._candidates(organisation, found),
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
            "X-Content-Type-Options": "nosniff",
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
            self._mail.dismiss(number, values.text("reason"), _by(who))
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
            self._mail.state_receipt(number, at, given["how"], _by(who))
        except Refused as refused:
            return self.show(who, organisation, number, refusal=refused, given=given, status=409)
        except (FieldError, UnclearTime) as error:
            fault = str(error)
            return self.show(who, organisation, number, fault=fault, given=given, status=422)
        return RedirectResponse(who.link(urls.mail(organisation, number)), 303)

    def registration(
        self, request: Request, organisation: str, number: int, window: str
    ) -> FormPlace:
        """The form that registers a response; what the message fixes stands there unchanged.

        Raises Refused where there is no such window, or the time of receipt is not known.
        """
        found = self._of(organisation, number)
        place = self._acting.places.of_noun(
            StreamKind.WINDOW, request, organisation=organisation, name=window, slug=REGISTER.slug
        )
        shown: WindowForForm = place.form.shown
        seats = found.match.seats(organisation, shown.window.body)
        act = _act(found.message, seats[0] if len(seats) == 1 else "")
        files = {}
        if registration.has_evidence(found.message):
            files[found.message.sha256] = self._mail.store.content(number)

        def recorded(event: Any) -> None:
            self._mail.note_registered(
                number,
                organisation=organisation,
                window=window,
                position=event.position,
                by=_by(place.reader),
            )

        form = Form(
            act=act,
            target=place.form.target,
            shown=shown,
            say=place.form.say,
            language=place.form.language,
        )
        path = urls.mail_registration(organisation, number, window)
        return replace(
            place,
            form=form,
            path=path,
            files=files,
            recorded=recorded,
            quoted=self._mail.store.read_message(number).text,
            back=urls.mail(organisation, number),
        )

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
                candidates.append(Candidate(window, in_time, answered))
        return sorted(candidates, key=lambda each: (not each.answered, not each.in_time))

    def _page(
        self, template: str, who: RequestContext, *, status: int = 200, **values: object
    ) -> Response:
        now: datetime = self._acting.clock.read().at
        page = self._acting.pages.templates.page(template, replace(who, now=now), **values)
        return HTMLResponse(page, status, headers=language_headers(who))


def _act(message: IncomingMessage, seat: str) -> Act[WindowForForm]:
    """The act `Register a response on behalf` with what the message fixes."""
    fixed = registration.fixed_values(message)
    texts = {path: _as_field(value) for path, value in fixed.items()}
    parameters = []
    for each in REGISTER.parameters:
        if each.path in texts:
            parameters.append(_unchanged(each, texts[each.path]))
        elif each.path == "seats" and seat:
            parameters.append(replace(each, value=lambda _: seat))
        elif each.path != "evidence":
            parameters.append(each)
    return replace(REGISTER, parameters=tuple(parameters))


def _unchanged(parameter: Parameter[WindowForForm], text: str) -> Parameter[WindowForForm]:
    """A parameter that stands in the form as it is."""
    if parameter.path == "order.received":
        parameter = replace(parameter, label=RECEIVED, zone=lambda _, __: "UTC")
    return replace(parameter, widget=Widget.FIXED, value=lambda _: text)


def _by(who: RequestContext) -> str:
    """Who deals with a message: the principal of somebody who logged in, else the function."""
    return who.identity.principal if who.identity else str(Role.SECRETARIAT)


def _as_field(value: object) -> str:
    """A value as its field holds it: an instant without the sign of UTC."""
    if isinstance(value, When):
        return value.exact.replace(tzinfo=None).isoformat()
    return str(value)


def _fixed(place: FormPlace, sent: PostedForm) -> PostedForm:
    """What was sent, but for what the message fixes, which no form can change."""
    fixed = {
        field.name: [*field.value]
        for field in place.fields
        if field.kind == "fixed" and field.name in {"received", "channel", "evidence"}
    }
    texts = {name: given for name, given in sent.values.texts.items() if name not in fixed}
    texts.pop("received-offset", None)
    return replace(sent, values=Values({**texts, **fixed}), files={})
