"""In which colours a page is: those of the organisation that it is about."""

from __future__ import annotations

from domain.ports.errors import Unavailable
from domain.rules import Refused
from web.http.static_assets import address_of_colours
from workflows.history.read_limit import ReadLimitExceeded
from workflows.queries.queries import Queries


def style_sheet_address(queries: Queries, path: str) -> str:
    """The address of the style sheet of a page; empty for the colours that pages come with.

    A page about no organisation has the colours of the only one of the store. Where the record
    cannot be read, pages that say so come as they are.
    """
    try:
        organisation = _organisation(queries, path)
        settings = queries.organisations.settings(organisation) if organisation else None
    except (Unavailable, Refused, ReadLimitExceeded):
        return ""
    if settings is None:
        return ""
    return address_of_colours(settings.head_colour, settings.link_colour)


def _organisation(queries: Queries, path: str) -> str:
    known, parts = queries.record.organisations(), path.split("/")
    if len(parts) > 2 and parts[2] in known:
        return parts[2]
    return known[0] if len(known) == 1 else ""
