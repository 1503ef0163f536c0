"""The form that registers a response which came by mail: what the message fixes stands there."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Final

from fastapi import Request

from domain.actors import Role
from domain.incoming_mail import IncomingMessage
from domain.messages import RecordedEvent
from domain.ports.errors import Unavailable
from domain.streams import StreamKind
from domain.times import When
from web.forms.controller import FormController
from web.forms.fields import Values
from web.forms.form_places import FormPlace
from web.forms.posted_form import PostedForm
from web.http import urls
from web.http.context import RequestContext
from web.i18n.labels import N_
from web.page_context import PageContext
from web.presenters import history
from web.presenters.history import NarratedEvent
from workflows.acts.act import Act
from workflows.acts.parameter import Choice, Parameter, Widget
from workflows.acts.window_responses import REGISTER
from workflows.incoming import registration
from workflows.incoming.service import MatchedMessage
from workflows.queries.window import WindowForForm

RECEIVED: Final = N_("Received (UTC), as the message says it")
STAYS: Final = N_(
    "Once it is registered, the whole message stays in the record, with its addresses and"
    " attachments; it cannot be erased from there. The seats that answer, the secretariat and the"
    " presiding officer of the body, and auditors can read it. Others see that there is one."
)
WITHHELD: Final = N_(
    "Once it is registered, the whole message stays in the record, with its addresses and"
    " attachments; it cannot be erased from there. As names are withheld here, the record gives it"
    " to nobody."
)
TOO_LARGE: Final = N_(
    "It is too large for the record, which will name its SHA-256 only. The message itself stays"
    " with the answers by mail, which the secretariat reads."
)
AGAIN: Final = N_("This message is registered here already. Register it once more?")


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
    queries = acting.pages.queries

    def resting() -> int:
        return queries.cited_messages.count(organisation, window, message.sha256)

    act = _act(message, seats[0] if len(seats) == 1 else "", resting)
    files = {}
    if registration.has_evidence(message):
        files[message.sha256] = mail.store.content(number)

    def recorded(event: RecordedEvent) -> None:
        with suppress(Unavailable):  # it is recorded all the same, and noted the next time
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
        quoted_notice=_what_becomes(message, withheld=shown.window.policy.names_withheld),
        registered=lambda: narrated(acting.pages, here.reader, organisation, window, message),
        back=urls.mail(organisation, number),
    )


def _what_becomes(message: IncomingMessage, *, withheld: bool) -> str:
    """Who will be able to read the message once it is registered, as a message id."""
    if not registration.has_evidence(message):
        return TOO_LARGE
    return WITHHELD if withheld else STAYS


def narrated(
    pages: PageContext,
    reader: RequestContext,
    organisation: str,
    window: str,
    message: IncomingMessage,
) -> list[NarratedEvent]:
    """The responses of a silence procedure that rest on a message, each with its sentence."""
    events = pages.queries.cited_messages.events(organisation, window, message.sha256)
    names = history.in_language(pages.queries.events.names(organisation, events), reader.language)
    return history.with_sentences(events, reader, names)


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


def _act(message: IncomingMessage, seat: str, resting: Callable[[], int]) -> Act[WindowForForm]:
    """The act `Register a response on behalf` with what the message fixes.

    `resting` counts the responses that rest on it already; where there are any, it asks whether
    there shall be another one.
    """
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
    again = Parameter[WindowForForm](
        path="order.known",
        label=AGAIN,
        hint=N_("Only for what is not recorded yet, such as its answer on another item."),
        widget=Widget.SINGLE,
        choices=lambda _: (
            Choice(value="0", label=N_("No, what is recorded says it all")),
            Choice(value=str(resting()), label=N_("Yes, as another response beside it")),
        ),
        applies=lambda _: resting() > 0,
    )
    return replace(
        REGISTER,
        parameters=(again, *parameters),
        on_pages={**REGISTER.on_pages, "order.message": message.sha256},
    )


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
