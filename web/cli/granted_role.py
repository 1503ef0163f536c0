"""A role that is granted at the command line together with an account or an invitation."""

from __future__ import annotations

import re

from domain.access.commands import GrantRole
from domain.access.roles import AccessRole
from domain.actors import Actor, Role
from domain.cases import Step
from domain.rules import require
from web.cli.organisation_option import resolve_organisation
from web.cli.token_identity import execute_here
from workflows.acts.account_endings import COMMAND_LINE
from workflows.acts.shared_parameters import PLAIN_ID
from workflows.application import Application


def new_or_known_organisation(placet: Application, name: str) -> str:
    """The organisation that is meant; a new one may be named. Raises Refused for no plain name."""
    if name and name not in placet.queries.record.organisations():
        require("plain-id", re.fullmatch(PLAIN_ID[0], name), f"{name!r:.80}: {PLAIN_ID[1]}")
        return name
    return resolve_organisation(placet, name)


def grant_role_here(
    placet: Application,
    organisation: str,
    principal: str,
    role: AccessRole,
    *,
    body: str = "",
    seat: str = "",
) -> None:
    """Record that a role is granted, at the command line."""
    act = Step(
        line=0,
        mode="live",
        verb="grant role",
        command=GrantRole(principal=principal, role=role, body=body, seat=seat),
        actor=Actor(role=Role.ADMINISTRATOR, authenticated_by=COMMAND_LINE),
    )
    execute_here(placet, organisation, act, f"grant-{principal}-{role}".replace(" ", "-"))
    placet.projections.follow()
