"""An organisation as a whole: its name and zone, who has which role, and its history."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from domain.access.commands import ORGANISATION
from domain.access.organisation import Organisation
from domain.access.roles import Grant
from domain.body import Seat
from domain.messages import RecordedEvent
from domain.ports.accounts import Account
from domain.times import When
from workflows.projections.rows import BodyRow
from workflows.queries.events import of_streams
from workflows.queries.record_names import RecordNames, names_in
from workflows.queries.record_reader import Record


class Person(Struct, frozen=True, kw_only=True):
    """Somebody with an account, as administrators see it; nothing of it is part of the record."""

    principal: str
    login: str
    name: str
    active: bool
    """Whether the account is in use."""

    @property
    def called(self) -> str:
        """The name, and what is typed to log in."""
        return f"{self.name} ({self.login})" if self.name else self.login


def people_with(accounts: Sequence[Account]) -> tuple[Person, ...]:
    """Those who have these accounts."""
    return tuple(
        Person(
            principal=account.principal,
            login=account.login,
            name=account.display_name,
            active=account.disabled_at is None,
        )
        for account in accounts
    )


def named_people(accounts: Sequence[Account]) -> dict[str, str]:
    """What those who have these accounts are called, by their principals."""
    return {person.principal: person.called for person in people_with(accounts)}


class OrganisationForForm(Struct, frozen=True, kw_only=True):
    """What a form about an organisation needs."""

    organisation: str
    settings: Organisation
    bodies: tuple[BodyRow, ...]
    """All of its bodies."""
    seats: tuple[tuple[str, Seat], ...]
    """The seats that are held now, each with its body."""
    at: datetime
    """The moment (UTC) at which it stands so."""
    people: tuple[Person, ...] = ()
    """Those who have an account, where the form may offer them."""

    @property
    def revocable(self) -> tuple[Grant, ...]:
        """The grants that hold, or will."""
        return tuple(grant for grant in self.settings.grants if not grant.is_over(self.at))


class OrganisationDetails(OrganisationForForm, frozen=True, kw_only=True):
    """All that the page of an organisation shows."""

    events: tuple[RecordedEvent, ...]
    names: RecordNames
    """What the bodies and seats are called of which the events speak, as of now."""


class OrganisationQueries(Struct, frozen=True):
    """Reads organisations."""

    record: Record

    def settings(self, organisation: str) -> Organisation:
        """The present settings and grants; none for an organisation without a record."""
        if organisation not in self.record.organisations():
            return Organisation()
        found: Organisation = self.record.present(organisation).state(ORGANISATION)
        return found

    def for_form(self, organisation: str, now: datetime) -> OrganisationForForm:
        """An organisation as a form needs it. Raises Refused for one without a record."""
        return self._read(organisation, "", now)

    def get(self, organisation: str, now: datetime, at: str = "") -> OrganisationDetails:
        """An organisation with its history. Raises Refused for one without a record."""
        found = self._read(organisation, at, self.record.moment(organisation, at, now))
        events = of_streams(self.record.context(organisation, at), [ORGANISATION])
        present = self.record.context(organisation)
        return OrganisationDetails(
            organisation=found.organisation,
            settings=found.settings,
            bodies=found.bodies,
            seats=found.seats,
            at=found.at,
            events=events,
            names=names_in(events, present),
        )

    def _read(self, organisation: str, at: str, moment: datetime) -> OrganisationForForm:
        record = self.record
        world = record.context(organisation, at) if at else record.present(organisation)
        rows = tuple(record.rows(organisation, at).rows(BodyRow, organisation))
        when = When.from_instant(moment)
        return OrganisationForForm(
            organisation=organisation,
            settings=world.state(ORGANISATION),
            bodies=rows,
            seats=tuple(
                (row.id, seat) for row in rows for seat in world.body(row.id).roster_at(when)
            ),
            at=moment,
        )
