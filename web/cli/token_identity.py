"""Who acts at the command line: whose token stands in the environment, or nobody by name."""

from __future__ import annotations

import os
from typing import Final

from domain.access.roles import Identity
from domain.rules import require
from workflows.accounts.tokens import ACT, identity_of
from workflows.application import Application

VARIABLE: Final = "PLACET_TOKEN"
"""An environment variable, since the options of a program can be seen by others."""


def identity_of_token(placet: Application) -> Identity | None:
    """The person of the token in the environment; None where there is none.

    Who can write the store can act on it without one; then the record names no person.
    Raises Refused for a token that does not hold, or may only read.
    """
    secret = os.environ.get(VARIABLE, "").strip()
    if not secret:
        return None
    token = placet.accounts.tokens.find(secret)
    require("log-in", token, f"the token in {VARIABLE} is not known, or has expired")
    assert token  # noqa: S101 (required above; the checker of types cannot know)
    require("token-scope", token.scope == ACT, f"the token in {VARIABLE} may read, and not act")
    return identity_of(token)
