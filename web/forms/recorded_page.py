"""The page that says what an act has recorded, for whoever gave it; a sender's own receipt."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from fastapi.responses import HTMLResponse, Response

from domain.messages import RecordedEvent
from domain.rules import require
from domain.streams import Stream, StreamKind
from web.http.context import RequestContext, language_headers
from web.page_context import PageContext
from web.presenters import history, window
from web.presenters import receipt as receipts
from workflows.receipts.issue import Unsigned, response_in

UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""A command id that a form made: nobody guesses it, and only its sender has it."""


@dataclass(frozen=True)
class OwnReceipt:
    """What only the sender of a response gets: its receipt, or nothing if none can be signed."""

    command_id: str
    receipt: str


def own_receipt_of(
    pages: PageContext, events: Sequence[RecordedEvent], command_id: str
) -> OwnReceipt | None:
    """The sender's own receipt of a response, where names are withheld from all others."""
    one = response_in(events)
    if one is None or not pages.receipts.reason_for_none(one.organisation, one.position):
        return None
    told = b""
    with suppress(Unsigned):  # the page says so; why is for those who run the program
        told = pages.receipts.issue(one.organisation, one.position, to_sender=True) or b""
    return OwnReceipt(command_id, told.decode())


def file(pages: PageContext, organisation: str, name: str, command_id: str) -> Response:
    """The sender's own receipt as a file. Raises Refused unless this id gave the response here.

    An id that no form made may be a word that others guess, so it opens nothing.
    """
    told = pages.queries.record.history(organisation).events_of_command(command_id)
    one = response_in([event for event in told if str(event.stream) == f"window/{name}"])
    require("known", one and UUID.fullmatch(command_id), "no response was sent under this id")
    assert one is not None  # noqa: S101 (insisted upon; the checker of types cannot know)
    return receipts.receipt_download(pages.receipts, organisation, one.position, to_sender=True)


def page(
    pages: PageContext,
    who: RequestContext,
    organisation: str,
    stream: Stream,
    position: int,
    *,
    again: bool,
    mine: OwnReceipt | None = None,
) -> Response:
    """What was recorded, for whoever did it: its number, standing, times and hash."""
    first, _ = pages.queries.events.get(organisation, position)
    here = first.stream == stream
    require("known", here, f"event {position} is not of {stream.kind} {stream.id}")
    shown = None
    if stream.kind is StreamKind.WINDOW:
        shown = pages.queries.windows.get(organisation, stream.id, who.now)
    details = shown or pages.queries.agendas.get(organisation, stream.id)
    same = [event for event in details.events if _together(event, first)]
    number = getattr(first.fact, "number", 0) if hasattr(first.fact, "response") else 0
    page = pages.templates.page(
        "recorded.html",
        who,
        event=first,
        told=history.with_sentences(same, who, pages.names(organisation, same, who)),
        response=shown.window.received(number) if shown and number else None,
        receipts=receipts.positions(shown) if shown else {},
        organisation=organisation,
        stream=stream,
        text_hash=shown.window.text_hash if shown else "",
        zone=window.deadline_zone(shown.window) if shown else details.body.zone or "UTC",
        again=again,
        mine=mine,
    )
    return HTMLResponse(page, headers=language_headers(who))


def _together(event: RecordedEvent, first: RecordedEvent) -> bool:
    """Whether an event was appended with the first one, or is it."""
    return event.position == first.position or event.caused_by == str(first.event_id)
