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
from domain.agenda.checks import Difference
from domain.agenda.events import ItemsPutUnderSilence, WorkOrganized
from domain.agenda.work_schedule import PlacedSlot, placed, slots_of
from domain.body import Body
from domain.corrections import FactCorrected, affected, corrected
from domain.deadlines import Deadline
from domain.decision_context import World
from domain.documents import Document
from domain.folding import fold
from domain.messages import Recorded
from domain.ports.address_book import Directory
from domain.ports.errors import Parked
from domain.ports.event_store import History, Log
from domain.ports.read_models import Lists
from domain.rules import Finding, Refused, Rule, RulePack, insist
from domain.session import Part, Session
from domain.session.checks import of_meetings
from domain.session.events import MeetingsPlanned, SessionPostponed
from domain.silence import Phase, Window
from domain.silence.cautions import Caution, cautions, unreached
from domain.silence.current_windows import current
from domain.silence.events import SilenceOpened
from domain.silence.objection_tally import Voices
from domain.silence.responses import Received
from domain.silence.roster import FrozenSeat, thaw
from domain.streams import Kind, Stream
from domain.symbols import Symbol, same
from domain.times import EARLIEST, UNKNOWN, When
from workflows.history.as_of import AsOf, whole
from workflows.history.redaction import Disclosure
from workflows.projections import parking, status
from workflows.projections.in_memory import Remade
from workflows.projections.pagination import Cursor, Span, every
from workflows.queries import agenda_timeline, board, window_texts
from workflows.queries.board import Board
from workflows.queries.opening_options import Openable, openable
from workflows.queries.unnoted_outcomes import ToNote, outstanding


class AgendaShown(Struct, frozen=True, kw_only=True):
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
    steps: list[agenda_timeline.LifeStep]
    work: tuple[PlacedSlot, ...]
    """The organization of work, with the numbers that items bear now."""
    noticed: tuple[Finding, ...]
    differences: tuple[Difference, ...]
    """Titles that read otherwise in the annotations or in the organization of work."""
    found: tuple[Finding, ...]
    lines: tuple[milestones.Line, ...]
    outdated: tuple[str, ...]
    """What was planned before the session was moved, and not anew since."""
    pack: RulePack
    events: tuple[Recorded, ...]


class SeatShown(Struct, frozen=True, kw_only=True):
    """One seat of a window and how it stands.

    `beside` are the numbers of what else came from it, or for it: late, withdrawn, ruled out, or
    not to be counted.
    """

    seat: FrozenSeat
    state: str
    beside: tuple[int, ...] = ()


class WindowShown(Struct, frozen=True, kw_only=True):
    """All that a window's page shows."""

    organisation: str
    window: Window
    body: Body
    phase: Phase
    at: datetime
    """The moment (UTC) at which it stands so."""
    roster: tuple[FrozenSeat, ...]
    """The seats that were asked, which is no secret."""
    seats: tuple[SeatShown, ...]
    """How each of them stands; none where names are withheld."""
    tally: Mapping[str, int]
    objecting: int
    """How many members object, by whatever number of letters and seats."""
    text: Mapping[str, str]
    """The text under silence by language; empty where it is agenda items, or no source has it."""
    items: Mapping[str, Mapping[str, str]]
    """Of agenda items: the titles that were submitted, by item and language."""
    changed: tuple[window_texts.Changed, ...]
    """Of a relaunch: each text beside the one that was circulated before."""
    again: Deadline | None
    """The deadline computed anew from the record; None where that cannot be done."""
    pack: RulePack
    events: tuple[Recorded, ...]


class Reading:
    """Reads one log, with the rows kept from it."""

    def __init__(
        self,
        log: Log,
        views: Lists,
        world_of: Callable[[History], World],
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
        insist(
            "known", organisation in self._log.organisations(), f"no organisation {organisation}"
        )
        history = self._log.history(organisation)
        if not at:
            return history
        if at.isdecimal():
            return AsOf(history, int(at))
        return AsOf(history, history.position_at(When(at).exact))

    def was_done(self, organisation: str, command_id: str) -> bool:
        """Whether a command with this id was carried out before."""
        return bool(self._log.history(organisation).by_command(command_id))

    def world(self, organisation: str) -> World:
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

    def parked(self) -> tuple[Parked, ...]:
        """The streams of which the kept rows could not be made, of all organisations."""
        return tuple(
            one
            for organisation in self.organisations()
            for one in parking.parked(self._views, organisation).values()
        )

    def board(self, now: datetime, at: str = "") -> Board:
        """The status board of all organisations; as of a moment, it is made from the log."""
        if not at:
            return Board(self._views, now, lambda _: now)
        moments = {name: self.moment(name, at, now) for name in self.organisations()}
        made = Remade()
        for name, moment in moments.items():
            made.add(name, board.settled(self._folded(name, at), moment))
        return Board(made, EARLIEST, moments.__getitem__)

    def _folded(self, organisation: str, at: str) -> status.Kept:
        """The rows of an organisation as they stood, made from its events."""
        history = self.history(organisation, at)
        world = self._world_of(history)
        return status.kept(
            status.touched(whole(history)),
            world.state,
            lambda body: world.pack_of(body, UNKNOWN),
            lambda _: (),  # every agenda is among the streams
            objecting=lambda window: len(Voices.of(window, world).objecting()),
        )

    def _lists(self, organisation: str, at: str) -> Lists:
        """The rows of one organisation: those that are kept, or as they stood."""
        if not at:
            return self._views
        made = Remade()
        made.add(organisation, self._folded(organisation, at))
        return made

    def agenda(self, organisation: str, name: str, at: str = "") -> AgendaShown:
        """An agenda with all that belongs to it. Raises Refused when there is none."""
        history = self.history(organisation, at)
        world = self._world_of(history)
        agenda = world.agenda(name)
        body = world.body(agenda.body)
        pack = world.pack_of(body, UNKNOWN)
        session = world.session(agenda.session) if agenda.session else None
        windows = tuple(
            Disclosure(world).window(world.window(window)) for window in _asked(world, name)
        )
        documents = tuple(self._documents(world, organisation, agenda, pack))
        counting = {item.window for item in agenda.items}
        present = current(one for one in windows if one.id in counting)
        streams = [Stream(Kind.AGENDA, name), *(Stream(Kind.WINDOW, w.id) for w in windows)]
        streams += [Stream(Kind.DOCUMENT, document.id) for document in documents]
        streams += [Stream(Kind.SESSION, session.id)] if session else []
        events = self._events(world, streams)
        part = session.part(agenda.part) if session else Session.no_dates
        opening = UNKNOWN if session and session.off(agenda.part) else part.starts
        regular = session.regular if session else True
        standing = (
            *noticed.of_items(agenda.provisional, pack),
            *noticed.of_texts(agenda, world.content, session.meetings if session else ()),
            *_of_days(agenda, session, part, world),
        )
        return AgendaShown(
            organisation=organisation,
            agenda=agenda,
            body=body,
            approver=world.body(agenda.approved_by) if agenda.approved_by else None,
            session=session,
            window=present[0] if present else None,
            current=present,
            windows=windows,
            documents=documents,
            steps=agenda_timeline.steps(agenda, session, present),
            work=placed(agenda.work, agenda.items, world.content),
            noticed=tuple(f for f in standing if f.rule in pack.rules),
            differences=noticed.differences(agenda, world.content),
            found=tuple(finding for one in events for finding in one.findings),
            lines=milestones.lines(opening, milestones.counts(pack, regular=regular)),
            outdated=_outdated(events),
            pack=pack,
            events=events,
        )

    def _documents(
        self, world: World, organisation: str, agenda: Agenda, pack: RulePack
    ) -> list[Document]:
        """The agenda's own documents, and those that its items list by symbol, oldest first.

        Which ones they may be is known from the rows as they are kept now.
        """
        forms = pack.parameters.get("symbol-forms", "")
        listed = {symbol for item in agenda.items for symbol in item.documents}
        names = {str(row["id"]) for row in self._views.parts("document", organisation, agenda.id)}
        names |= {one for text in listed for one in _reserved(world, text, forms)}
        begun: dict[str, int] = {}
        for name in names:
            events = world.events(Stream(Kind.DOCUMENT, name))
            document: Document = world.state(Stream(Kind.DOCUMENT, name))
            wanted = any(same(document.symbol, one, forms) for one in listed)
            if events and (document.agenda == agenda.id or wanted):
                begun[name] = events[0].position
        return [world.document(name) for name in sorted(begun, key=begun.__getitem__)]

    def _events(self, world: World, streams: list[Stream]) -> tuple[Recorded, ...]:
        shown = Disclosure(world)
        events = [one for stream in streams for one in world.events(stream)]
        return tuple(shown.of(one) for one in sorted(events, key=lambda one: one.position))

    def window(self, organisation: str, name: str, now: datetime, at: str = "") -> WindowShown:
        """A window with its seats and responses. Raises Refused when there is none."""
        history = self.history(organisation, at)
        world = self._world_of(history)
        window = world.window(name)
        body = world.body(window.body)
        frozen = thaw(world.content(window.roster_hash)) if window.roster_hash else ()
        told = window_texts.wordings(window, world)
        moment = self.moment(organisation, at, now)
        states = [
            SeatShown(seat=seat, state=seat_state(window, seat), beside=_beside(window, seat))
            for seat in frozen
        ]
        tally: dict[str, int] = {}
        for one in states:
            tally[one.state] = tally.get(one.state, 0) + 1
        return WindowShown(
            organisation=organisation,
            window=Disclosure(world).window(window),
            body=body,
            phase=window.phase(moment),
            at=moment,
            roster=frozen,
            seats=() if window.policy.names_withheld else tuple(states),
            tally=tally,
            objecting=len(Voices.of(window, world).objecting()),
            text=told.get("", {}),
            items={item: texts for item, texts in told.items() if item},
            changed=window_texts.changes(window, world),
            again=_again(window, world),
            pack=_pack(window, body, world),
            events=self._events(world, [Stream(Kind.WINDOW, name)]),
        )

    def windows(
        self, now: datetime, start: Cursor | None = None
    ) -> Iterator[tuple[Cursor, Mapping[str, Any]]]:
        """Every silence procedure, or every one after one: its organisation, row and phase.

        Those whose clock runs come first, nearest end first. Raises Refused for a row that cannot
        be there.
        """
        spans = [Span(place) for place in status.WINDOWS]
        for page in every(self._views, "window", spans, start):
            rows = self._views.some("window", [one.mark[1:] for one in page])
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
        insist("known", not withheld, "names are withheld in this procedure, and papers with them")
        cited = window.received(number).response.evidence
        insist("known", cited, f"no paper came with response {number}")
        try:
            return history.content(cited)
        except KeyError as error:
            raise Refused("known", f"the paper of response {number} lies elsewhere") from error

    def outstanding(self, organisation: str, at: str = "", start: Cursor | None = None) -> ToNote:
        """The outcomes that a meeting has yet to note, or some of them from a row on.

        Raises Refused for a row that cannot be there.
        """
        world = self._world_of(self.history(organisation, at))
        return outstanding(organisation, world, self._lists(organisation, at), start)

    def openable(self, organisation: str) -> Openable:
        """What may be put under silence now, and by which bodies."""
        world = self._world_of(self.history(organisation))
        return openable(organisation, world, self._views)

    def events(
        self, organisation: str, stream: Stream | None = None, at: str = ""
    ) -> tuple[Recorded, ...]:
        """The events of an organisation or of one stream, in order, as anybody may see them."""
        history = self.history(organisation, at)
        shown = Disclosure(self._world_of(history))
        found = history.of(stream) if stream else whole(history)
        insist("known", stream is None or found, f"{stream} is not in the record")
        return tuple(shown.of(one) for one in found)

    def some(self, organisation: str, first: int, last: int) -> tuple[Recorded, ...]:
        """The events of an organisation from one position to another, as anybody may see them."""
        history = self.history(organisation)
        shown = Disclosure(self._world_of(history))
        return tuple(shown.of(one) for one in history.since(first - 1, last - first + 1))

    def shown(self, organisation: str, events: Iterable[Recorded]) -> tuple[Recorded, ...]:
        """Events at hand, as anybody may see them."""
        covered = Disclosure(self._world_of(self.history(organisation)))
        return tuple(covered.of(one) for one in events)

    def cautions(self, organisation: str, events: Iterable[Recorded]) -> tuple[Caution, ...]:
        """What to know before windows are opened, of events that an order would cause."""
        world = self._world_of(self.history(organisation))
        directory = self._directory()
        found: list[Caution] = []
        for one in events:
            if isinstance(one.fact, SilenceOpened):
                body = world.body(one.fact.body)
                found += cautions(one.fact, one.effective, body)
                if directory is not None and not one.attested:
                    found += unreached(directory.named(organisation, body.id), one.effective, body)
        return tuple(found)

    def rules_applied(self, one: Recorded) -> Mapping[str, Rule]:
        """The rules of the pack that was applied when an event was decided, as they were then."""
        if not one.pack:
            return {}
        world = self._world_of(self.history(one.organisation))
        return world.packs.read(world.content(one.pack)).rules

    def event(self, organisation: str, position: int) -> tuple[Recorded, tuple[Recorded, ...]]:
        """One event, and the earlier ones that it, being a correction, affects."""
        history = self.history(organisation)
        found = [one for one in history.since(position - 1, 1) if one.position == position]
        insist("known", found, f"{organisation} has no event {position}")
        shown = Disclosure(self._world_of(history))
        one = found[0]
        follows = affected(one, whole(history)) if isinstance(one.fact, FactCorrected) else []
        return shown.of(one), tuple(shown.of(other) for other in follows)


def _pack(window: Window, body: Body, world: World) -> RulePack:
    """The rules by which a window was opened; for one that is told, those that are told by now."""
    opened = world.events(Stream(Kind.WINDOW, window.id))[0]
    if window.attested or not opened.pack:
        return world.pack_of(body, window.opened)
    return world.packs.read(world.content(opened.pack))


def seat_state(window: Window, seat: FrozenSeat) -> str:
    """How a seat stands: notified, delivery failed, explicitly no objection, objected, silent."""
    if not seat.voice:
        return "no voice"
    answers = [one for one in _answers(window, seat) if one.standing not in {"late", "refused"}]
    stands = [one for one in answers if {seat.seat, seat.holder} & {*one.voices()}]
    if any(one.breaks for one in stands):
        return "objected"
    if any(one.breaks is None for one in stands):
        return "waits for a ruling"
    if any(one.response.kind == "no objection" for one in answers):
        return "explicitly no objection"
    told = seat.seat in window.delivered
    if seat.seat in window.failed:
        return "delivery failed"
    if seat.seat in window.excused and not told:
        return "notice waived"
    if answers:
        return "answered without objecting"
    return "notified" if told else "silent"


MEETINGS: Final = "meetings"
WORK: Final = "organization of work"


def _of_days(
    agenda: Agenda, session: Session | None, part: Part, world: World
) -> Iterator[Finding]:
    """Whether meetings and work are planned for days of the session; not of one that is off."""
    if session is None or session.off(agenda.part):
        return
    slots = slots_of(agenda.work, world.content)
    if session.meetings or slots:
        yield of_meetings(session, [slot.day for slot in slots], part)


def _outdated(events: Iterable[Recorded]) -> tuple[str, ...]:
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


def _asked(world: World, agenda: str) -> dict[str, None]:
    """Every silence procedure on items of an agenda, also of items that were asked anew since."""
    events = world.events(Stream(Kind.AGENDA, agenda))
    facts = [one.fact for one in corrected(events)]
    return dict.fromkeys(one.window for one in facts if isinstance(one, ItemsPutUnderSilence))


def _reserved(world: World, text: str, forms: str) -> Iterator[str]:
    """The documents for which a listed symbol stands, or one of its parts; none for other words."""
    with suppress(Refused):
        for part in Symbol.parse(text, forms).parts:
            yield world.reservation(part).document


def _answers(window: Window, seat: FrozenSeat) -> list[Received]:
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


def _again(window: Window, world: World) -> Deadline | None:
    """The window's deadline computed anew, with the calendars that its opening had in view.

    None as well when the time zones of today do not let it be computed any more.
    """
    if window.deadline is None:
        return None
    body = Stream(Kind.BODY, window.body)
    read = [one.reads.get(str(body), 0) for one in world.events(Stream(Kind.WINDOW, window.id))]
    seen = fold(Kind.BODY, world.events(body)[: max(read, default=0)])
    try:
        return deadlines.again(window.deadline, seen.calendars, world.tzdata)
    except Refused:
        return None
