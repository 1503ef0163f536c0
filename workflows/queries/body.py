"""Bodies as their pages and forms show them: names, seats, rules, calendars, sessions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct

from domain.access.commands import ORGANISATION
from domain.access.organisation import Organisation
from domain.body import Body
from domain.decision_context import DecisionContext
from domain.messages import RecordedEvent
from domain.ports.read_models import RowReader
from domain.rules import RulePack
from domain.streams import Stream, StreamKind
from domain.times import When
from workflows.projections.rows import AgendaRow, BodyRow, SessionRow
from workflows.queries.events import of_streams
from workflows.queries.record_names import RecordNames, names_in
from workflows.queries.record_reader import Record


class BodiesOfOrganisation(Struct, frozen=True, kw_only=True):
    """The bodies of an organisation, which may have none yet, in order of their ids."""

    organisation: str
    bodies: tuple[BodyRow, ...]
    settings: Organisation
    """What the organisation is called, and which zone is proposed for new bodies."""


class BodyForForm(Struct, frozen=True, kw_only=True):
    """What a form about a body needs."""

    organisation: str
    body: Body
    attested: bool
    """Whether sources tell of it, so that no page offers acts on it."""
    pack: RulePack
    """The rules in force at this moment."""
    packs: Mapping[str, RulePack]
    """The rule packs that ship with the program."""
    bodies: tuple[BodyRow, ...]
    """All bodies of the organisation."""
    sessions: tuple[SessionRow, ...]
    at: datetime
    """The moment (UTC) at which it stands so."""
    version: int = 0
    """The version of its stream at which it stands so."""

    @property
    def as_shipped(self) -> bool:
        """Whether the rules in force are a shipped pack without a change."""
        return self.packs.get(self.pack.id) == self.pack

    @property
    def now(self) -> When:
        return When.from_instant(self.at)


class BodyDetails(BodyForForm, frozen=True, kw_only=True):
    """All that a body's page shows."""

    agendas: tuple[AgendaRow, ...]
    """The agendas for its sessions, and those for none."""
    events: tuple[RecordedEvent, ...]
    names: RecordNames
    """What the bodies and seats are called of which the events speak, as of now."""


class BodyQueries(Struct, frozen=True):
    """Reads bodies."""

    record: Record

    def of_organisation(self, organisation: str, at: str = "") -> BodiesOfOrganisation:
        """The bodies of an organisation, none where it has none yet."""
        rows = self.record.rows(organisation, at).rows(BodyRow, organisation)
        settings = Organisation()
        if organisation in self.record.organisations():
            settings = self.record.context(organisation, at).state(ORGANISATION)
        return BodiesOfOrganisation(
            organisation=organisation, bodies=tuple(rows), settings=settings
        )

    def for_form(self, organisation: str, name: str, now: datetime) -> BodyForForm:
        """A body as a form needs it. Raises Refused when there is none."""
        return _for_form(
            organisation, self.record.context(organisation), name, self.record.kept, now
        )

    def get(self, organisation: str, name: str, now: datetime, at: str = "") -> BodyDetails:
        """A body with its sessions. Raises Refused when there is none."""
        world, rows = self.record.context(organisation, at), self.record.rows(organisation, at)
        moment = self.record.moment(organisation, at, now)
        shown = _for_form(organisation, world, name, rows, moment)
        events = of_streams(world, [Stream(StreamKind.BODY, name)])
        present = self.record.context(organisation) if at else world
        agendas = (row for row in rows.rows(AgendaRow, organisation) if row.body == name)
        return BodyDetails(
            organisation=shown.organisation,
            body=shown.body,
            attested=shown.attested,
            pack=shown.pack,
            packs=shown.packs,
            bodies=shown.bodies,
            sessions=shown.sessions,
            at=shown.at,
            agendas=tuple(agendas),
            events=events,
            names=names_in(events, present),
        )


def _for_form(
    organisation: str, world: DecisionContext, name: str, rows: RowReader, at: datetime
) -> BodyForForm:
    body = world.body(name)
    return BodyForForm(
        organisation=organisation,
        body=body,
        attested=world.events(Stream(StreamKind.BODY, name))[0].attested,
        pack=world.pack_of(body, When.from_instant(at)),
        packs=world.packs.shipped(),
        bodies=tuple(rows.rows(BodyRow, organisation)),
        sessions=tuple(row for row in rows.rows(SessionRow, organisation) if row.body == name),
        at=at,
        version=world.version(Stream(StreamKind.BODY, name)),
    )
