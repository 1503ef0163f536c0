"""Options of the server on how long sessions last."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import typer

from workflows.accounts.limits import SessionLimits

Idle = Annotated[
    int,
    typer.Option(
        "--session-idle",
        envvar="PLACET_SESSION_IDLE",
        min=1,
        max=24 * 60,
        help="After how many minutes without a request somebody logs in again.",
    ),
]
Longest = Annotated[
    int,
    typer.Option(
        "--session-longest",
        envvar="PLACET_SESSION_LONGEST",
        min=1,
        max=7 * 24 * 60,
        help="After how many minutes somebody logs in again in any case.",
    ),
]
USUAL = SessionLimits()
IDLE = int(USUAL.idle.total_seconds() // 60)
LONGEST = int(USUAL.absolute.total_seconds() // 60)


def session_limits(idle: int, longest: int) -> SessionLimits:
    """The limits that these minutes say."""
    return SessionLimits(idle=timedelta(minutes=idle), absolute=timedelta(minutes=longest))
