"""Sessions as their pages and forms show them: dates, venue, meetings, agendas."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct, field, structs

from domain.body import Body
from domain.decision_context import DecisionContext
from domain.messages import RecordedEvent
from domain.session import Session
from domain.streams import Stream, StreamKind
from workflows.projections.rows import AgendaRow, BodyRow
from workflows.queries.events import of_streams
from workflows.queries.record_names import RecordNames, names_in
from workflows.queries.record_reader import Record


class SessionForForm(Struct, frozen=True, kw_only=True):
    """What a form about a session needs."""

    organisation: str
    session: Session
    body: Body
    attested: bool
    """Whether sources tell of it, so that no page offers acts on it."""
    version: int = 0
    """The version of its stream at which it stands so."""
    bodies: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """The names of all bodies of the organisation, by their ids."""


class SessionDetails(SessionForForm, frozen=True, kw_only=True):
    """All that a session's page shows."""

    agendas: tuple[AgendaRow, ...]
    may_start: bool
    """Whether an agenda can be started for it on the page of its body."""
    at: datetime
    """The moment (UTC) at which it stands so."""
    events: tuple[RecordedEvent, ...]
    names: RecordNames
    """What the bodies and seats are called of which the events speak, as of now."""


class SessionQueries(Struct, frozen=True):
    """Reads sessions."""

    record: Record

    def for_form(self, organisation: str, name: str) -> SessionForForm:
        """A session as a form needs it. Raises Refused when there is none."""
        found = _for_form(organisation, self.record.context(organisation), name)
        rows = self.record.kept.rows(BodyRow, organisation)
        return structs.replace(found, bodies={row.id: row.names for row in rows})

    def get(self, organisation: str, name: str, now: datetime, at: str = "") -> SessionDetails:
        """A session with its agendas. Raises Refused when there is none."""
        world = self.record.context(organisation, at)
        shown = _for_form(organisation, world, name)
        events = of_streams(world, [Stream(StreamKind.SESSION, name)])
        present = self.record.context(organisation) if at else world
        rows = self.record.rows(organisation, at)
        return SessionDetails(
            organisation=organisation,
            session=shown.session,
            body=shown.body,
            attested=shown.attested,
            agendas=tuple(rows.rows_part_of(AgendaRow, organisation, name)),
            may_start=not (_attested(world, StreamKind.BODY, shown.body.id) or shown.attested)
            and not shown.session.cancelled,
            at=self.record.moment(organisation, at, now),
            events=events,
            names=names_in(events, present),
        )

    def outstanding_reports(self, organisation: str, name: str) -> tuple[str, ...]:
        """The agendas of a session whose report is not adopted."""
        rows = self.record.kept.rows_part_of(AgendaRow, organisation, name)
        return tuple(row.id for row in rows if row.stage != "report adopted")


def _for_form(organisation: str, world: DecisionContext, name: str) -> SessionForForm:
    session = world.session(name)
    return SessionForForm(
        organisation=organisation,
        session=session,
        body=world.body(session.body),
        attested=_attested(world, StreamKind.SESSION, name),
        version=world.version(Stream(StreamKind.SESSION, name)),
    )


def _attested(world: DecisionContext, kind: StreamKind, name: str) -> bool:
    """Whether it was a source that told of the beginning of a stream."""
    return world.events(Stream(kind, name))[0].attested
