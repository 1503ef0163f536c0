"""Who may see and change the accounts of others."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from domain.access.roles import AccessRole, Identity
from workflows.queries.queries import Queries


def administers(queries: Queries, now: Callable[[], datetime], identity: Identity) -> bool:
    """Whether somebody is an administrator of an organisation of this store now.

    Accounts belong to the store, and not to one of its organisations.
    """
    grants = (
        grant
        for organisation in queries.record.organisations()
        for grant in queries.organisations.settings(organisation).grants_of(identity.principal)
    )
    return any(grant.role is AccessRole.ADMINISTRATOR and grant.holds(now()) for grant in grants)
