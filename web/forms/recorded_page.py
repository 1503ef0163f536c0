"""The page that says what an act has recorded, for its actor; a sender's own receipt."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from fastapi.responses import HTMLResponse, RedirectResponse, Response

from domain.messages import RecordedEvent
from domain.rules import require
from domain.streams import Stream, StreamKind
from web.forms.form_ids import is_form_id
from web.http import urls
from web.http.context import RequestContext, language_headers
from web.page_context import PageContext
from web.presenters import receipt as receipts
from web.presenters import window
from workflows.receipts.issue import Unsigned, response_in

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
    event = response_in(events)
    if event is None or not pages.receipts.lacks(event):
        return None
    receipt = b""
    with suppress(Unsigned):  # the page says so; why is for those who run the program
        receipt = pages.receipts.issue(event.organisation, event.position, to_sender=True) or b""
    return OwnReceipt(command_id, receipt.decode())


def file(
    pages: PageContext,
    who: RequestContext,
    organisation: str,
    name: str,
    command_id: str,
    *,
    text: bool = False,
) -> Response:
    """The sender's own receipt as a file, or what proves the `text`.

    Raises Refused unless this id gave the response here.

    An id that no form made may be a word that others guess, so it opens nothing.
    """
    events = pages.queries.record.history(organisation).events_of_command(command_id)
    event = response_in([event for event in events if str(event.stream) == f"window/{name}"])
    require("known", event and is_form_id(command_id), "no response was sent under this id")
    assert event is not None  # noqa: S101 (required above; the checker of types cannot know)
    pages.authorization.require_receipt(event, who.identity, who.now, own=True)
    if text:
        place = (organisation, event.position)
        return receipts.text_proof_download(pages.receipts, *place, to_sender=True)
    return receipts.receipt_download(pages.receipts, organisation, event.position, to_sender=True)


def lead(who: RequestContext, path: str, *, again: bool) -> Response:
    """Lead to such a page, which says so where the act was sent `again`."""
    address = who.link(path)
    return RedirectResponse(urls.with_query(address, {"again": "yes"}) if again else address, 303)


def page(
    pages: PageContext,
    who: RequestContext,
    organisation: str,
    stream: Stream,
    position: int,
    *,
    again: bool,
    own_receipt: OwnReceipt | None = None,
) -> Response:
    """What was recorded, for its actor: its number, standing, times and hash."""
    events = pages.queries.events.with_caused(organisation, position)
    first = events[0]
    here = first.stream == stream
    require("known", here, f"event {position} is not of {stream.kind} {stream.id}")
    if stream.kind is StreamKind.WINDOW:
        of_window = pages.queries.windows.for_form(organisation, stream.id, who.now).window
        zone = window.deadline_zone(of_window)
    else:
        of_window, zone = None, pages.queries.events.zone(organisation, stream)
    number = getattr(first.fact, "number", 0) if hasattr(first.fact, "response") else 0
    page = pages.templates.page(
        "recorded.html",
        who,
        event=first,
        sentences=pages.narrated(organisation, events, who),
        response=of_window.received(number) if of_window and number else None,
        has_receipt=of_window is not None
        and receipts.has_receipt(
            first,
            of_window,
            to_sender=pages.is_sender(who, organisation, position),
        ),
        signed=pages.receipts.is_signed(who.now),
        organisation=organisation,
        stream=stream,
        text_hash=of_window.text_hash if of_window else "",
        zone=zone,
        again=again,
        own_receipt=own_receipt,
    )
    return HTMLResponse(page, headers=language_headers(who))
