"""The role that an invitation brings: granted beforehand, by an act of the administrator."""

from __future__ import annotations

from domain.access.commands import GrantRole
from domain.access.roles import AccessRole, Identity
from domain.actors import Actor, Role
from domain.cases import Step
from domain.ports.accounts import Invitation
from domain.rules import Refused
from workflows.application import Application


def grant_role(placet: Application, invitation: Invitation, by: Identity) -> None:
    """Record the grant of an invitation, if it has one, as an act of who invites.

    Raises Refused for a grant that cannot be made, and Unavailable.
    """
    if not invitation.role:
        return
    try:
        role = AccessRole(invitation.role)
    except ValueError as error:
        raise Refused("known", f"there is no role {invitation.role!r:.80}") from error
    if invitation.organisation not in placet.queries.record.organisations():
        raise Refused("known", f"there is no organisation {invitation.organisation!r:.80}")
    actor = Actor(
        role=Role.ADMINISTRATOR, principal=by.principal, authenticated_by=by.authenticated_by
    )
    command = GrantRole(
        principal=invitation.principal, role=role, body=invitation.body, seat=invitation.seat
    )
    act = Step(line=0, mode="live", verb="grant role", command=command, actor=actor)
    placet.execute(invitation.organisation, act, f"invitation-{invitation.hash[:32]}")
    placet.projections.follow()
