"""For which organisation, body and seat a role is given, by their names."""

from __future__ import annotations

from web.presenters.present_names import PresentNames


def place_of_role(
    names: PresentNames, language: str, organisation: str, body: str = "", seat: str = ""
) -> list[str]:
    """The organisation, the body and the seat of a role, each by its name, else by its id."""
    found = [names.organisation(organisation, language)] if organisation else []
    if body:
        found.append(names.body(organisation, body, language))
    if seat:
        found.append(names.seats(organisation, f"body/{body}", language).get(seat, seat))
    return found
