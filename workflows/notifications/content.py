"""What a letter about a window can tell: as the record stood when it was caused, and stands now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Protocol

from msgspec import Struct, structs

from domain.body import Body
from domain.messages import RecordedEvent
from domain.notices import Notice
from domain.session import Session
from domain.silence import Window
from domain.silence.objection_tally import Voices
from domain.silence.responses import BREAKING, ReceivedResponse
from domain.silence.roster import FrozenSeat
from domain.streams import Stream, StreamKind
from workflows.history.redaction import Redaction
from workflows.notifications import policy
from workflows.notifications.round_cache import NotifiedRecord
from workflows.queries.window_agenda import AgendaOfWindow, agenda_of, session_of
from workflows.queries.window_seats import roster_of
from workflows.queries.window_texts import HeadingText, texts_of

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
    """The content of a letter: the window as it may be shown, and the event that it is about.

    `window` is as it stood when the letter was caused, `present` as it stands when it is written;
    `since` is what all were notified of between the two.
    """

    notice: Notice
    window: Window
    body: Body
    of_agenda: AgendaOfWindow | None
    """The agenda whose items are under silence; None for any other text."""
    of_session: Session | None
    """The session of that agenda, or whose dates are under silence, as it stands when the letter is
    written; None for any other text."""
    text: Mapping[str, str]
    titles: Mapping[str, Mapping[str, str]]
    """Titles of the agenda items as they are under silence, by item and language."""
    headings: tuple[HeadingText, ...]
    """The headings above those items."""
    statements: tuple[ReceivedResponse, ...]
    event: RecordedEvent
    """The event at the notice's position, as it may be shown."""
    present: Window
    since: tuple[RecordedEvent, ...]
    seat: FrozenSeat | None
    """The seat that is notified, as it was asked; None for an office."""
    objecting: int = 0
    """How many members objected, as the window stood when the letter was caused."""
    signed: bool = True
    """Whether a key signs the receipts of answers."""


class _SharedContent(Struct, frozen=True):
    """What all letters about one event have in common, and the seats that may be notified of it."""

    content: LetterContent
    seats: Mapping[str, FrozenSeat]


def letter_content(record: NotifiedRecord, notice: Notice) -> LetterContent:
    """What the letter of a notice tells, by the record as it stands now. Raises Unreadable.

    Of many letters about one event only the first is made from the record.
    """
    position = record.history(notice.organisation).last_position()
    event = (notice.organisation, notice.window, notice.position)
    shared = record.once((*event, position), lambda: _shared(record, notice, position))
    seat = None if notice.office else shared.seats.get(notice.to)
    return structs.replace(shared.content, notice=notice, seat=seat)


def _shared(record: NotifiedRecord, notice: Notice, position: int) -> _SharedContent:
    """What the letters have in common that tell of the event of a notice, at this position."""
    now = record.as_of(notice.organisation, position)
    world = record.as_of(notice.organisation, notice.position)
    window = world.window(notice.window)
    shown = Redaction(world)
    covered = shown.redact_window(window)
    texts = texts_of(window, world)
    content = LetterContent(
        notice=notice,
        window=covered,
        body=world.body(window.body),
        of_agenda=agenda_of(window, world),
        of_session=session_of(window, now),
        text=texts.text,
        titles=texts.titles,
        headings=texts.headings,
        statements=tuple(
            response
            for response in covered.responses
            if response.response.kind in STATEMENTS and response.rule not in UNKNOWN_WINDOW
        ),
        event=shown.redact_event(_event(record, notice)),
        present=shown.redact_window(now.window(notice.window)),
        since=tuple(
            shown.redact_event(event)
            for event in now.events(Stream(StreamKind.WINDOW, notice.window))
            if event.position > notice.position and policy.broadcast_topic(event.fact)
        ),
        seat=None,
        objecting=len(Voices.of_window(window, world).objecting_members()),
    )
    return _SharedContent(content, {seat.seat: seat for seat in roster_of(window, world)})


def _event(record: NotifiedRecord, notice: Notice) -> RecordedEvent:
    """The event at the position of a notice; that of a reminder may be about anything else."""
    history = record.history(notice.organisation)
    events = history.events_of(Stream(StreamKind.WINDOW, notice.window))
    found = [event for event in events if event.position == notice.position]
    return found[0] if found else history.since(notice.position - 1, 1)[0]


class LetterWriter(Protocol):
    """Writes letters."""

    def write(self, matter: LetterContent, language: str) -> tuple[str, str]:
        """Subject and text in this language, or in English where it is not known."""
