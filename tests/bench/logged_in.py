"""Accounts with roles in a store of the bench, and the sessions by which they are known."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from adapters.store_factory import open_store
from adapters.system_clock import utc_now
from domain.actors import Actor, Role
from tests.bench.agenda_life import order_of
from tests.bench.workload import ORGANISATION
from wiring import Placet, Quiet
from workflows.accounts.sessions import Client


def log_in(folder: Path, roles: Sequence[dict[str, Any]]) -> list[str]:
    """Let somebody with each of these roles log in; from then on everybody has to.

    The secrets of their sessions, in order.
    """
    placet, began = Placet(open_store(folder), Quiet()), utc_now() - timedelta(hours=1)
    secrets = []
    try:
        for number, role in enumerate(roles):
            principal = f"p{number}"
            granted = order_of(
                f"grant-{number}",
                "grant role",
                began,
                Actor(role=Role.ADMINISTRATOR),
                principal=principal,
                **role,
            )
            placet.handling.handle(ORGANISATION, granted)
            placet.accounts.directory.add(f"person-{number}", principal=principal)
            begun = placet.accounts.sessions.begin(principal, "password", Client())
            secrets.append(begun.secret)
        placet.projections.follow()
    finally:
        placet.close()
    return secrets
