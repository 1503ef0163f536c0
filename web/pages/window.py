"""The page of a silence procedure: its deadline, seats, responses and outcome."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from domain.streams import Stream, StreamKind
from web.api import representations
from web.http.context import RequestContext
from web.i18n.clock_granularity import whole_minute
from web.page_context import PageContent, PageContext
from web.pages.erasable_events import erasable_events
from web.presenters import awaited_acts, history, receipt
from web.presenters import window as windows
from workflows.queries.window import WindowDetails


def page(context: PageContext, reader: RequestContext, organisation: str, name: str) -> PageContent:
    """A silence procedure. Raises Refused for one that is not in the record."""
    shown = context.queries.windows.get(organisation, name, reader.now, reader.at)
    then = context.then(organisation, reader)
    names = history.in_language(shown.names, reader.language)
    offered = reader.offered(organisation, StreamKind.WINDOW, shown, shown.window)
    values = {
        "shown": shown,
        "window": shown.window,
        "agenda": shown.of_agenda,
        "session": shown.of_session,
        "titles": shown.items,
        "then": then,
        "awaited": shown.window.awaited(then),
        "awaited_acts": [
            link
            for link in awaited_acts.of_window(organisation, shown.window.awaited(then), shown)
            if reader.may(organisation, link.act, shown, shown.window)
        ],
        "stream": Stream(StreamKind.WINDOW, name),
        "offered": offered,
        "not_yet": reader.not_yet(organisation, StreamKind.WINDOW, shown, shown.window),
        "pending": [
            draft
            for draft in context.waiting(organisation, reader)
            if draft.waits and draft.waits.stream == f"window/{name}"
        ],
        "seats": names.seats.get(Stream(StreamKind.WINDOW, name), {}),
        "receipts": _receipts(context, shown, reader),
        "readable_evidence": _readable_evidence(shown, reader),
        "signed": context.receipts.is_signed(reader.now),
        "sentences": history.with_sentences(shown.events[-history.PAGE :], reader, names),
        "erasable": erasable_events(context, reader, organisation, shown.events[-history.PAGE :]),
        **_clock(shown, then),
        **_responses(shown),
    }

    def representation() -> object:
        sentences = history.with_sentences(shown.events, reader, names)
        return representations.window(shown, sentences, context.codec)

    ends = [] if reader.at else [shown.window.closes.latest]
    return PageContent("window.html", values, representation, ends)


def _receipts(
    context: PageContext, shown: WindowDetails, reader: RequestContext
) -> Mapping[int, int]:
    """The receipts that the reader may see by a role: of all seats, or of the own one.

    Where names are withheld, only those of the own one.
    """
    found, window = receipt.positions(shown), shown.window
    withheld, access = window.policy.names_withheld, reader.access
    everybodys = access is None or access.sees_receipts(shown.organisation, window.body)
    if everybodys and not withheld:
        return found
    own = access.seats(shown.organisation, window) if access else frozenset[str]()
    numbers = context.queries.windows.answered_by(own, shown.organisation, window.id)
    return {number: position for number, position in found.items() if number in numbers}


def _readable_evidence(shown: WindowDetails, reader: RequestContext) -> frozenset[int]:
    """The responses whose papers the reader may read; where names are withheld none is given."""
    window = shown.window
    if window.policy.names_withheld or window.attested:
        return frozenset()
    if reader.access is None:
        return frozenset(each.number for each in window.responses if each.response.evidence)
    return reader.access.readable_evidence(shown.organisation, window)


def _clock(shown: WindowDetails, then: datetime) -> Mapping[str, object]:
    """What the page shows of the deadline, and how far it is away."""
    window = shown.window
    return {
        "running": windows.is_running(shown),
        "ends": windows.deadline_instant(window),
        "cut": windows.early_end(shown),
        "zone": windows.deadline_zone(window),
        "passed": windows.percent_passed(window, whole_minute(then)),
    }


def _responses(shown: WindowDetails) -> Mapping[str, object]:
    """What the page shows of responses, and of what they decide."""
    window = shown.window
    return {
        "flagged": windows.flagged_responses(window),
        "unconsidered": () if window.attested else window.unconsidered_responses,
        "off_ms": windows.OFF_MS,
        "waiting": window.awaiting_ruling,
        "changed": windows.changed_parts(shown),
        "parts_of": windows.window_parts(window, shown.items),
        "tally": windows.tally(shown),
        "objections": shown.objecting,
        "uncounted": len(window.uncounted),
        "responses": windows.listed_responses(window.responses),
    }
