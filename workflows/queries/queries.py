"""Everything that is shown is read here: now, or as of a position or an instant of the record."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any, Final

from msgspec import Struct

from domain import deadlines, milestones
from domain.agenda import Agenda
from domain.agenda import checks as noticed
from domain.agenda.checks import TitleDifference
from domain.agenda.events import ItemsPutUnderSilence, WorkOrganized
from domain.agenda.work_schedule import PlacedSlot, current_slots, slots_of
from domain.body import Body
from domain.corrections import FactCorrected, affected_events, apply_corrections
from domain.deadlines import Deadline
from domain.decision_context import DecisionContext
from domain.documents import Document
from domain.folding import fold
from domain.messages import RecordedEvent
from domain.ports.address_book import Directory
from domain.ports.errors import ParkedStream
from domain.ports.event_store import EventLog, History
from domain.ports.read_models import ReadModelReader
from domain.rules import Finding, Refused, Rule, RulePack, require
from domain.session import Session, SessionPart
from domain.session.checks import check_meetings
from domain.session.events import MeetingsPlanned, SessionPostponed
from domain.silence import Phase, Window
from domain.silence.cautions import Caution, address_cautions, cautions
from domain.silence.current_windows import current_windows
from domain.silence.events import SilenceOpened
from domain.silence.objection_tally import Voices
from domain.silence.responses import ReceivedResponse
from domain.silence.roster import FrozenSeat, decode_roster
from domain.streams import Stream, StreamKind
from domain.symbols import Symbol, is_same_document
from domain.times import EARLIEST, UNKNOWN, When
from workflows.history.as_of import HistoryAsOf, all_events
from workflows.history.redaction import Redaction
from workflows.projections import parking, status
from workflows.projections.in_memory import InMemoryReadModels
from workflows.projections.pagination import Cursor, ListSpan, iterate_rows
from workflows.queries import agenda_timeline, board, window_texts
from workflows.queries.board import Board
from workflows.queries.opening_options import OpeningOptions, opening_options
from workflows.queries.unnoted_outcomes import UnnotedOutcomes, unnoted_outcomes


class AgendaDetails(Struct, frozen=True, kw_only=True):
    """All that an agenda's page shows."""

    organisation: str
    agenda: Agenda
    body: Body
    approver: Body | None
    session: Session | None
    window: Window | None
    """The first of those that count at present."""
    current: tuple[Window, ...]
    """All that count at present, nearest end first; the last one where nothing is awaited."""
    windows: tuple[Window, ...]
    """All that ever asked about its items, in the order of the record."""
    documents: tuple[Document, ...]
    steps: list[agenda_timeline.TimelineStep]
    work: tuple[PlacedSlot, ...]
    """The organization of work, with the numbers that items bear now."""
    noticed: tuple[Finding, ...]
    differences: tuple[TitleDifference, ...]
    """Titles that read otherwise in the annotations or in the organization of work."""
    found: tuple[Finding, ...]
    lines: tuple[milestones.Milestone, ...]
    outdated: tuple[str, ...]
    """What was planned before the session was moved, and not anew since."""
    pack: RulePack
    events: tuple[RecordedEvent, ...]


class SeatDetails(Struct, frozen=True, kw_only=True):
    """One seat of a window and how it stands.

    `beside` are the numbers of what else came from it, or for it: late, withdrawn, ruled out, or
    not to be counted.
    """

    seat: FrozenSeat
    state: str
    beside: tuple[int, ...] = ()


class WindowDetails(Struct, frozen=True, kw_only=True):
    """All that a window's page shows."""

    organisation: str
    window: Window
    body: Body
    phase: Phase
    at: datetime
    """The moment (UTC) at which it stands so."""
    roster: tuple[FrozenSeat, ...]
    """The seats that were asked, which is no secret."""
    seats: tuple[SeatDetails, ...]
    """How each of them stands; none where names are withheld."""
    tally: Mapping[str, int]
    objecting: int
    """How many members object, by whatever number of letters and seats."""
    text: Mapping[str, str]
    """The text under silence by language; empty where it is agenda items, or no source has it."""
    items: Mapping[str, Mapping[str, str]]
    """Of agenda items: the titles that were submitted, by item and language."""
    changed: tuple[window_texts.ChangedWording, ...]
    """Of a relaunch: each text beside the one that was circulated before."""
    again: Deadline | None
    """The deadline computed anew from the record; None where that cannot be done."""
    pack: RulePack
    events: tuple[RecordedEvent, ...]


class Queries:
    """Reads one log, with the rows kept from it."""

    def __init__(
        self,
        log: EventLog,
        views: ReadModelReader,
        world_of: Callable[[History], DecisionContext],
        directory: Callable[[], Directory | None] = lambda: None,
    ) -> None:
        """`directory` gives how seats are reached, or None where none was loaded."""
        self._log, self._views, self._world_of = log, views, world_of
        self._directory = directory

    def organisations(self) -> list[str]:
        """The organisations that have events, in order of their names."""
        return sorted(self._log.organisations())

    def history(self, organisation: str, at: str = "") -> History:
        """The history of an organisation, whole or as of a position or an instant.

        `at` is a position (`41`) or a time with hour and zone. Raises Refused for an unknown
        organisation, and UnclearTime for a moment that is none.
        """
        require(
            "known", organisation in self._log.organisations(), f"no organisation {organisation}"
        )
        history = self._log.history(organisation)
        if not at:
            return history
        if at.isdecimal():
            return HistoryAsOf(history, int(at))
        return HistoryAsOf(history, history.position_at(When(at).exact))

    def was_done(self, organisation: str, command_id: str) -> bool:
        """Whether a command with this id was carried out before."""
        return bool(self._log.history(organisation).events_of_command(command_id))

    def world(self, organisation: str) -> DecisionContext:
        """The record of an organisation as it stands now."""
        return self._world_of(self._log.history(organisation))

    def moment(self, organisation: str, at: str, now: datetime) -> datetime:
        """The moment that is looked at (UTC): now, an instant, or when a position was recorded."""
        if not at:
            return now
        if not at.isdecimal():
            return When(at).exact
        last = self.history(organisation, at).last_position()
        found = self._log.history(organisation).since(last - 1, 1) if last else ()
        return found[0].recorded_at if found else now

    def parked_streams(self) -> tuple[ParkedStream, ...]:
        """The streams of which the kept rows could not be made, of all organisations."""
        return tuple(
            one
            for organisation in self.organisations()
            for one in parking.parked_streams(self._views, organisation).values()
        )

    def board(self, now: datetime, at: str = "") -> Board:
        """The status board of all organisations; as of a moment, it is made from the log."""
        if not at:
            return Board(self._views, now, lambda _: now)
        moments = {name: self.moment(name, at, now) for name in self.organisations()}
        made = InMemoryReadModels()
        for name, moment in moments.items():
            made.add(name, board.rows_as_of(self._folded(name, at), moment))
        return Board(made, EARLIEST, moments.__getitem__)

    def _folded(self, organisation: str, at: str) -> status.StatusRows:
        """The rows of an organisation as they stood, made from its events."""
        history = self.history(organisation, at)
        world = self._world_of(history)
        return status.status_rows(
            status.changed_streams(all_events(history)),
            world.state,
            lambda body: world.pack_of(body, UNKNOWN),
            lambda _: (),  # every agenda is among the streams
            objecting=lambda window: len(Voices.of_window(window, world).objecting_members()),
        )

    def _lists(self, organisation: str, at: str) -> ReadModelReader:
        """The rows of one organisation: those that are kept, or as they stood."""
        if not at:
            return self._views
        made = InMemoryReadModels()
        made.add(organisation, self._folded(organisation, at))
        return made

    def agenda(self, organisation: str, name: str, at: str = "") -> AgendaDetails:
        """An agenda with all that belongs to it. Raises Refused when there is none."""
        history = self.history(organisation, at)
        world = self._world_of(history)
        agenda = world.agenda(name)
        body = world.body(agenda.body)
        pack = world.pack_of(body, UNKNOWN)
        session = world.session(agenda.session) if agenda.session else None
        windows = tuple(
            Redaction(world).redact_window(world.window(window)) for window in _asked(world, name)
        )
        documents = tuple(self._documents(world, organisation, agenda, pack))
        counting = {item.window for item in agenda.items}
        present = current_windows(one for one in windows if one.id in counting)
        streams = [
            Stream(StreamKind.AGENDA, name),
            *(Stream(StreamKind.WINDOW, w.id) for w in windows),
        ]
        streams += [Stream(StreamKind.DOCUMENT, document.id) for document in documents]
        streams += [Stream(StreamKind.SESSION, session.id)] if session else []
        events = self._events(world, streams)
        part = session.part(agenda.part) if session else Session.no_dates
        opening = UNKNOWN if session and session.reason_not_held(agenda.part) else part.starts
        regular = session.regular if session else True
        standing = (
            *noticed.check_items(agenda.provisional, pack),
            *noticed.check_texts(agenda, world.content, session.meetings if session else ()),
            *_of_days(agenda, session, part, world),
        )
        return AgendaDetails(
            organisation=organisation,
            agenda=agenda,
            body=body,
            approver=world.body(agenda.approved_by) if agenda.approved_by else None,
            session=session,
            window=present[0] if present else None,
            current=present,
            windows=windows,
            documents=documents,
            steps=agenda_timeline.agenda_timeline(agenda, session, present),
            work=current_slots(agenda.work, agenda.items, world.content),
            noticed=tuple(f for f in standing if f.rule in pack.rules),
            differences=noticed.title_differences(agenda, world.content),
            found=tuple(finding for one in events for finding in one.findings),
            lines=milestones.milestones(opening, milestones.milestone_days(pack, regular=regular)),
            outdated=_outdated(events),
            pack=pack,
            events=events,
        )

    def _documents(
        self, world: DecisionContext, organisation: str, agenda: Agenda, pack: RulePack
    ) -> list[Document]:
        """The agenda's own documents, and those that its items list by symbol, oldest first.

        Which ones they may be is known from the rows as they are kept now.
        """
        forms = pack.parameters.get("symbol-forms", "")
        listed = {symbol for item in agenda.items for symbol in item.documents}
        names = {
            str(row["id"]) for row in self._views.rows_part_of("document", organisation, agenda.id)
        }
        names |= {one for text in listed for one in _reserved(world, text, forms)}
        begun: dict[str, int] = {}
        for name in names:
            events = world.events(Stream(StreamKind.DOCUMENT, name))
            document: Document = world.state(Stream(StreamKind.DOCUMENT, name))
            wanted = any(is_same_document(document.symbol, one, forms) for one in listed)
            if events and (document.agenda == agenda.id or wanted):
                begun[name] = events[0].position
        return [world.document(name) for name in sorted(begun, key=begun.__getitem__)]

    def _events(self, world: DecisionContext, streams: list[Stream]) -> tuple[RecordedEvent, ...]:
        shown = Redaction(world)
        events = [one for stream in streams for one in world.events(stream)]
        return tuple(
            shown.redact_event(one) for one in sorted(events, key=lambda one: one.position)
        )

    def window(self, organisation: str, name: str, now: datetime, at: str = "") -> WindowDetails:
        """A window with its seats and responses. Raises Refused when there is none."""
        history = self.history(organisation, at)
        world = self._world_of(history)
        window = world.window(name)
        body = world.body(window.body)
        frozen = decode_roster(world.content(window.roster_hash)) if window.roster_hash else ()
        told = window_texts.window_wordings(window, world)
        moment = self.moment(organisation, at, now)
        states = [
            SeatDetails(seat=seat, state=seat_state(window, seat), beside=_beside(window, seat))
            for seat in frozen
        ]
        tally: dict[str, int] = {}
        for one in states:
            tally[one.state] = tally.get(one.state, 0) + 1
        return WindowDetails(
            organisation=organisation,
            window=Redaction(world).redact_window(window),
            body=body,
            phase=window.phase(moment),
            at=moment,
            roster=frozen,
            seats=() if window.policy.names_withheld else tuple(states),
            tally=tally,
            objecting=len(Voices.of_window(window, world).objecting_members()),
            text=told.get("", {}),
            items={item: texts for item, texts in told.items() if item},
            changed=window_texts.changed_wordings(window, world),
            again=_again(window, world),
            pack=_pack(window, body, world),
            events=self._events(world, [Stream(StreamKind.WINDOW, name)]),
        )

    def windows(
        self, now: datetime, start: Cursor | None = None
    ) -> Iterator[tuple[Cursor, Mapping[str, Any]]]:
        """Every silence procedure, or every one after one: its organisation, row and phase.

        Those whose clock runs come first, nearest end first. Raises Refused for a row that cannot
        be there.
        """
        spans = [ListSpan(place) for place in status.WINDOWS]
        for page in iterate_rows(self._views, "window", spans, start):
            rows = self._views.rows_named("window", [one.mark[1:] for one in page])
            for one in page:
                if row := rows.get(one.mark[1:]):
                    where = {"organisation": one.mark[1], **row}
                    yield one, where | {"phase": board.phase(row, now)}

    def evidence(self, organisation: str, name: str, number: int) -> bytes:
        """The paper that came with a response.

        A paper is signed, so it names whoever sent it. Raises Refused where names are withheld, or
        where there is none.
        """
        history = self.history(organisation)
        window = self._world_of(history).window(name)
        withheld = window.policy.names_withheld
        require("known", not withheld, "names are withheld in this procedure, and papers with them")
        cited = window.received(number).response.evidence
        require("known", cited, f"no paper came with response {number}")
        try:
            return history.content(cited)
        except KeyError as error:
            raise Refused("known", f"the paper of response {number} lies elsewhere") from error

    def unnoted_outcomes(
        self, organisation: str, at: str = "", start: Cursor | None = None
    ) -> UnnotedOutcomes:
        """The outcomes that a meeting has yet to note, or some of them from a row on.

        Raises Refused for a row that cannot be there.
        """
        world = self._world_of(self.history(organisation, at))
        return unnoted_outcomes(organisation, world, self._lists(organisation, at), start)

    def opening_options(self, organisation: str) -> OpeningOptions:
        """What may be put under silence now, and by which bodies."""
        world = self._world_of(self.history(organisation))
        return opening_options(organisation, world, self._views)

    def events(
        self, organisation: str, stream: Stream | None = None, at: str = ""
    ) -> tuple[RecordedEvent, ...]:
        """The events of an organisation or of one stream, in order, as anybody may see them."""
        history = self.history(organisation, at)
        shown = Redaction(self._world_of(history))
        found = history.events_of(stream) if stream else all_events(history)
        require("known", stream is None or found, f"{stream} is not in the record")
        return tuple(shown.redact_event(one) for one in found)

    def events_between(self, organisation: str, first: int, last: int) -> tuple[RecordedEvent, ...]:
        """The events of an organisation from one position to another, as anybody may see them."""
        history = self.history(organisation)
        shown = Redaction(self._world_of(history))
        return tuple(shown.redact_event(one) for one in history.since(first - 1, last - first + 1))

    def redact(
        self, organisation: str, events: Iterable[RecordedEvent]
    ) -> tuple[RecordedEvent, ...]:
        """Events at hand, as anybody may see them."""
        covered = Redaction(self._world_of(self.history(organisation)))
        return tuple(covered.redact_event(one) for one in events)

    def cautions(self, organisation: str, events: Iterable[RecordedEvent]) -> tuple[Caution, ...]:
        """What to know before windows are opened, of events that an order would cause."""
        world = self._world_of(self.history(organisation))
        directory = self._directory()
        found: list[Caution] = []
        for one in events:
            if isinstance(one.fact, SilenceOpened):
                body = world.body(one.fact.body)
                found += cautions(one.fact, one.effective, body)
                if directory is not None and not one.attested:
                    found += address_cautions(
                        directory.entries_of(organisation, body.id), one.effective, body
                    )
        return tuple(found)

    def rules_applied(self, one: RecordedEvent) -> Mapping[str, Rule]:
        """The rules of the pack that was applied when an event was decided, as they were then."""
        if not one.pack:
            return {}
        world = self._world_of(self.history(one.organisation))
        return world.packs.read(world.content(one.pack)).rules

    def event(
        self, organisation: str, position: int
    ) -> tuple[RecordedEvent, tuple[RecordedEvent, ...]]:
        """One event, and the earlier ones that it, being a correction, affects."""
        history = self.history(organisation)
        found = [one for one in history.since(position - 1, 1) if one.position == position]
        require("known", found, f"{organisation} has no event {position}")
        shown = Redaction(self._world_of(history))
        one = found[0]
        follows = (
            affected_events(one, all_events(history)) if isinstance(one.fact, FactCorrected) else []
        )
        return shown.redact_event(one), tuple(shown.redact_event(other) for other in follows)


def _pack(window: Window, body: Body, world: DecisionContext) -> RulePack:
    """The rules by which a window was opened; for one that is told, those that are told by now."""
    opened = world.events(Stream(StreamKind.WINDOW, window.id))[0]
    if window.attested or not opened.pack:
        return world.pack_of(body, window.opened)
    return world.packs.read(world.content(opened.pack))


def seat_state(window: Window, seat: FrozenSeat) -> str:
    """How a seat stands: notified, delivery failed, explicitly no objection, objected, silent."""
    if not seat.voice:
        return "no voice"
    answers = [one for one in _answers(window, seat) if one.standing not in {"late", "refused"}]
    stands = [one for one in answers if {seat.seat, seat.holder} & {*one.speakers_at()}]
    if any(one.breaks for one in stands):
        return "objected"
    if any(one.breaks is None for one in stands):
        return "waits for a ruling"
    if any(one.response.kind == "no objection" for one in answers):
        return "explicitly no objection"
    told = seat.seat in window.delivered
    if seat.seat in window.unreached_seats:
        return "delivery failed"
    if seat.seat in window.notices.excused and not told:
        return "notice waived"
    if answers:
        return "answered without objecting"
    return "notified" if told else "silent"


MEETINGS: Final = "meetings"
WORK: Final = "organization of work"


def _of_days(
    agenda: Agenda, session: Session | None, part: SessionPart, world: DecisionContext
) -> Iterator[Finding]:
    """Whether meetings and work are planned for days of the session; not of one that is off."""
    if session is None or session.reason_not_held(agenda.part):
        return
    slots = slots_of(agenda.work, world.content)
    if session.meetings or slots:
        yield check_meetings(session, [slot.day for slot in slots], part)


def _outdated(events: Iterable[RecordedEvent]) -> tuple[str, ...]:
    """What was last planned before the last time that the session was moved."""
    last: dict[str, int] = {}
    for one in events:
        match one.fact:
            case MeetingsPlanned():
                last[MEETINGS] = one.position
            case WorkOrganized():
                last[WORK] = one.position
            case SessionPostponed():
                last["moved"] = one.position
    moved = last.pop("moved", 0)
    return tuple(what for what in (MEETINGS, WORK) if 0 < last.get(what, 0) < moved)


def _asked(world: DecisionContext, agenda: str) -> dict[str, None]:
    """Every silence procedure on items of an agenda, also of items that were asked anew since."""
    events = world.events(Stream(StreamKind.AGENDA, agenda))
    facts = [one.fact for one in apply_corrections(events)]
    return dict.fromkeys(one.window for one in facts if isinstance(one, ItemsPutUnderSilence))


def _reserved(world: DecisionContext, text: str, forms: str) -> Iterator[str]:
    """The documents for which a listed symbol stands, or one of its parts; none for other words."""
    with suppress(Refused):
        for part in Symbol.parse(text, forms).parts:
            yield world.reservation(part).document


def _answers(window: Window, seat: FrozenSeat) -> list[ReceivedResponse]:
    """What came from a seat, or from one that may act for it."""
    return [
        one
        for one in window.responses
        if seat.seat in one.response.seats
        or {*one.response.on_behalf_of} & {seat.seat, seat.holder}
    ]


def _beside(window: Window, seat: FrozenSeat) -> tuple[int, ...]:
    """What came from a seat and decides nothing; not what others said for it without its power."""
    idle = (one for one in _answers(window, seat) if one.rule != "empowered-to-act")
    return tuple(
        one.number
        for one in idle
        if one.withdrawn or one.ruled is False or one.standing in {"late", "refused"}
    )


def _again(window: Window, world: DecisionContext) -> Deadline | None:
    """The window's deadline computed anew, with the calendars that its opening had in view.

    None as well when the time zones of today do not let it be computed any more.
    """
    if window.deadline is None:
        return None
    body = Stream(StreamKind.BODY, window.body)
    read = [
        one.reads.get(str(body), 0) for one in world.events(Stream(StreamKind.WINDOW, window.id))
    ]
    seen = fold(StreamKind.BODY, world.events(body)[: max(read, default=0)])
    try:
        return deadlines.recompute(window.deadline, seen.calendars, world.tzdata)
    except Refused:
        return None
