"""A silence procedure with its seats, texts and history, as its page shows it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from msgspec import Struct, field

from domain import deadlines
from domain.body import Body
from domain.deadlines import Deadline
from domain.decision_context import DecisionContext
from domain.folding import fold
from domain.messages import RecordedEvent
from domain.rules import Refused, RulePack
from domain.session import Session
from domain.silence import Phase, Window
from domain.silence.events import SilenceOpened
from domain.silence.objection_tally import Voices
from domain.silence.roster import FrozenSeat
from domain.streams import Stream, StreamKind
from workflows.history.redaction import Redaction
from workflows.projections import stream_rows
from workflows.projections.pagination import Cursor, ListSpan, iterate_rows
from workflows.projections.rows import WindowRow
from workflows.queries import window_texts
from workflows.queries.events import of_streams
from workflows.queries.opening_options import OpeningOptions, opening_options
from workflows.queries.outcomes_to_note import UnnotedOutcomes, unnoted_outcomes
from workflows.queries.record_names import RecordNames, names_in
from workflows.queries.record_reader import Record
from workflows.queries.window_agenda import AgendaOfWindow, agenda_of, session_of
from workflows.queries.window_seats import SeatDetails, roster_of, seats_of, tally


class WindowAtMoment(Struct, frozen=True, kw_only=True):
    """A window as it stands at a moment, and who was asked."""

    organisation: str
    window: Window
    body: Body
    phase: Phase
    at: datetime
    """The moment (UTC) at which it stands so."""
    roster: tuple[FrozenSeat, ...]
    """The seats that were asked, which is no secret."""


class WindowForForm(WindowAtMoment, frozen=True, kw_only=True):
    """What a form about a window needs, and no more: its history is not read for it."""

    of_agenda: AgendaOfWindow | None
    """The agenda whose items are under silence; None for any other text."""
    of_session: Session | None
    """The session of that agenda, or whose dates are under silence; None for any other text."""
    text: Mapping[str, str]
    """The text under silence by language; empty where it is agenda items, or no source has it."""
    items: Mapping[str, Mapping[str, str]]
    """Of agenda items: the titles that were submitted, by item and language."""
    chosen: Mapping[str, str] = field(default_factory=dict)
    """What was chosen before the form began, such as the event that it is about, by field."""


class WindowDetails(WindowAtMoment, frozen=True, kw_only=True):
    """All that a window's page shows."""

    of_agenda: AgendaOfWindow | None
    """The agenda whose items are under silence; None for any other text."""
    of_session: Session | None
    """The session of that agenda, or whose dates are under silence; None for any other text."""
    seats: tuple[SeatDetails, ...]
    """How each of them stands; none where names are withheld."""
    tally: Mapping[str, int]
    objecting: int
    """How many members object, by whatever number of letters and seats."""
    text: Mapping[str, str]
    """The text under silence by language; empty where it is agenda items, or no source has it."""
    items: Mapping[str, Mapping[str, str]]
    """Of agenda items: the titles that were submitted, by item and language."""
    headings: tuple[window_texts.HeadingText, ...]
    """The headings above those items, as they were submitted."""
    changed: tuple[window_texts.ChangedWording, ...]
    """Of a relaunch: its text beside the one that was circulated before, as far as both have it."""
    not_compared: window_texts.NotCompared | None
    """Of a relaunch: what only one of these texts has; None where they cannot be compared."""
    again: Deadline | None
    """The deadline recomputed from the record; None where that cannot be done."""
    pack: RulePack
    events: tuple[RecordedEvent, ...]
    names: RecordNames
    """What the bodies and seats are called of which the events speak, as of now."""


class ListedWindow(Struct, frozen=True):
    """A silence procedure in a list: what is kept of it, and its phase."""

    organisation: str
    row: WindowRow
    phase: Phase


class WindowQueries(Struct, frozen=True):
    """Reads silence procedures."""

    record: Record

    def get(self, organisation: str, name: str, now: datetime, at: str = "") -> WindowDetails:
        """A window with its seats and responses. Raises Refused when there is none."""
        world = self.record.context(organisation, at)
        window = world.window(name)
        body = world.body(window.body)
        texts = window_texts.texts_of(window, world)
        changed, not_compared = window_texts.compare_with_earlier(window, world)
        moment = self.record.moment(organisation, at, now)
        roster = roster_of(window, world)
        seats = seats_of(window, roster)
        events = of_streams(world, [Stream(StreamKind.WINDOW, name)])
        present = self.record.context(organisation) if at else world
        return WindowDetails(
            organisation=organisation,
            window=Redaction(world).redact_window(window),
            of_agenda=agenda_of(window, world),
            of_session=session_of(window, world),
            body=body,
            phase=window.phase(moment),
            at=moment,
            roster=roster,
            seats=() if window.policy.names_withheld else seats,
            tally=tally(seats),
            objecting=len(Voices.of_window(window, world).objecting_members()),
            text=texts.text,
            items=texts.titles,
            headings=texts.headings,
            changed=changed,
            not_compared=not_compared,
            again=_recomputed(window, world),
            pack=_pack(window, body, world),
            events=events,
            names=names_in(events, present),
        )

    def for_form(self, organisation: str, name: str, now: datetime) -> WindowForForm:
        """A window as a form needs it: without its history, and without texts compared.

        Raises Refused when there is none.
        """
        world = self.record.present(organisation)
        window = world.window(name)
        texts = window_texts.texts_of(window, world)
        return WindowForForm(
            organisation=organisation,
            window=Redaction(world).redact_window(window),
            body=world.body(window.body),
            phase=window.phase(now),
            at=now,
            roster=roster_of(window, world),
            of_agenda=agenda_of(window, world),
            of_session=session_of(window, world),
            text=texts.text,
            items=texts.titles,
        )

    def items_to_freeze(
        self, organisation: str, opened: SilenceOpened
    ) -> window_texts.WindowTexts | None:
        """The submitted items that an opening would put under silence; None for any other text.

        Raises Refused for a content that the store lost.
        """
        if not opened.subject.agenda:
            return None
        world = self.record.present(organisation)
        return window_texts.texts_under(opened.text_hash, opened.subject, world)

    def answered_by(self, seats: frozenset[str], organisation: str, name: str) -> frozenset[int]:
        """The numbers of the responses that any of these seats gave, also where names are withheld.

        Raises Refused when there is no such window.
        """
        responses = self.record.present(organisation).window(name).responses if seats else ()
        return frozenset(
            each.number for each in responses if seats.intersection(each.response.seats)
        )

    def list(
        self, now: datetime, start: Cursor | None = None
    ) -> Iterator[tuple[Cursor, ListedWindow]]:
        """Every silence procedure, or every one after one, with where it stands in the list.

        Those whose clock runs come first, nearest end first. Raises Refused for a row that cannot
        be there.
        """
        spans = [ListSpan(place) for place in stream_rows.WINDOWS]
        for page in iterate_rows(self.record.kept, WindowRow.view, spans, start):
            rows = self.record.kept.rows_named(WindowRow, [cursor.mark[1:] for cursor in page])
            for cursor in page:
                _, organisation, name = cursor.mark
                if row := rows.get((organisation, name)):
                    yield cursor, ListedWindow(organisation, row, row.phase(now))

    def unnoted_outcomes(
        self, organisation: str, at: str = "", start: Cursor | None = None
    ) -> UnnotedOutcomes:
        """The outcomes that a meeting has yet to note, or some of them from a row on.

        Raises Refused for a row that cannot be there.
        """
        world = self.record.context(organisation, at)
        return unnoted_outcomes(organisation, world, self.record.rows(organisation, at), start)

    def opening_options(self, organisation: str, agenda: str = "") -> OpeningOptions:
        """What may be put under silence now, and by which bodies; for an agenda, by which one.

        Raises Refused for an agenda that is not there.
        """
        world, kept = self.record.present(organisation), self.record.kept
        return opening_options(organisation, world, kept, agenda)


def _pack(window: Window, body: Body, world: DecisionContext) -> RulePack:
    """The rules by which a window was opened; for attested history, those that are known by now."""
    opened = world.events(Stream(StreamKind.WINDOW, window.id))[0]
    if window.attested or not opened.pack:
        return world.pack_of(body, window.opened)
    return world.packs.read(world.content(opened.pack))


def _recomputed(window: Window, world: DecisionContext) -> Deadline | None:
    """The window's deadline recomputed, with the calendars that its opening had in view.

    None as well when the time zones of today do not let it be computed any more.
    """
    if window.deadline is None:
        return None
    body = Stream(StreamKind.BODY, window.body)
    events = world.events(Stream(StreamKind.WINDOW, window.id))
    read = max((event.reads.get(str(body), 0) for event in events), default=0)
    seen = fold(StreamKind.BODY, world.events(body)[:read])
    try:
        return deadlines.recompute(window.deadline, seen.calendars, world.tzdata)
    except Refused:
        return None
