"""What a letter about a window can tell: as the record stood when it was caused, and stands now."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Final, Protocol

from msgspec import Struct

from domain.body import Body
from domain.decision_context import DecisionContext
from domain.messages import RecordedEvent
from domain.notices import Notice
from domain.ports.event_store import History
from domain.silence import Window
from domain.silence.objection_tally import Voices
from domain.silence.responses import BREAKING, ReceivedResponse
from domain.silence.roster import FrozenSeat
from domain.streams import Stream, StreamKind
from workflows.history.as_of import HistoryAsOf
from workflows.history.redaction import Redaction
from workflows.notifications import policy
from workflows.queries.window_texts import window_wordings

STATEMENTS: Final = frozenset(
    {
        *BREAKING,
        "unclear",
        "reservation",
        "interpretative statement",
        "explanation of position",
    }
)
"""Kinds of response that go out with the outcome."""
UNKNOWN_WINDOW: Final = frozenset({"responder-on-roster", "empowered-to-act"})
"""Rules that refuse what its seat may never have sent: its words do not go out to all."""


class LetterContent(Struct, frozen=True, kw_only=True):
    """What a letter can tell: the window as it may be shown, and the event that is told.

    `window` is as it stood when the letter was caused, `present` as it stands when it is written;
    `since` is what all were told of between the two.
    """

    notice: Notice
    window: Window
    body: Body
    text: Mapping[str, str]
    titles: Mapping[str, Mapping[str, str]]
    """Titles of the agenda items as they are under silence, by item and language."""
    statements: tuple[ReceivedResponse, ...]
    event: RecordedEvent
    """The event at the notice's position, as it may be shown."""
    present: Window
    since: tuple[RecordedEvent, ...]
    seat: FrozenSeat | None
    """The seat that is told, as it was asked; None for an office."""
    objecting: int = 0
    """How many members objected, as the window stood when the letter was caused."""


def letter_content(
    history: History, world_of: Callable[[History], DecisionContext], notice: Notice
) -> LetterContent:
    """What the letter of a notice tells, by the record as it stands now."""
    now = world_of(history)
    then = HistoryAsOf(history, notice.position)
    world = world_of(then)
    window = world.window(notice.window)
    shown = Redaction(world)
    covered = shown.redact_window(window)
    (event,) = then.since(notice.position - 1, 1)
    return LetterContent(
        notice=notice,
        window=covered,
        body=world.body(window.body),
        text=_text(window, world),
        titles=window_wordings(window, world) if window.subject.agenda else {},
        statements=tuple(
            one
            for one in covered.responses
            if one.response.kind in STATEMENTS and one.rule not in UNKNOWN_WINDOW
        ),
        event=shown.redact_event(event),
        present=shown.redact_window(now.window(notice.window)),
        since=tuple(
            shown.redact_event(one)
            for one in now.events(Stream(StreamKind.WINDOW, notice.window))
            if one.position > notice.position and policy.broadcast_topic(one.fact)
        ),
        seat=_seat(notice, window, world),
        objecting=len(Voices.of_window(window, world).objecting_members()),
    )


def _seat(notice: Notice, window: Window, world: DecisionContext) -> FrozenSeat | None:
    """The seat that a notice is for."""
    if notice.office:
        return None
    return next((one for one in policy.roster_seats(window, world) if one.seat == notice.to), None)


def _text(window: Window, world: DecisionContext) -> Mapping[str, str]:
    """The text under silence by language; agenda items are told by their titles."""
    if window.subject.agenda or not window.text_hash:
        return {}
    told: Mapping[str, str] = json.loads(world.content(window.text_hash))["text"]
    return told


class LetterWriter(Protocol):
    """Writes letters."""

    def write(self, matter: LetterContent, language: str) -> tuple[str, str]:
        """Subject and text in this language, or in English where it is not known."""
