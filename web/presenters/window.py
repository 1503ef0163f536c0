"""What a silence window's page shows beyond the record itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from domain.silence import Phase
from domain.silence.responses import BREAKING, ReceivedResponse
from domain.silence.window import Window
from web.i18n.labels import ENDINGS, N_, STANDINGS
from web.presenters.text_diff import DiffPiece, diff_words
from workflows.acts.window_state import deadline_zone as deadline_zone
from workflows.queries.window import WindowDetails

STATES = (
    "objected",
    "waits for a ruling",
    "not ruled on",
    "explicitly no objection",
    "answered without objecting",
    "notified",
    "delivery failed",
    "notice waived",
    "silent",
    "no voice",
)
"""The states of a seat, those first that decide something."""


RULED = N_("ruled to break the silence")
NO_OBJECTION = N_("ruled not to break the silence")
NOT_IN_TIME = N_("ruled not to have come in time")
DISMISSED = N_("ruled not to break the silence, or not to have come in time")
WITHDRAWN = N_("withdrawn")

OFF_MS = 1_000
"""From how far on the presiding officer hears that a clock was off, in milliseconds."""


@dataclass(frozen=True)
class WindowPart:
    """A separable part of what is under silence, with what became of it."""

    item: str
    titles: Mapping[str, str]
    outcome: str


LISTED: Final = 200
"""How many responses a page lists beside those that may break the silence."""


def listed_responses(responses: Sequence[ReceivedResponse]) -> list[ReceivedResponse]:
    """The responses that a page lists: all that may break the silence, and the newest others."""
    newest = {response.number for response in responses[-LISTED:]}
    return [
        response
        for response in responses
        if response.breaks is not False or response.number in newest
    ]


def window_parts(window: Window, titles: Mapping[str, Mapping[str, str]]) -> list[WindowPart]:
    """The parts on which there is one outcome each; the whole text where it is undivided."""
    return [
        WindowPart(
            part, titles.get(part, {}) if part else window.subject.titles, window.outcome(part)
        )
        for part in window.parts
    ]


def tally(shown: WindowDetails) -> list[tuple[str, int]]:
    """How many seats stand how; every state that somebody is in."""
    return [(state, shown.tally[state]) for state in STATES if shown.tally.get(state)]


def is_running(shown: WindowDetails) -> bool:
    """Whether its clock runs now."""
    return shown.phase is Phase.OPEN and not shown.window.attested


def deadline_instant(window: Window) -> datetime | None:
    """The instant of the deadline, where it is known that exactly."""
    return window.closes.latest if window.closes.has_hour and _exact(window) else None


def _exact(window: Window) -> bool:
    return window.closes.earliest == window.closes.latest


def early_end(shown: WindowDetails) -> str:
    """How it ended otherwise than by its deadline, in an English text for the catalogues."""
    if shown.window.revoked:
        return ENDINGS["revoked"]
    return ENDINGS[shown.phase] if shown.phase in {Phase.BROKEN, Phase.SUPERSEDED} else ""


def percent_passed(window: Window, now: datetime) -> int:
    """How much of the time from opening to deadline is over, in percent."""
    end = deadline_instant(window)
    if end is None or not window.opened.has_hour:
        return 0
    whole = (end - window.opened.earliest).total_seconds()
    share = (now - window.opened.earliest).total_seconds() / whole if whole > 0 else 1.0
    return round(100 * min(max(share, 0), 1))


def flagged_responses(window: Window) -> list[ReceivedResponse]:
    """Responses of which the clocks leave something to the presiding officer."""
    return [
        response
        for response in window.responses
        if response.standing == "at the margin" or abs(response.offset_ms or 0) > OFF_MS
    ]


@dataclass(frozen=True)
class ChangedPart:
    """What a relaunch changed in one part and language, word by word."""

    part: str
    language: str
    pieces: list[DiffPiece]
    heading: bool
    """Whether the part is a heading, called by its id."""


def changed_parts(shown: WindowDetails) -> list[ChangedPart]:
    """The wordings of a relaunch that differ from those circulated before."""
    return [
        ChangedPart(text.part, text.language, diff_words(text.before, text.after), text.heading)
        for text in shown.changed
        if text.before != text.after
    ]


def standing_texts(response: ReceivedResponse) -> list[str]:
    """How a response stands, in English texts for the catalogues."""
    texts = [STANDINGS.get(response.standing, response.standing)]
    if response.ruled is not None:
        texts.append(RULED if response.ruled else _dismissed(response))
    return [*texts, WITHDRAWN] if response.withdrawn else texts


def _dismissed(response: ReceivedResponse) -> str:
    """What it means that a response was ruled not to break the silence."""
    if response.response.kind not in BREAKING:
        return NO_OBJECTION
    return NOT_IN_TIME if response.standing == "at the margin" else DISMISSED
