"""Who may see and change the accounts of others."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from domain.access.roles import AccessRole, Grant, Identity
from workflows.queries.queries import Queries


def grants_held(queries: Queries, at: datetime, principal: str) -> list[tuple[str, Grant]]:
    """The roles that somebody holds at an instant (UTC), each with its organisation."""
    return [
        (organisation, grant)
        for organisation in queries.record.organisations()
        for grant in queries.organisations.settings(organisation).grants_of(principal)
        if grant.holds(at)
    ]


def administers(queries: Queries, now: Callable[[], datetime], identity: Identity) -> bool:
    """Whether somebody is an administrator of an organisation of this store now.

    Accounts belong to the store, and not to one of its organisations.
    """
    held = grants_held(queries, now(), identity.principal)
    return any(grant.role is AccessRole.ADMINISTRATOR for _, grant in held)
