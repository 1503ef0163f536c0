"""What the page of an organisation lists: who has which role, had it, or will have it."""

from __future__ import annotations

from dataclasses import dataclass

from domain.access.commands import ORGANISATION
from domain.access.roles import Grant
from domain.times import UNKNOWN, When
from workflows.history.narration import SpokenNames
from workflows.queries.organisation import OrganisationDetails


@dataclass(frozen=True)
class GrantRow:
    """A grant with its term as a page shows it, and whether it holds now."""

    grant: Grant
    holds: bool
    called: str
    """Whose it is, by name where the reader may know it."""
    seat: str
    """What the seat of a member stands for."""
    since: When
    until: When


def grants(shown: OrganisationDetails, names: SpokenNames) -> list[GrantRow]:
    """All grants: those that hold now first, by role and in the order in which they were given."""
    seats = names.seats.get(ORGANISATION, {})
    rows = [
        GrantRow(
            grant=grant,
            holds=grant.holds(shown.at),
            called=names.people.get(grant.principal, grant.principal),
            seat=seats.get(f"{grant.body}/{grant.seat}", grant.seat),
            since=When.from_instant(grant.since),
            until=When.from_instant(grant.until) if grant.until else UNKNOWN,
        )
        for grant in shown.settings.grants
    ]
    return sorted(rows, key=lambda row: (not row.holds, row.grant.role))
