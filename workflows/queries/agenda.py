"""An agenda with all that belongs to it, as its page shows it."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field, structs

from domain import milestones
from domain.agenda import Agenda
from domain.agenda import checks as noticed
from domain.agenda.checks import TitleDifference
from domain.agenda.events import ItemsPutUnderSilence
from domain.agenda.work_schedule import PlacedSlot, current_slots
from domain.body import Body
from domain.corrections import apply_corrections
from domain.decision_context import DecisionContext
from domain.documents import Document
from domain.messages import RecordedEvent
from domain.rules import Finding, RulePack
from domain.session import Session, SessionPart
from domain.session.events import Meeting
from domain.silence import Window
from domain.silence.current_windows import current_windows
from domain.streams import Stream, StreamKind
from domain.times import UNKNOWN
from workflows.history.redaction import Redaction
from workflows.projections.rows import BodyRow, DocumentRow
from workflows.queries import agenda_timeline
from workflows.queries.agenda_checks import findings_of_texts, outdated_plans
from workflows.queries.agenda_documents import documents_of
from workflows.queries.agenda_report import AgendaReport, report_of
from workflows.queries.events import of_streams
from workflows.queries.record_names import RecordNames, names_in
from workflows.queries.record_reader import Record


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
    report: AgendaReport | None
    """None as long as there is not even a draft."""
    steps: list[agenda_timeline.TimelineStep]
    work: tuple[PlacedSlot, ...]
    """The organization of work, with the numbers that items bear now."""
    noticed: tuple[Finding, ...]
    differences: tuple[TitleDifference, ...]
    """Titles that read otherwise in the annotations or in the organization of work."""
    found: tuple[Finding, ...]
    lines: tuple[milestones.Milestone, ...]
    outdated: tuple[str, ...]
    """What was planned before the session was moved, and not since."""
    pack: RulePack
    events: tuple[RecordedEvent, ...]
    names: RecordNames
    """What the bodies and seats are called of which the events speak, as of now."""


class AgendaForForm(Struct, frozen=True, kw_only=True):
    """What a form about an agenda needs, and no more."""

    organisation: str
    agenda: Agenda
    body: Body
    approver: Body | None
    pack: RulePack
    bodies: Mapping[str, Mapping[str, str]]
    """The names of all bodies of the organisation, by their ids."""
    chosen: Mapping[str, str] = field(default_factory=dict)
    """What was chosen before the form began, such as the item that it is about, by field."""
    version: int = 0
    """The version of its stream at which it stands so."""
    work: tuple[PlacedSlot, ...] = ()
    """The organization of work, for those who edit it."""
    meetings: tuple[Meeting, ...] = ()
    """The meetings of the session that it is for, for the same."""


class AgendaQueries(Struct, frozen=True):
    """Reads agendas."""

    record: Record

    def get(self, organisation: str, name: str, at: str = "") -> AgendaDetails:
        """An agenda with all that belongs to it. Raises Refused when there is none."""
        world = self.record.context(organisation, at)
        agenda = world.agenda(name)
        body = world.body(agenda.body)
        pack = world.pack_of(body, UNKNOWN)
        session = world.session(agenda.session) if agenda.session else None
        windows = _windows(world, name)
        counting = {item.window for item in agenda.items}
        present = current_windows(window for window in windows if window.id in counting)
        documents = self._documents(world, organisation, agenda, pack)
        events = of_streams(world, _streams(agenda, windows, documents, session))
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
            report=report_of(world.events(Stream(StreamKind.AGENDA, name))),
            steps=agenda_timeline.agenda_timeline(
                agenda,
                session,
                present,
                apply_corrections(world.events(Stream(StreamKind.AGENDA, name))),
                [window for window in windows if window.is_over and window not in present],
            ),
            work=current_slots(agenda.work, agenda.items, world.content),
            noticed=findings_of_texts(agenda, session, _part(agenda, session), pack, world),
            differences=noticed.title_differences(agenda, world.content),
            found=tuple(finding for event in events for finding in event.findings),
            lines=_lines(agenda, session, pack),
            outdated=outdated_plans(events),
            pack=pack,
            events=events,
            names=self._names(world, organisation, events, at),
        )

    def for_form(self, organisation: str, name: str) -> AgendaForForm:
        """An agenda as a form needs it, without its history. Raises Refused when there is none."""
        world = self.record.present(organisation)
        agenda = world.agenda(name)
        body = world.body(agenda.body)
        return AgendaForForm(
            organisation=organisation,
            agenda=agenda,
            body=body,
            approver=world.body(agenda.approved_by) if agenda.approved_by else None,
            pack=world.pack_of(body, UNKNOWN),
            bodies={row.id: row.names for row in self.record.kept.rows(BodyRow, organisation)},
            version=world.version(Stream(StreamKind.AGENDA, name)),
        )

    def for_editing(self, organisation: str, name: str) -> AgendaForForm:
        """The same with its organization of work. Raises Refused when there is none."""
        found, world = self.for_form(organisation, name), self.record.present(organisation)
        session = world.session(found.agenda.session) if found.agenda.session else None
        agenda = found.agenda
        return structs.replace(
            found,
            work=current_slots(agenda.work, agenda.items, world.content),
            meetings=session.meetings if session else (),
        )

    def _documents(
        self, world: DecisionContext, organisation: str, agenda: Agenda, pack: RulePack
    ) -> tuple[Document, ...]:
        """Its documents; which ones may be its own is known from the rows as they are kept now."""
        rows = self.record.kept.rows_part_of(DocumentRow, organisation, agenda.id)
        own = [row.id for row in rows]
        return documents_of(agenda, world, own, pack.parameters.get("symbol-forms", ""))

    def _names(
        self, world: DecisionContext, organisation: str, events: tuple[RecordedEvent, ...], at: str
    ) -> RecordNames:
        present = self.record.context(organisation) if at else world
        return names_in(events, present)


def _windows(world: DecisionContext, agenda: str) -> tuple[Window, ...]:
    """Every silence procedure on items of an agenda, also of items that were asked again since."""
    events = world.events(Stream(StreamKind.AGENDA, agenda))
    facts = [event.fact for event in apply_corrections(events)]
    names = dict.fromkeys(fact.window for fact in facts if isinstance(fact, ItemsPutUnderSilence))
    shown = Redaction(world)
    return tuple(shown.redact_window(world.window(name)) for name in names)


def _streams(
    agenda: Agenda,
    windows: tuple[Window, ...],
    documents: tuple[Document, ...],
    session: Session | None,
) -> list[Stream]:
    """The streams whose events make its history."""
    return [
        Stream(StreamKind.AGENDA, agenda.id),
        *(Stream(StreamKind.WINDOW, window.id) for window in windows),
        *(Stream(StreamKind.DOCUMENT, document.id) for document in documents),
        *([Stream(StreamKind.SESSION, session.id)] if session else []),
    ]


def _part(agenda: Agenda, session: Session | None) -> SessionPart:
    """The part of the session that it is for."""
    return session.part(agenda.part) if session else Session.no_dates


def _lines(
    agenda: Agenda, session: Session | None, pack: RulePack
) -> tuple[milestones.Milestone, ...]:
    """The milestones, counted back from the opening."""
    held = session and not session.reason_not_held(agenda.part)
    opening = _part(agenda, session).starts if held or session is None else UNKNOWN
    regular = session.regular if session else True
    return milestones.milestones(opening, milestones.milestone_days(pack, regular=regular))
