"""The page that says what an act has recorded, for whoever gave it."""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from domain.facts import Recorded
from domain.rules import insist
from web import histories, receipts, windows
from web.pages import Pages, spoken


def page(pages: Pages, request: Request, organisation: str, name: str, position: int) -> Response:
    """What was recorded, for whoever did it: its number, standing, times and hash."""
    who = pages.reader(request)
    one, _ = pages.reading.event(organisation, position)
    here = str(one.stream) == f"window/{name}"
    insist("known", here, f"event {position} is not of window {name}")
    shown = pages.reading.window(organisation, name, who.now)
    same = [event for event in shown.events if _together(event, one)]
    number = getattr(one.fact, "number", 0) if hasattr(one.fact, "response") else 0
    told = histories.told(same, who, pages.names(organisation, same, who))
    page = pages.templates.page(
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
