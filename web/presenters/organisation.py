"""What the page of an organisation lists: who has which role, had it, or will have it."""

from __future__ import annotations

from dataclasses import dataclass

from domain.access.roles import Grant
from domain.times import UNKNOWN, When
from workflows.queries.organisation import OrganisationDetails


@dataclass(frozen=True)
class GrantRow:
    """A grant with its term as a page shows it, and whether it holds now."""

    grant: Grant
    holds: bool
    since: When
    until: When


def grants(shown: OrganisationDetails) -> list[GrantRow]:
    """All grants: those that hold now first, by role and in the order in which they were given."""
    rows = [
        GrantRow(
            grant=grant,
            holds=grant.holds(shown.at),
            since=When.from_instant(grant.since),
            until=When.from_instant(grant.until) if grant.until else UNKNOWN,
        )
        for grant in shown.settings.grants
    ]
    return sorted(rows, key=lambda row: (not row.holds, row.grant.role))
