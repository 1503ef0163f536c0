"""What the page of an organisation lists: who has which role, had it, or will have it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from domain.access.commands import ORGANISATION
from domain.access.roles import Grant
from domain.ports.accounts import Account
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
    account: str = ""
    """Why nobody uses it now: `invited`, `disabled`, or `none` for no account; else empty."""


def grants(
    shown: OrganisationDetails,
    names: SpokenNames,
    account_state: Callable[[str], str] = lambda _: "",
) -> list[GrantRow]:
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
            account=account_state(grant.principal),
        )
        for grant in shown.settings.grants
    ]
    return sorted(rows, key=lambda row: (not row.holds, row.grant.role))


def account_states(accounts: Sequence[Account], invited: Collection[str]) -> Callable[[str], str]:
    """Says of a principal why nobody acts by it; nothing where there are no accounts at all."""
    in_use = {account.principal: account.disabled_at is None for account in accounts}

    def state(principal: str) -> str:
        if not in_use or in_use.get(principal):
            return ""
        if principal in in_use:
            return "disabled"
        return "invited" if principal in invited else "none"

    return state
