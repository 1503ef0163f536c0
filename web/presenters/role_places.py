"""For which organisation, body and seat a role is given, by their names."""

from __future__ import annotations

from domain.body import Body
from domain.streams import Stream, StreamKind
from workflows.acts import choices
from workflows.acts.parameter import Choice
from workflows.history.narration import localized_name
from workflows.queries.queries import Queries


def organisation_name(queries: Queries, organisation: str, language: str) -> str:
    """What an organisation is called, or its id."""
    names = queries.organisations.settings(organisation).names
    return localized_name(names, language) or organisation


def place_of_role(
    queries: Queries, language: str, organisation: str, body: str = "", seat: str = ""
) -> list[str]:
    """The organisation, the body and the seat of a role, each by its name, else by its id."""
    found = [organisation_name(queries, organisation, language)] if organisation else []
    if not (organisation in queries.record.organisations() and body):
        return [*found, *filter(None, (body, seat))]
    state: Body = queries.record.present(organisation).state(Stream(StreamKind.BODY, body))
    found.append(localized_name(state.names, language) or body)
    if seat:
        held = {each.seat: choices.of_seat(each) for each in state.seats}
        called = held.get(seat, Choice(value=seat, text=seat))
        found.append((localized_name(called.names, language) or called.text) + called.after)
    return found
