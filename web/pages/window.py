"""The page of a silence procedure: its deadline, seats, responses and outcome."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from web.api import representations
from web.forms import availability, form
from web.http.context import Reader
from web.page_context import PageContext, Shown
from web.presenters import history, receipt
from web.presenters import window as windows
from workflows.queries.window import WindowDetails


def page(context: PageContext, reader: Reader, organisation: str, name: str) -> Shown:
    """A silence procedure. Raises Refused for one that is not in the record."""
    shown = context.queries.windows.get(organisation, name, reader.now, reader.at)
    then = context.then(organisation, reader)
    names = history.in_language(shown.names, reader.language)
    values = {
        "shown": shown,
        "window": shown.window,
        "agenda": shown.of_agenda,
        "titles": shown.items,
        "then": then,
        "offered": availability.offered(shown),
        "receipts": receipt.positions(shown),
        "told": history.told(shown.events[-history.PAGE :], reader, names),
        **_clock(shown, then),
        **_responses(shown),
    }

    def representation() -> object:
        sentences = history.told(shown.events, reader, names)
        return representations.window(shown, sentences, context.codec)

    return Shown("window.html", values, representation)


def _clock(shown: WindowDetails, then: datetime) -> Mapping[str, object]:
    """What the page shows of the deadline, and how far it is away."""
    window = shown.window
    return {
        "running": windows.running(shown),
        "ends": windows.ends(window),
        "cut": windows.cut_short(shown),
        "zone": windows.zone(window),
        "passed": windows.passed(window, then),
    }


def _responses(shown: WindowDetails) -> Mapping[str, object]:
    """What the page shows of responses, and of what they decide."""
    window = shown.window
    return {
        "flagged": windows.flagged(window),
        "unheard": () if window.attested else window.unheard,
        "off_ms": windows.OFF_MS,
        "waiting": len(form.waiting(window)),
        "changed": windows.changed(shown),
        "parts_of": windows.parts(window, shown.items),
        "tally": windows.tally(shown),
        "objections": shown.objecting,
        "uncounted": len(window.uncounted),
        "responses": windows.listed(window.responses),
    }
