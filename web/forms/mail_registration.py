"""The form that registers a response which came by mail: what the message fixes stands there."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from fastapi import Request

from domain.actors import Role
from domain.incoming_mail import IncomingMessage
from domain.messages import RecordedEvent
from domain.streams import StreamKind
from domain.times import When
from web.forms.controller import FormController
from web.forms.fields import Values
from web.forms.form_places import FormPlace
from web.forms.posted_form import PostedForm
from web.http import urls
from web.http.context import RequestContext
from web.i18n.labels import N_
from workflows.acts.act import Act
from workflows.acts.parameter import Parameter, Widget
from workflows.acts.window_responses import REGISTER
from workflows.incoming import registration
from workflows.incoming.service import MatchedMessage
from workflows.queries.window import WindowForForm

RECEIVED: Final = N_("Received (UTC), as the message says it")


def place(
    acting: FormController,
    request: Request,
    found: MatchedMessage,
    *,
    organisation: str,
    number: int,
    window: str,
) -> FormPlace:
    """The place of the form.

    Raises Refused where there is no such window, or the time of receipt is not known.
    """
    mail, message = acting.placet.processes.mail, found.message
    here = acting.places.of_noun(
        StreamKind.WINDOW, request, organisation=organisation, name=window, slug=REGISTER.slug
    )
    shown: WindowForForm = here.form.shown
    seats = found.match.seats(organisation, shown.window.body)
    act = _act(message, seats[0] if len(seats) == 1 else "")
    files = {}
    if registration.has_evidence(message):
        files[message.sha256] = mail.store.content(number)

    def recorded(event: RecordedEvent) -> None:
        mail.note_registered(
            number,
            organisation=organisation,
            window=window,
            position=event.position,
            by=dealt_by(here.reader),
        )

    return replace(
        here,
        form=replace(here.form, act=act),
        path=urls.mail_registration(organisation, number, window),
        files=files,
        recorded=recorded,
        quoted=mail.store.read_message(number).text,
        back=urls.mail(organisation, number),
    )


def dealt_by(who: RequestContext) -> str:
    """Who deals with a message: the principal of somebody who logged in, else the function."""
    return who.identity.principal if who.identity else str(Role.SECRETARIAT)


def fixed(place: FormPlace, sent: PostedForm) -> PostedForm:
    """What was sent, but for what the message fixes, which no form can change."""
    fixed = {
        field.name: [*field.value]
        for field in place.fields
        if field.kind == "fixed" and field.name in {"received", "channel", "evidence"}
    }
    texts = {name: given for name, given in sent.values.texts.items() if name not in fixed}
    texts.pop("received-offset", None)
    return replace(sent, values=Values({**texts, **fixed}), files={})


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


def _as_field(value: object) -> str:
    """A value as its field holds it: an instant without the sign of UTC."""
    if isinstance(value, When):
        return value.exact.replace(tzinfo=None).isoformat()
    return str(value)
