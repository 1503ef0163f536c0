"""Who acts at the command line: whose token stands in the environment, or nobody by name."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Final

from msgspec import structs

from domain.access.permissions import ViewKind
from domain.access.roles import Identity
from domain.cases import Step
from domain.rules import require
from workflows.accounts.tokens import ACT, identity_of
from workflows.acts.account_endings import COMMAND_LINE
from workflows.application import Application
from workflows.commands.command_result import CommandResult
from workflows.commands.handler import NO_FILES

VARIABLE: Final = "PLACET_TOKEN"
"""An environment variable, since the options of a program can be seen by others."""


def execute_here(
    placet: Application,
    organisation: str,
    act: Step | Sequence[Step],
    command_id: str,
    files: Mapping[str, bytes] = NO_FILES,
    *,
    seen: int | None = None,
) -> CommandResult:
    """Do an act, or several, as the person who acts at the command line.

    That is the person of the token in the environment, by whose roles it is allowed or refused.
    Who can write the store acts on it without a token too; then the record names no person, and
    says of live acts, where there are accounts, that they were given at the command line. Raises
    what `Application.execute` raises, and Refused for a token that does not hold.
    """
    identity = identity_of_token(placet)
    if identity is None and placet.accounts.in_force:
        act = _entered_here(act) if isinstance(act, Step) else list(map(_entered_here, act))
    return placet.execute(organisation, act, command_id, files=files, seen=seen, identity=identity)


def _entered_here(act: Step) -> Step:
    if act.mode != "live":
        return act
    return structs.replace(act, actor=structs.replace(act.actor, authenticated_by=COMMAND_LINE))


def has_token() -> bool:
    """Whether a token stands in the environment; an empty one is a token that does not hold.

    So a secret that failed to be filled in makes nobody the owner of the store.
    """
    return VARIABLE in os.environ


def identity_of_token(placet: Application, *, reading: bool = False) -> Identity | None:
    """The person of the token in the environment; None where there is none.

    Raises Refused for a token that does not hold, or may only read where that is not enough.
    """
    if not has_token():
        return None
    token = placet.accounts.tokens.find(os.environ[VARIABLE].strip())
    require("log-in", token, f"the token in {VARIABLE} is not known, or has expired")
    assert token  # noqa: S101 (required above; the checker of types cannot know)
    enough = reading or token.scope == ACT
    require("token-scope", enough, f"the token in {VARIABLE} may read, and not act")
    return identity_of(token)


def name_of_token(placet: Application, otherwise: str) -> str:
    """Who does what is noted beside the record: the principal of the token, if there is one."""
    identity = identity_of_token(placet)
    return identity.principal if identity else otherwise


def require_view(placet: Application, organisation: str, kind: ViewKind) -> None:
    """Raise Refused where a token is given whose owner may not see what is of this kind."""
    identity = identity_of_token(placet, reading=True)
    placet.authorization.require_view(organisation, kind, identity, placet.accounts.now())


def require_evidence(placet: Application, organisation: str, window: str, number: int) -> None:
    """Raise Refused where a token is given whose owner may not read the paper of a response."""
    placet.authorization.require_evidence(
        organisation, window, number, identity_of_token(placet, reading=True), placet.accounts.now()
    )


def require_receipt(placet: Application, organisation: str, position: int, *, own: bool) -> None:
    """Raise Refused where a token is given whose owner may not have the receipt of a response."""
    if identity := identity_of_token(placet, reading=True):
        event = placet.queries.record.event(organisation, position)
        at = placet.accounts.now()
        placet.authorization.require_receipt(event, identity, at, own=own)
