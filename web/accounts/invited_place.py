"""For which body or seat an invitation brings a role: offered by their names, and read back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import parse_qsl, urlencode

from msgspec import Struct

from domain.rules import Refused
from web.forms import choice_labels
from web.forms.fields import Field, Values
from web.http.context import RequestContext
from web.i18n.labels import N_
from web.presenters.role_places import organisation_name
from workflows.acts import organisation as roles
from workflows.acts.parameter import Choice
from workflows.queries.organisation import OrganisationForForm
from workflows.queries.queries import Queries


class InvitedPlace(Struct, frozen=True):
    """Where a role is given; without a body it is given everywhere in the organisation."""

    organisation: str
    body: str = ""
    seat: str = ""


def fields(queries: Queries, reader: RequestContext) -> tuple[Field, Field]:
    """The questions for which body and for which seat, over all organisations of the store."""
    known = [
        queries.organisations.for_form(name, reader.now) for name in queries.record.organisations()
    ]
    several = len(known) > 1
    bodies = [
        _placed(choice, {"body": choice.value}, shown, several=several)
        for shown in known
        for choice in roles.bodies(shown)
    ]
    seats = [
        _placed(choice, dict(parse_qsl(choice.value)), shown, several=several)
        for shown in known
        for choice in roles.seats(shown)
    ]
    anywhere = N_("Empty for every body of the organization.")
    member = N_("Only for a member. The body of the seat need not be chosen.")
    return (
        _field("body", N_("For which body"), anywhere, bodies, reader),
        _field("seat", N_("For which seat"), member, seats, reader),
    )


def organisations(queries: Queries, language: str) -> list[tuple[str, str]]:
    """The organisations of the store, each with its name and its id as a second word."""
    return [
        (name, called if called == name else f"{called} ({name})")
        for name in queries.record.organisations()
        if (called := organisation_name(queries, name, language))
    ]


def chosen(values: Values, offered: tuple[Field, Field]) -> InvitedPlace:
    """Where the role is given, by what was chosen or written.

    Raises Refused for what is not clear, and for choices of different bodies.
    """
    found = {"organisation": values.text("organisation")}
    for field in offered:
        if text := values.text(field.name):
            found |= _meant(field, text, found)
    return InvitedPlace(**found)


def _placed(
    choice: Choice, place: Mapping[str, str], shown: OrganisationForForm, *, several: bool
) -> Choice:
    """A choice that names its organisation too, in its code where there are several."""
    value = urlencode({"organisation": shown.organisation, **place})
    code = f"{shown.organisation}, {choice.code}" if several else choice.code
    return replace(choice, value=value, code=code)


def _field(
    name: str, label: str, hint: str, offered: list[Choice], reader: RequestContext
) -> Field:
    say = reader.catalogue.texts.gettext
    return Field(
        name=name,
        label=say(label),
        hint=say(hint),
        kind=choice_labels.kind("select", offered),
        choices=choice_labels.ordered(offered, say, reader.language),
    )


def _meant(field: Field, text: str, found: Mapping[str, str]) -> Mapping[str, str]:
    """What was chosen; what is called by no name here is taken as an id. Raises Refused."""
    places = [dict(parse_qsl(value)) for value in field.meant(text)]
    fitting = [
        place
        for place in places
        if all(found.get(part, value) in {"", value} for part, value in place.items())
    ]
    if len(fitting) > 1:
        raise Refused("known", f"several are called {text!r:.80}: choose one from the list")
    if places and not fitting:
        raise Refused("known", f"{text!r:.80} is of another organisation or body")
    return fitting[0] if fitting else {field.name: text}
