"""Sessions as their pages and forms show them: dates, venue, meetings, agendas."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from msgspec import Struct, field, structs

from domain.body import Body
from domain.decision_context import DecisionContext
from domain.messages import RecordedEvent
from domain.session import Session
from domain.streams import Stream, StreamKind
from workflows.projections.pagination import ListSpan, iterate_rows
from workflows.projections.rows import AgendaRow, BodyRow, WindowRow
from workflows.projections.stream_rows import RUNNING, STOPPED, WITHOUT_HOUR
from workflows.queries.events import of_streams
from workflows.queries.record_names import RecordNames, names_in
from workflows.queries.record_reader import Record

NOT_ENDED: Final = (RUNNING, STOPPED, WITHOUT_HOUR)
"""The places of silence procedures that have not ended."""


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
    chosen: Mapping[str, str] = field(default_factory=dict)
    """What was chosen before the form began, such as the event that it is about, by field."""


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

    def procedures_not_ended(self, organisation: str, name: str) -> tuple[str, ...]:
        """The silence procedures of a session's last part that have not ended, in order.

        They are about items of its agendas, or about its dates. Raises Refused where there is no
        such session.
        """
        world, kept = self.record.present(organisation), self.record.kept
        part = len(world.session(name).parts)
        agendas = kept.rows_part_of(AgendaRow, organisation, name)
        items = {window for row in agendas if row.part == part for window in row.windows}
        found: list[str] = []
        for page in iterate_rows(kept, WindowRow.view, [ListSpan(place) for place in NOT_ENDED]):
            marks = [cursor.mark[1:] for cursor in page if cursor.mark[1] == organisation]
            rows = kept.rows_named(WindowRow, marks)
            found += [
                row.id
                for row in rows.values()
                if row.id in items
                or (not row.agenda and world.window(row.id).subject.session == name)
            ]
        return tuple(sorted(found))


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
